"""Who may see what: the organisers' page. Letting people in, taking them out, and who looked."""

import streamlit as st

from app import runtime
from app.auth import access_log
from app.components import page
from app.components.layout import draw_problem, draw_section
from app.editors import roles
from app.ui.markup import tag
from app.ui.words import t
from warehouse.settings.schema import ROLES

page.begin_page_for_all_groups("who_may", t("nav.who_may"))
settings = runtime.current().settings
if settings_error := runtime.current().settings_error:
    draw_problem(t("who_may.mistake"), settings_error)
if not settings.sign_in:
    st.html(tag("p", t("who_may.lead_none"), cls="lead"))
    st.html(tag("p", t("who_may.how"), cls="sub"))
    st.html(tag("ul", *(tag("li", t(f"role_about.{role}")) for role in reversed(ROLES)), cls="places"))
    st.stop()

st.html(tag("p", t("who_may.about"), cls="sub"))
roles.draw_outcome()
draw_section(t("who_may.people"))
roles.draw_roles(settings)
draw_section(t("who_may.add"))
roles.draw_role_form(settings)

draw_section(t("who_may.log"), t("who_may.log_about", days=access_log.KEPT_DAYS))
with st.expander(t("who_may.log"), key="access-log"):
    roles.draw_access_log(settings, runtime.current().clock())
