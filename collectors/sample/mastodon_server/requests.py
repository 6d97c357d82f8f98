"""A request to a Mastodon-API server, read; and the ways of answering it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from collectors.sample.limits import Allowance, Window
from collectors.sample.mastodon_server.known_posts import Page
from collectors.sample.mastodon_server.options import Token
from collectors.sample.world import SampleAccount

PAGING = ("page", "min_id", "max_id", "since_id")
LOGIN_NEEDED = "This method requires an authenticated user"
BAD_TOKEN = "The access token is invalid"  # noqa: S105 - what the server says, not a secret
BAD_SCOPE = "This action is outside the authorized scopes"
NOT_FOUND = "Record not found"
WORDS = {
    400: "Bad request",
    401: BAD_TOKEN,
    403: "This action is not allowed",
    404: NOT_FOUND,
    410: "Gone",
    422: "Validation failed",
    429: "Too many requests",
    503: "There was a temporary problem serving your request, please try again",
}


class Refused(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, error: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: when, by whom, for what. `viewer` None: a stranger, or an app without a user."""

    request: Request
    now: datetime
    token: Token | None
    viewer: SampleAccount | None

    @property
    def query(self) -> QueryParams:
        """The parameters."""
        return self.request.query_params

    def path(self, name: str) -> str:
        """A part of the path."""
        found: str = self.request.path_params[name]
        return found

    def is_true(self, name: str) -> bool:
        """Rails takes everything for true but these."""
        return self.query.get(name, "false").lower() not in ("", "0", "f", "false", "off", "no")

    def ids(self, most: int) -> list[str]:
        """id[]=…, at most so many: more are 422."""
        wanted = list(dict.fromkeys(self.query.getlist("id[]") or self.query.getlist("id")))
        if len(wanted) > most:
            raise Refused(422, "Validation failed: too many ids")
        return wanted

    def page(self, usual: int, most: int) -> Page:
        """Which part of a list is wanted."""
        digits = self.query.get("limit", "").lstrip("-")
        limit = min(int(digits), most) if digits.isdigit() else usual
        return Page(limit, *(self.query.get(name) or None for name in ("max_id", "since_id", "min_id")))

    def user(self, scope: str) -> SampleAccount:
        """Whose token it is; without one 401, without the scope 403, an app's 422."""
        if self.token is None:
            raise Refused(401, BAD_TOKEN)
        if "read" not in self.token.scopes and scope not in self.token.scopes:
            raise Refused(403, BAD_SCOPE)
        if self.viewer is None:
            raise Refused(422, LOGIN_NEEDED)
        return self.viewer

    def links(self, found: Sequence[Any], limit: int, back: str, *, ends_when_short: bool) -> dict[str, str]:
        """The Link header. Feeds offer a next page while there is anything, an account only after a full one."""
        if not found:
            return {}
        kept = [(name, value) for name, value in self.query.multi_items() if name not in PAGING]
        base = str(self.request.url.replace(query=""))

        def url(name: str, value: str) -> str:
            return f"{base}?{urlencode([*kept, (name, value)])}"

        links = [f'<{url(back, found[0].id)}>; rel="prev"']
        if not ends_when_short or len(found) >= limit:
            links.insert(0, f'<{url("max_id", found[-1].id)}>; rel="next"')
        return {"Link": ", ".join(links)}


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON as Mastodon sends it."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, status, headers, "application/json; charset=utf-8")


def failing(status: int, scope: Scope) -> Response:
    """The server's own answer with a status: JSON where Mastodon itself speaks, HTML where its proxy does."""
    if status not in WORDS:
        return HTMLResponse(f"<html><body><h1>{status}</h1><p>nginx</p></body></html>", status)
    response = answer({"error": WORDS[status]}, status)
    if status == 429:
        tell(response, Allowance.used_up(Window(300, 300), scope["now"]))
    return response


def reset(at: datetime) -> str:
    """ISO-8601 with microseconds, as Mastodon writes the reset."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def tell(response: Response, left: Allowance, *, in_seconds: bool = False) -> None:
    """The three headers. GoToSocial gives the reset as a UNIX timestamp."""
    response.headers["X-RateLimit-Limit"] = str(left.limit)
    response.headers["X-RateLimit-Remaining"] = str(left.remaining)
    at = left.reset_at
    response.headers["X-RateLimit-Reset"] = str(int(at.timestamp())) if in_seconds else reset(at)
