"""Which items of the queue the person at this browser has seen: what arrives while they read is held back."""

from collections.abc import Iterable

import streamlit as st

_SEEN, _LIST = "known", "known_place"  # keys of the session; nobody else reads or writes them


def seen_items(list_name: str, ids: Iterable[str]) -> set[str]:
    """The ids this person has seen, to be added to; another list than the last one is a first look: all of `ids`."""
    if st.session_state.get(_LIST) != list_name:
        st.session_state[_LIST], st.session_state[_SEEN] = list_name, set(ids)
    seen: set[str] = st.session_state.setdefault(_SEEN, set())
    return seen


def mark_seen(ids: Iterable[str]) -> None:
    """What somebody put on a list themselves is not news to them: it is not held back."""
    st.session_state.setdefault(_SEEN, set()).update(ids)
