"""The way to the provider, back and out: the door says what did not work, and a sign-in that was given back ends everywhere."""

import logging
import re
from contextlib import suppress
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import runtime
from app.auth import permissions
from app.auth.identity import NotLetIn
from app.auth.permissions import identity_of_request
from app.streamlit_internals import LOGIN_ROUTES, USER_COOKIE_NAME

log = logging.getLogger(__name__)

LOGIN, LOGOUT, CALLBACK = LOGIN_ROUTES
ASKED = "sign_in"  # the parameter by which the door is told
_A_CODE = re.compile(r"[a-z_]{3,40}")  # access_denied and the like
FAILED = f"/?{ASKED}=failed"


class OidcCallback:
    """ASGI middleware around Streamlit's own routes of signing in: they answer a failure with a bare word, or with nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; send whoever was not let in to the door with a word on why."""
        path = scope["path"] if scope["type"] == "http" else ""
        if path == LOGOUT:
            _give_back(scope)
        if path not in (LOGIN, CALLBACK):
            await self.app(scope, receive, send)
            return
        query = parse_qs(scope["query_string"].decode("latin-1")) if path == CALLBACK else {}
        if refused := _refused(query):
            log.warning("a sign-in failed: %s", refused)
            await RedirectResponse(FAILED, 302)(scope, receive, send)
            return
        await self.app(scope, receive, _saying(send, is_answer="code" in query))


def _saying(send: Send, *, is_answer: bool) -> Send:
    """`is_answer`: the provider answered, and so somebody must be signed in now; else only an error is a failure."""
    is_failed = False

    async def say(message: Message) -> None:
        nonlocal is_failed
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            is_failed = message["status"] >= 400 or (is_answer and not _signs_in(headers))
            if is_failed:
                message["status"] = 302
                headers["Location"] = FAILED
                headers["Content-Length"] = "0"
        elif is_failed:
            message["body"] = b""
        await send(message)

    return say


def _signs_in(headers: MutableHeaders) -> bool:
    return any(
        line.startswith(f"{USER_COOKIE_NAME}=") and "Max-Age=0" not in line for line in headers.getlist("set-cookie")
    )


def _refused(query: dict[str, list[str]]) -> str:
    """Why this answer is not even handed on; "" where it is. Streamlit would log whatever it says, people's addresses too."""
    if any(one.rstrip("/") != runtime.current().settings.sign_in.provider for one in query.get("iss", [])):
        return "another provider answered"  # it may say who it is (RFC 9207); then it must be ours
    if "error" in query:
        code = query["error"][0]
        return f"the provider says {code}" if _A_CODE.fullmatch(code) else "the provider says no"
    return ""


def _give_back(scope: Scope) -> None:
    with suppress(NotLetIn):  # nobody was signed in
        permissions.sign_out(identity_of_request(HTTPConnection(scope), runtime.current()))
