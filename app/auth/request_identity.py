"""Whose request it is, before any page runs: by the cookie that Streamlit signed, or by the proxy's header."""

from starlette.requests import HTTPConnection
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import (
    _get_signed_cookie_with_chunks,
    _parse_decoded_user_cookie,
)

from app.auth import permissions
from app.auth.identity import Identity
from app.runtime import Runtime


def identity_of_request(asked: HTTPConnection, now: Runtime) -> Identity:
    """Who asks, by the cookie that Streamlit signed or by the proxy's header. Raises NotLetIn."""
    sign_in = now.settings.sign_in
    if sign_in.header:
        return permissions.identity_from({"email": asked.headers.get(sign_in.header)}, now)
    told = _get_signed_cookie_with_chunks(dict(asked.cookies), USER_COOKIE_NAME)
    claims = _parse_decoded_user_cookie(told, now.settings.dashboard_url) if told else {}
    return permissions.identity_from(claims, now)
