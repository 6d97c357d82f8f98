"""What the others call the person at this browser: asked once, kept in a cookie, changed in the side bar."""

from collections.abc import Callable

import streamlit as st

from app import access, remembering, running, signing_in
from app.markup import tag
from app.words import say


def who() -> str:
    """The name this person or, where nobody signs in, this browser goes by, or ''."""
    if running.current().settings.sign_in:
        return access.own_name()
    if "who" not in st.session_state:
        st.session_state["who"] = remembering.recall(dict(st.context.cookies))
    return str(st.session_state["who"])


def sidebar() -> None:
    """The name at the foot of the side bar, and how to change it, or how to sign out."""
    if running.current().settings.sign_in:
        signing_in.sidebar()
        return
    with st.sidebar, st.container(key="naming", gap="xxsmall"):
        name = who()
        if name:
            st.html(tag("p", say("who.you"), " ", tag("strong", name), cls="small"))
        if st.button(say("who.change" if name else "who.give"), key="change-name", type="tertiary"):
            ask()
        if st.session_state.pop("remember", False):
            st.html(tag("img", src=remembering.link(who()), cls="remember", alt=" "))


@st.dialog(say("who.ask"), width="small")
def ask(then: Callable[[], None] | None = None) -> None:
    """Ask for the name, remember it, and carry on with what was pressed."""
    with st.form("name", border=False):
        typed = st.text_input(say("who.label"), value=who(), max_chars=remembering.LONGEST, autocomplete="given-name")
        st.html(tag("p", say("who.why"), cls="small"))
        pressed = st.form_submit_button(say("who.save"), type="primary")
    name = remembering.tidy(typed or "")
    if pressed and name:
        st.session_state["who"] = name
        st.session_state["remember"] = True
        if then:
            then()
        st.rerun()
