"""From a press on a button to the casebook: who decided what about which post, and how it is taken back."""

import streamlit as st

from app import naming, running
from app.markup import tag
from app.opening import casebook
from app.words import say
from warehouse.casebook import CasebookConflict, CasebookError

CLAIM, RELEASE = "claim", "release"
IS_REQUEST, NOT_A_REQUEST = "is_request", "not_a_request"
ANSWERED_ELSEWHERE, NO_REPLY_NEEDED = "answered_elsewhere", "no_reply_needed"


def version() -> int:
    """Moves with every decision by anybody."""
    return casebook().version()


def looked_at(drawn: int) -> None:
    """Remember which decisions this person could see, so that two people do not take the same thing on unawares."""
    st.session_state["looked_at"] = drawn


def decide(group_id: str, post_id: str, what: str) -> None:
    """Record a decision under this browser's name, asking for the name first where there is none; then draw anew."""
    seen = st.session_state.get("looked_at")

    def record() -> None:
        try:
            event_id = casebook().record(
                group_id=group_id,
                post_id=post_id,
                who=naming.who(),
                what=what,
                at=running.current().clock(),
                expected_version=seen,
            )
        except CasebookConflict as conflict:
            st.session_state["done"] = (None, say("done.quicker", name=conflict.event.who))
        except CasebookError as error:
            st.session_state["done"] = (None, str(error))
        else:
            st.session_state["done"] = (event_id, say(f"done.{what}"))

    if not naming.who():
        naming.ask(record)
        return
    record()
    st.rerun()


def undo_bar() -> None:
    """What was just done, and the way back."""
    if "done" not in st.session_state:
        return
    event_id, words = st.session_state["done"]
    with st.container(horizontal=True, vertical_alignment="center", key="done"):
        st.html(tag("p", words, cls="done", role="status"), width="content")
        if event_id is not None and st.button(say("waiting.undo"), key="undo", type="tertiary"):
            casebook().undo(event_id, naming.who(), running.current().clock())
            st.session_state["done"] = (None, say("done.undone"))
            st.rerun()
