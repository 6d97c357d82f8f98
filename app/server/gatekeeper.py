"""What comes in at all: for a host that is ours, through the proxy where there is one, not too often; and files only for
whoever may see a page. Pages themselves ask app/auth/permissions.py."""

import hmac
from contextlib import suppress

from itsdangerous import BadData
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from app import runtime
from app.auth.identity import NotLetIn, groups_of
from app.auth.permissions import identity_of_request
from app.rate_limit import exceeds_limit
from app.runtime import Runtime
from app.streamlit_internals import USER_COOKIE_NAME, cookie_signer, is_host_allowed
from warehouse.casebook.mail_preferences import PATH as UNSUBSCRIBE

HEALTH = "/healthz"
PROXY_HEADER = "X-Mutuals-Proxy"
FILES = ("/media/", "/_stcore/upload_file")  # what somebody downloads, and what they hand in
# Streamlit's own, which say how many look and since when, and how a program could: nobody here needs them.
CLOSED = ("/_stcore/metrics", "/_stcore/agent")
_MOST_PARTS = 20
_WITHIN_SECONDS = 5  # the parts of one cookie are signed together
# What a request is, by the start of its path, where there is a limit to how often it may come.
_LIMITED = {
    "/auth/": "sign in",
    "/oauth2callback": "sign in",
    UNSUBSCRIBE: "unsubscribe",
    "/media/": "fetch",
    "/_stcore/upload_file": "hand in",
    "/_stcore/stream": "connect",
}


class Gatekeeper:
    """ASGI middleware: answers in the page's place where a request may not come in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it in, or say why not."""
        if scope["type"] not in ("http", "websocket") or scope["path"] == HEALTH:
            await self.app(scope, receive, send)
            return
        status, why = _refused(HTTPConnection(scope), runtime.current())
        if not status:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
        else:
            more = {"Retry-After": "60"} if status == 429 else {}
            await PlainTextResponse(why, status, more)(scope, receive, send)


def _refused(connection: HTTPConnection, process: Runtime) -> tuple[int, str]:
    """The HTTP status and a sentence; 0 where it may come in."""
    if not is_host_allowed(connection.headers.get("host")):
        return 421, "Mutuals does not answer for that name. Write the dashboard's address: dashboard_url in [app]."
    if connection.url.path.startswith(CLOSED):
        return 404, "There is nothing here."
    if not process.settings.sign_in:
        return 0, ""
    if process.settings.sign_in.header and not _is_from_proxy(connection, process):
        return 403, "Come through the proxy that signs people in."
    if _is_too_often(connection, process):
        return 429, "That was too often. Wait a minute, then try again."
    if _is_pieced_together(connection):
        return 403, "This sign-in is made of pieces of several. Sign out, then sign in again."
    if connection.url.path.startswith(FILES) and not _may_see_anything(connection, process):
        return 403, "Sign in first."
    return 0, ""


def _is_too_often(connection: HTTPConnection, process: Runtime) -> bool:
    what = next((what for start, what in _LIMITED.items() if connection.url.path.startswith(start)), None)
    return what is not None and exceeds_limit(what, _client(connection, process))


def _is_from_proxy(connection: HTTPConnection, process: Runtime) -> bool:
    """Did the proxy send it, which alone knows the secret, and does it say once whom it signed in?

    Two such headers would mean that somebody wrote one of their own, and that the proxy added to it instead of replacing it.
    """
    secret = connection.headers.get(PROXY_HEADER, "")
    is_proxy = hmac.compare_digest(secret.encode(), process.settings.secrets.sign_in.encode())
    return is_proxy and len(connection.headers.getlist(process.settings.sign_in.header)) <= 1


def _is_pieced_together(connection: HTTPConnection) -> bool:
    """Are the parts of the sign-in's cookie from different sign-ins? Streamlit signs each of a long one's parts by itself.

    Somebody could so keep what the provider once said of them, and the time of a later sign-in. The way out stays open.
    """
    if connection.url.path.startswith("/auth/"):
        return False
    signed_at = []
    for name in (USER_COOKIE_NAME, *(f"{USER_COOKIE_NAME}_{part}" for part in range(1, _MOST_PARTS + 1))):
        if name in connection.cookies:
            with suppress(BadData):  # one that nobody signed is none to Streamlit either
                secret, at = cookie_signer(name).loads(connection.cookies[name], return_timestamp=True)
                signed_at.append(at)
                if name == USER_COOKIE_NAME and not str(secret).startswith("chunks-"):
                    return False
    return bool(signed_at) and (max(signed_at) - min(signed_at)).total_seconds() > _WITHIN_SECONDS


def _client(connection: HTTPConnection, process: Runtime) -> str:
    """Whose address it is. Only a proxy that proved itself is believed that it asks for somebody else."""
    forwarded = connection.headers.getlist("x-forwarded-for")[-1:] if process.settings.sign_in.header else []
    return "".join(forwarded).rpartition(",")[2].strip() or (connection.client.host if connection.client else "?")


def _may_see_anything(connection: HTTPConnection, process: Runtime) -> bool:
    try:
        who = identity_of_request(connection, process)
    except NotLetIn:
        return False
    return bool(groups_of(who, "trustee", process.settings, process.clock()))
