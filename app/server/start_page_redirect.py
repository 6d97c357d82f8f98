"""The page that somebody sees first has no name of its own in Streamlit: a link that names it leads to where it is."""

from starlette.datastructures import URL
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app import runtime
from app.auth import permissions
from app.auth.identity import LOCAL, NotLetIn
from app.auth.permissions import identity_of_request


class StartPageRedirect:
    """ASGI middleware: /waiting is /, and for a trustee so is /summary, with whatever the address asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead on from the first page's name; pass everything else."""
        view = scope["path"].strip("/") if scope["type"] == "http" and scope["method"] == "GET" else ""
        if view in permissions.ROLE_NEEDED and view == _first(HTTPConnection(scope)):
            home = URL(path="/", query=scope["query_string"].decode("latin-1"))
            await RedirectResponse(str(home), 302, {"Cache-Control": "no-store"})(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _first(asked: HTTPConnection) -> str:
    """The first page that is open to whoever asks; "" where none is."""
    process = runtime.current()
    if not process.settings.groups:
        return ""
    try:
        who = identity_of_request(asked, process) if process.settings.sign_in else LOCAL
    except NotLetIn:
        return ""
    return next((view for view in permissions.ROLE_NEEDED if permissions.may_see_page(who, view)), "")
