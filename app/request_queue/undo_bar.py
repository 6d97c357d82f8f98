"""The bar above the queue: what was just decided, and the way back."""

import streamlit as st

from app.auth import display_name
from app.data import decisions
from app.ui.markup import tag
from app.ui.words import t


def draw_undo_bar() -> None:
    """What was just done, and the way back; before that, the name of who did it."""
    if pressed := st.session_state.pop("pressed", None):
        display_name.ask_for_name(lambda: decisions.record(*pressed))
    if "done" not in st.session_state:
        return
    what, words = st.session_state["done"]
    with st.container(horizontal=True, vertical_alignment="center", key="done"):
        st.html(tag("p", words, cls="done", role="status"), width="content")
        if what:
            st.button(t("waiting.undo"), key="undo", type="tertiary", on_click=decisions.undo, args=what)
