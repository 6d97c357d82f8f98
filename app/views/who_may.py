"""Who may see what: the organisers' page. Letting people in, taking them out, and who looked."""

import streamlit as st

from app import letting_in, page, running, viewing
from app.markup import tag
from app.words import say
from warehouse.settings_kinds import ROLES

page.begin_for_all_groups("who_may", say("nav.who_may"))
settings = running.current().settings
if mistake := running.current().mistake:
    page.problem(say("who_may.mistake"), mistake)
if not settings.sign_in:
    st.html(tag("p", say("who_may.lead_none"), cls="lead"))
    st.html(tag("p", say("who_may.how"), cls="sub"))
    st.html(tag("ul", *(tag("li", say(f"role_about.{role}")) for role in reversed(ROLES)), cls="places"))
    st.stop()

st.html(tag("p", say("who_may.about"), cls="sub"))
letting_in.done_line()
page.section(say("who_may.people"))
letting_in.lines(settings)
page.section(say("who_may.add"))
letting_in.form(settings)

page.section(say("who_may.log"), say("who_may.log_about", days=viewing.KEPT_DAYS))
with st.expander(say("who_may.log"), key="access-log"):
    letting_in.log(settings, running.current().clock())
