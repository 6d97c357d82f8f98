"""Leave somebody out: who asked not to be copied, and what else a person can ask of the group."""

import streamlit as st

from app.components import page
from app.components.layout import draw_problem, draw_section
from app.editors import opt_out
from app.ui.markup import tag
from app.ui.words import t

here = page.begin_page("left_out")
st.html(tag("p", t("left_out.lead"), cls="lead"))
if st.session_state.pop("left_out", False):
    st.html(tag("p", t("left_out.done"), cls="done", role="status"))

with st.form("leave-out", border=True, clear_on_submit=False):
    address = st.text_input(
        t("left_out.label"), placeholder=t("left_out.placeholder"), autocomplete="off", max_chars=300
    )
    st.html(tag("p", t("left_out.what_happens"), cls="small"))
    pressed = st.form_submit_button(t("left_out.button"), type="primary")
if pressed:
    try:
        opt_out.leave_out(here, address)
    except opt_out.UnknownAccount:
        draw_problem(t("left_out.nobody"), t("left_out.nobody_cure"))
    except opt_out.OwnAccount:
        draw_problem(t("left_out.own"))
    else:
        st.session_state["left_out"] = True
        st.rerun()
st.html(tag("p", t("left_out.count", count=opt_out.count_opted_out()), cls="sub"))

draw_section(t("left_out.more"), t("left_out.more_about"))
for what in ("show", "erase", "undo"):
    st.html(tag("p", t(f"left_out.{what}")))
    st.code(t(f"left_out.{what}_command"), language=None, wrap_lines=True)

draw_section(t("left_out.notice"), t("left_out.notice_about"))
st.code(opt_out.privacy_notice(here.group), language=None, wrap_lines=True)
