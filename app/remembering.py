"""A browser's name, asked once and kept in a cookie: claims need an author, and there is no sign-in yet.

The page cannot set a cookie itself, so it shows an invisible image of our own whose answer sets it. The link is signed
with a key of this process: no other page can make a browser call itself something.
"""

import hmac
import secrets
from base64 import b64decode
from urllib.parse import quote, unquote, urlencode

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "mutuals_name"
LONGEST = 40  # characters of a name
_YEAR = 365 * 24 * 60 * 60
_KEY = secrets.token_bytes(32)
_PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def tidy(name: str) -> str:
    """A name as it is kept: printable signs on one line, at most LONGEST of them."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:LONGEST]


def link(name: str) -> str:
    """The address of the image that makes this browser remember the name (an empty one: forget it)."""
    return f"/remember?{urlencode({'name': name, 'sign': _sign(name)})}"


def recall(cookies: dict[str, str]) -> str:
    """The name this browser was given, or ''."""
    return tidy(unquote(cookies.get(COOKIE, "")))


async def remember(request: Request) -> Response:
    """Set the cookie, if the link is one of ours."""
    name, sign = request.query_params.get("name", ""), request.query_params.get("sign", "")
    if not hmac.compare_digest(_sign(name).encode(), sign.encode()):
        return Response(status_code=403)
    answer = Response(_PIXEL, media_type="image/gif", headers={"Cache-Control": "no-store"})
    answer.set_cookie(
        COOKIE,
        quote(tidy(name)),
        max_age=_YEAR if name else 0,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def _sign(name: str) -> str:
    return hmac.digest(_KEY, name.encode(), "sha256").hex()
