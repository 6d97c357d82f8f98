"""A choice kept in the address by its own name, so that a saved link means the same tomorrow.

Streamlit's own binding writes the words that stand on the button (“Dealt with 2”), which change with the number.
"""

from collections.abc import Collection

import streamlit as st


def read_from_url(key: str, options: Collection[str], default: str | None = None) -> None:
    """Before the widget is drawn: what a new address says, else what was chosen before, else `default`."""
    in_url = st.query_params.get(key)
    if in_url in options and (key not in st.session_state or in_url != st.session_state.get(_said(key))):
        st.session_state[key] = in_url
    elif key not in st.session_state:
        st.session_state[key] = default


def write_to_url(key: str, chosen: str | None) -> None:
    """After it: say in the address what was chosen; None: nothing."""
    if chosen is None:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != chosen:
        st.query_params[key] = chosen
    st.session_state[_said(key)] = chosen


def _said(key: str) -> str:
    return f"{key} in the address"
