"""What we use of Streamlit (and of the WebSocket library below it) that is not promised to stay: all of it, and nowhere else.

An upgrade that moves one of these breaks this module and its tests, which say what each is needed for.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit
from google.protobuf.message import DecodeError
from itsdangerous import URLSafeTimedSerializer
from streamlit import net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import (
    _get_signed_cookie_with_chunks,
    _parse_decoded_user_cookie,
    is_host_allowed,
)
from websockets import http11

__all__ = [
    "LOGIN_ROUTES",
    "SIGN_IN_LOGGER",
    "STATIC_FOLDER",
    "USER_COOKIE_NAME",
    "allow_long_headers",
    "cookie_signer",
    "is_host_allowed",
    "keep_address_at_home",
    "message_kind",
    "start_page_html",
    "user_claims",
]

STATIC_FOLDER = (
    Path(streamlit.__file__).parent / "static" / "static"
)  # scripts and style sheets, named by their content
SIGN_IN_LOGGER = "streamlit.web.server.starlette.starlette_auth_routes"
LOGIN_ROUTES = ("/auth/login", "/auth/logout", "/oauth2callback")


def start_page_html() -> str:
    """The page that Streamlit sends before any of ours: its one inline script is allowed by its hash."""
    return (STATIC_FOLDER.parent / "index.html").read_text(encoding="utf-8")


def user_claims(cookies: Mapping[str, str], origin: str) -> Mapping[str, Any]:
    """What the cookie of a sign-in says of somebody; empty where Streamlit did not sign it, or it is another site's."""
    cookie = _get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    return _parse_decoded_user_cookie(cookie, origin) if cookie else {}


def cookie_signer(cookie_name: str) -> URLSafeTimedSerializer:
    """Reads a cookie as Streamlit signs each by itself, the parts of a long one too."""
    return URLSafeTimedSerializer(get_cookie_secret(), salt=cookie_name)


def message_kind(data: bytes) -> tuple[str, str]:
    """What a message on a page's line asks for, and, of an operation, which; ("", "") where it cannot be read."""
    try:
        message = BackMsg.FromString(data)
    except DecodeError:
        return "", ""
    kind = str(message.WhichOneof("type"))
    if kind != "backend_operation_request":
        return kind, ""
    return kind, message.backend_operation_request.WhichOneof("payload") or ""


def keep_address_at_home() -> None:
    """Streamlit asks checkip.amazonaws.com who we are when a stranger's page knocks: it is told beforehand."""
    net_util._external_ip = net_util._internal_ip = "127.0.0.1"


def allow_long_headers() -> None:
    """Of somebody in many groups the provider says much, all of it in cookies: a line would not open beyond 8 kB."""
    http11.MAX_LINE_LENGTH = 65_536
