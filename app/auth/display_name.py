"""What the others call the person at this browser: claims need an author. Asked once, kept in a cookie, changed in the side bar.

Where people sign in, the sign-in says it. A page cannot set a cookie itself, so it shows an invisible image of our own whose
answer sets it. The link is signed with a key of this process: no other page can make a browser call itself something.
"""

import hmac
import secrets
from base64 import b64decode
from collections.abc import Callable
from urllib.parse import quote, unquote, urlencode

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response

from app import runtime
from app.auth import permissions, sign_in_page
from app.ui.markup import tag
from app.ui.words import t

COOKIE = "mutuals_name"
MAX_LENGTH = 40  # characters of a name
_YEAR = 365 * 24 * 60 * 60
_KEY = secrets.token_bytes(32)
_PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def tidy_name(name: str) -> str:
    """A name as it is kept: printable signs on one line, at most LONGEST of them."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:MAX_LENGTH]


def cookie_image_url(name: str) -> str:
    """The address of the image that makes this browser remember the name (an empty one: forget it)."""
    return f"/remember?{urlencode({'name': name, 'sign': _sign(name)})}"


def name_in_cookies(cookies: dict[str, str]) -> str:
    """The name this browser was given, or ''."""
    return tidy_name(unquote(cookies.get(COOKIE, "")))


async def set_name_cookie(request: Request) -> Response:
    """Set the cookie, if the link is one of ours."""
    name, sign = request.query_params.get("name", ""), request.query_params.get("sign", "")
    if not hmac.compare_digest(_sign(name).encode(), sign.encode()):
        return Response(status_code=403)
    answer = Response(_PIXEL, media_type="image/gif", headers={"Cache-Control": "no-store"})
    answer.set_cookie(
        COOKIE,
        quote(tidy_name(name)),
        max_age=_YEAR if name else 0,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def _sign(name: str) -> str:
    return hmac.digest(_KEY, name.encode(), "sha256").hex()


def current_name() -> str:
    """The name this person or, where nobody signs in, this browser goes by, or ''."""
    if runtime.current().settings.sign_in:
        return permissions.signed_in_name()
    if "who" not in st.session_state:
        st.session_state["who"] = name_in_cookies(dict(st.context.cookies))
    return str(st.session_state["who"])


def draw_in_side_bar() -> None:
    """The name at the foot of the side bar, and how to change it, or how to sign out."""
    if runtime.current().settings.sign_in:
        sign_in_page.draw_sign_out()
        return
    with st.sidebar, st.container(key="naming", gap="xxsmall"):
        name = current_name()
        if name:
            st.html(tag("p", t("who.you"), " ", tag("strong", name), cls="small"))
        if st.button(t("who.change" if name else "who.give"), key="change-name", type="tertiary"):
            ask_for_name()
        if st.session_state.pop("remember", False):
            st.html(tag("img", src=cookie_image_url(current_name()), cls="remember", alt=" "))


@st.dialog(t("who.ask"), width="small")
def ask_for_name(then: Callable[[], None] | None = None) -> None:
    """Ask for the name, remember it, and carry on with what was pressed."""
    with st.form("name", border=False):
        typed = st.text_input(t("who.label"), value=current_name(), max_chars=MAX_LENGTH, autocomplete="given-name")
        st.html(tag("p", t("who.why"), cls="small"))
        pressed = st.form_submit_button(t("who.save"), type="primary")
    name = tidy_name(typed or "")
    if pressed and name:
        st.session_state["who"] = name
        st.session_state["remember"] = True
        if then:
            then()
        st.rerun()
