"""From a press on a button to the casebook: who decided what about which post, and how it is taken back."""

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from app import runtime
from app.auth import display_name
from app.auth.permissions import NotAllowed
from app.data.readers import casebook_for
from app.data.seen_items import mark_seen
from app.ui.words import t
from warehouse.casebook.events import CasebookConflict, CasebookError


def casebook_version() -> int:
    """Moves with every decision by anybody."""
    return casebook_for(()).version()


def remember_version(drawn: int) -> None:
    """Remember which decisions this person could see, so that two people do not take the same thing on unawares."""
    st.session_state["looked_at"] = drawn


def record_press(group_ids: Collection[str], post_id: str, what: str, detail: Mapping[str, Any] | None = None) -> None:
    """Record what a button says. For on_click: it counts also where the card has gone from the page meanwhile.

    Whoever has no name yet is asked for it first, by request_queue/undo_bar.py.
    """
    if display_name.current_name():
        record(group_ids, post_id, what, detail)
    else:
        st.session_state["pressed"] = (group_ids, post_id, what, detail)


def record(group_ids: Collection[str], post_id: str, what: str, detail: Mapping[str, Any] | None = None) -> None:
    """Put a decision into the casebook under this browser's name, for each group, and say what came of it."""
    try:
        event_ids = casebook_for(group_ids).record_for(
            group_ids,
            post_id=post_id,
            who=display_name.current_name(),
            what=what,
            at=runtime.current().clock(),
            detail=detail,
            expected_version=st.session_state.get("looked_at"),
        )
    except CasebookConflict as conflict:
        did = t(f"did.{conflict.event.what}")
        st.session_state["done"] = ((), t("done.quicker", name=conflict.event.who, did=did))
    except (CasebookError, NotAllowed) as error:
        st.session_state["done"] = ((), str(error))
    else:
        st.session_state["done"] = ((group_ids, event_ids), t(f"done.{what}"))
        mark_seen([post_id])


def undo(group_ids: Collection[str], event_ids: Collection[int]) -> None:
    """Take recorded decisions back, for each group, and say so."""
    try:
        for event_id in event_ids:
            casebook_for(group_ids).undo(event_id, display_name.current_name(), runtime.current().clock())
    except (CasebookError, NotAllowed) as error:
        st.session_state["done"] = ((), str(error))
    else:
        st.session_state["done"] = ((), t("done.undone"))
