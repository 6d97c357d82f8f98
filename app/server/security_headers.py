"""Security headers on every answer: no other host is called, nobody frames us, nothing is guessed."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from app.streamlit_internals import start_page_html
from warehouse.casebook.mail_preferences import PATH


@cache
def content_security_policy() -> str:
    """The Content-Security-Policy. Streamlit's one inline script is allowed by its hash, and no other.

    Styles must be allowed inline (Streamlit writes them from the browser); scripts from a string (eval) are not.
    """
    inline = re.findall(r"<script>(.*?)</script>", start_page_html(), flags=re.DOTALL)
    hashes = " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in inline)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "frame-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


# Some services between a browser and a web server keep every .zip and .pdf for whoever asks next, without a sign-in.
_DOWNLOADS = "/media/"


def _is_from_elsewhere(scope: Scope) -> bool:
    """Does a page of another origin open our line or send us something? Another port of this computer is another origin:
    whatever program listens there could otherwise read the dashboard through the reader's browser."""
    if scope["type"] == "http" and (scope["method"] in ("GET", "HEAD") or scope["path"] == PATH):
        return False  # the link in the weekly mail is its own proof: a mail program's page presses it too
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2].lower() != headers.get("host", "").lower()


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose(code=1008)(scope, receive, send)
    else:
        await PlainTextResponse("This is not where that page comes from.", status_code=403)(scope, receive, send)


def _only_over_https(message: Message) -> None:
    """Cookies that the browser never sends in clear: Streamlit leaves that out of those of the sign-in."""
    message["headers"] = [
        (name, value + b"; Secure" if name.lower() == b"set-cookie" and b"; secure" not in value.lower() else value)
        for name, value in message["headers"]
    ]


class SecurityHeaders:
    """ASGI middleware: the headers above on everything that leaves."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self.app = app
        self.is_https = is_https  # people reach us over https, through whatever stands before us

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the start of each HTTP answer; refuse what a page of another origin sends."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if _is_from_elsewhere(scope):
            await _refuse(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = content_security_policy()
                headers["X-Frame-Options"] = "DENY"
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
                if scope["path"].startswith(_DOWNLOADS):
                    headers["Cache-Control"] = "no-store"
                if self.is_https:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
                    _only_over_https(message)
            await send(message)

        await self.app(scope, receive, send_with_headers)
