"""What arrives while somebody reads is held back behind a button, so that the page does not move under their eyes."""

from collections.abc import Collection

import pandas as pd
import streamlit as st

from app.words import say


def back(rows: pd.DataFrame, place: str) -> pd.DataFrame:
    """The rows this person has seen, with a button for the others. All of them on a first look, or where nothing is left.

    `place` names the list: another one is a first look again.
    """
    ids = set(rows["post_id"].astype(str))
    if st.session_state.get("known_place") != place:
        st.session_state["known_place"], st.session_state["known"] = place, set(ids)
    known: set[str] = st.session_state.setdefault("known", set())
    fresh = unseen(ids, known)
    if fresh:
        pressed = st.button(say("waiting.new", count=len(fresh)), key="show-new")
        if not pressed:
            return rows[rows["post_id"].astype(str).isin(known)]
        known |= fresh
        st.rerun()
    known |= ids
    return rows


def unseen(ids: Collection[str], known: Collection[str]) -> set[str]:
    """Which are new; none where nothing known is left to read."""
    fresh = set(ids) - set(known)
    return fresh if set(ids) & set(known) else set()
