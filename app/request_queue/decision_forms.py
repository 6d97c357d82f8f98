"""Dialogs for the decisions that need more than a press: answered elsewhere, hand over, note."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from app.auth import display_name
from app.auth.display_name import tidy_name
from app.components.page_context import PageContext
from app.data import decisions
from app.data.readers import casebook_for
from app.ui.markup import tag
from app.ui.words import t
from warehouse.casebook.decisions import WAYS

LONGEST_NOTE = 500  # characters


def open_form(here: PageContext, post_id: str, what: str) -> None:
    """Have the dialog of FORMS[what] opened when the page is drawn. For on_click."""
    st.session_state["asking"] = (here, post_id, what)


def draw_open_form() -> None:
    """Open what was asked for; whoever has no name yet is asked for that first."""
    if asked := st.session_state.pop("asking", None):
        here, post_id, what = asked
        if display_name.current_name():
            FORMS[what](here, post_id)
        else:
            display_name.ask_for_name(lambda: open_form(here, post_id, what))


def _decide(here: PageContext, post_id: str, what: str, detail: dict[str, str]) -> None:
    decisions.record(here.group_ids(), post_id, what, detail)
    st.rerun()


@st.dialog(t("ask.elsewhere"), width="small")
def _elsewhere(here: PageContext, post_id: str) -> None:
    zone = ZoneInfo(here.group.timezone)
    local = here.now.astimezone(zone)
    with st.form("elsewhere", border=False):
        way = st.radio(t("ask.way"), WAYS, format_func=lambda name: t(f"way.{name}"))
        with st.container(horizontal=True):
            day = st.date_input(t("ask.day"), local.date(), max_value=local.date(), format="DD/MM/YYYY")
            clock = st.time_input(t("ask.time"), local.time().replace(second=0, microsecond=0))
        st.html(tag("p", t("ask.elsewhere_why"), cls="small"))
        if st.form_submit_button(t("ask.save"), type="primary"):
            at = min(datetime.combine(day, clock or local.time(), zone), here.now)
            _decide(here, post_id, "answered_elsewhere", {"reason": way, "at": at.isoformat()})


@st.dialog(t("ask.hand_over"), width="small")
def _hand_over(here: PageContext, post_id: str) -> None:
    recorded_names = (name for group_id in here.group_ids() for name in casebook_for([group_id]).names(group_id))
    names = [name for name in dict.fromkeys(recorded_names) if name != display_name.current_name()]
    with st.form("hand-over", border=False):
        to = st.selectbox(t("ask.to"), names, index=None, accept_new_options=True, placeholder=t("ask.to_placeholder"))
        text = st.text_area(t("ask.note"), max_chars=LONGEST_NOTE, placeholder=t("ask.note_placeholder"))
        st.html(tag("p", t("ask.hand_over_why", count=here.group.promise_hours), cls="small"))
        if st.form_submit_button(t("ask.hand"), type="primary"):
            if not tidy_name(to or ""):
                st.html(tag("p", t("ask.nobody"), cls="problem", role="alert"))
                return
            until = here.now + timedelta(hours=here.group.promise_hours)
            detail = {"to": tidy_name(to or ""), "text": (text or "").strip(), "until": until.isoformat()}
            _decide(here, post_id, "hand_over", detail)


@st.dialog(t("ask.write_note"), width="small")
def _note(here: PageContext, post_id: str) -> None:
    with st.form("note", border=False):
        text = st.text_area(t("ask.note"), max_chars=LONGEST_NOTE)
        st.html(tag("p", t("ask.note_why"), cls="small"))
        if st.form_submit_button(t("ask.save"), type="primary") and (text or "").strip():
            _decide(here, post_id, "note", {"text": (text or "").strip()})


FORMS = {"answered_elsewhere": _elsewhere, "hand_over": _hand_over, "note": _note}
