"""Keyboard shortcuts of the queue: what each key does, a switch to turn them off, and the script that listens (keyboard.js).

The script is our own file from our own host, so the policy in app/server/security_headers.py stays as strict as it is.
"""

from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse

from app.ui.markup import join_html, tag
from app.ui.words import t

PATH = "/keyboard.js"
LISTENING = f'<p class="keys-on"></p><script src="{PATH}"></script>'  # the one script that a page of ours brings
_KEYS = {"j": "next", "k": "before", "Enter": "open", "c": "claim", "?": "these"}


async def serve_script(_: Request) -> FileResponse:
    """The script, checked for a newer one at each visit."""
    return FileResponse(
        Path(__file__).with_name("keyboard.js"), media_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


def draw_keys() -> None:
    """What the keys do, folded; with the switch, because single letters get in the way of speech control."""
    with st.container(key="keys-box"), st.popover(t("keys.title"), type="tertiary"):
        lines = (join_html(tag("dt", tag("kbd", key)), tag("dd", t(f"keys.{name}"))) for key, name in _KEYS.items())
        st.html(tag("dl", *lines, cls="keys"))
        is_on = st.toggle(t("keys.on"), value=True, key="keys", bind="query-params")
    if is_on:
        st.html(LISTENING, unsafe_allow_javascript=True)
