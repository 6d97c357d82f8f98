"""From a press on a button to the casebook: who decided what about which post, and how it is taken back."""

import streamlit as st
from warehouse.casebook import Casebook, open_casebook

from app import naming, running
from app.markup import tag
from app.words import say

CLAIM, RELEASE = "claim", "release"
IS_REQUEST, NOT_A_REQUEST = "is_request", "not_a_request"
ANSWERED_ELSEWHERE, NO_REPLY_NEEDED = "answered_elsewhere", "no_reply_needed"


@st.cache_resource(show_spinner=False, max_entries=2)
def _casebook(place: str) -> Casebook:  # noqa: ARG001  the place is the cache's key
    return open_casebook(running.current().settings)


def casebook() -> Casebook:
    """The one casebook of this process."""
    return _casebook(str(running.current().settings.data_dir))


def version() -> str:
    """Changes with every decision by anybody."""
    return str(casebook().version())


def decide(group_id: str, post_id: str, what: str) -> None:
    """Record a decision under this browser's name, asking for the name first where there is none; then draw anew."""

    def record() -> None:
        event_id = casebook().record(
            group_id=group_id, post_id=post_id, who=naming.who(), what=what, at=running.current().clock()
        )
        st.session_state["done"] = (event_id, what)

    if not naming.who():
        naming.ask(record)
        return
    record()
    st.rerun()


def undo_bar() -> None:
    """What was just done, and the way back."""
    if "done" not in st.session_state:
        return
    event_id, what = st.session_state["done"]
    with st.container(horizontal=True, vertical_alignment="center", key="done"):
        st.html(tag("p", "✓ ", say(f"done.{what}"), cls="done", role="status"), width="content")
        if what != "undone" and st.button(say("waiting.undo"), key="undo", type="tertiary"):
            casebook().undo(event_id, naming.who())
            st.session_state["done"] = (None, "undone")
            st.rerun()
