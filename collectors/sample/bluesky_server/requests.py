"""A query to Bluesky, read; and the ways of answering it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from collectors.sample.bluesky_server.records import Json
from collectors.sample.limits import Allowance, Window
from collectors.sample.world import SampleAccount

FORBIDDEN_PAGE = "<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>"
WORDS = {
    400: ("InvalidRequest", "Bad request"),
    401: ("AuthMissing", "Authentication Required"),
    404: ("XRPCNotSupported", "XRPCNotSupported"),
    429: ("RateLimitExceeded", "Rate Limit Exceeded"),
    500: ("InternalServerError", "Internal Server Error"),
    502: ("UpstreamFailure", "Upstream Failure"),
    503: ("NotEnoughResources", "Not Enough Resources"),
    504: ("UpstreamTimeout", "Upstream Timeout"),
}
Row = TypeVar("Row")


class Refused(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.message = message


@dataclass(frozen=True, slots=True)
class Ask:
    """One query: when, by whom, for what. `viewer` None: a stranger."""

    request: Request
    now: datetime
    viewer: SampleAccount | None

    @property
    def query(self) -> QueryParams:
        """The parameters."""
        return self.request.query_params

    def one(self, name: str) -> str:
        """A parameter that must be there."""
        text = self.query.get(name)
        if not text:
            raise Refused(400, "InvalidRequest", f'Error: Params must have the property "{name}"')
        return text

    def several(self, name: str) -> list[str]:
        """A list of up to 25."""
        found = self.query.getlist(name)
        if not found:
            raise Refused(400, "InvalidRequest", f'Error: Params must have the property "{name}"')
        if len(found) > 25:
            raise Refused(400, "InvalidRequest", f"Error: {name} must not have more than 25 elements")
        return list(dict.fromkeys(found))

    def number(self, name: str, usual: int, least: int, most: int) -> int:
        """A number within its bounds; outside them 400."""
        text = self.query.get(name)
        if text is None:
            return usual
        if not text.isdigit():
            raise Refused(400, "InvalidRequest", f"Error: {name} must be an integer")
        if not least <= int(text) <= most:
            word = f"greater than {most}" if int(text) > most else f"less than {least}"
            raise Refused(400, "InvalidRequest", f"Error: {name} can not be {word}")
        return int(text)

    def limit(self, usual: int) -> int:
        """How many are wanted: 1 to 100."""
        return self.number("limit", usual, 1, 100)

    def page(self, rows: Sequence[Row], fits: Callable[[Row], bool]) -> tuple[list[Row], Json]:
        """One page of rows (newest first) that fit, and the cursor: a place counted from the oldest."""
        limit, cursor = self.limit(50), self.query.get("cursor")
        start = 0
        if cursor:
            _, name = place(cursor)
            start = max(0, len(rows) - int(name)) if name.isdigit() else len(rows)
        found: list[Row] = []
        for number in range(start, len(rows)):
            if fits(rows[number]):
                found.append(rows[number])
                if len(found) == limit and number + 1 < len(rows):
                    return found, {"cursor": written(self.now, str(len(rows) - number - 1))}
        return found, {}


def written(at: datetime, name: str) -> str:
    """A place in a list as an opaque cursor."""
    return urlsafe_b64encode(f"{at.isoformat()} {name}".encode()).decode()


def place(cursor: str) -> tuple[datetime, str]:
    """The place behind a cursor."""
    try:
        at, _, name = urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return datetime.fromisoformat(at), name
    except ValueError as broken:
        raise Refused(400, "InvalidRequest", "Malformed cursor") from broken


def answer(body: Any, status: int = 200) -> Response:
    """JSON as XRPC sends it."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, status, media_type="application/json; charset=utf-8")


def failing(status: int, scope: Scope) -> Response:
    """The network's own answer with a status: XRPC errors in JSON; a proxy's in HTML."""
    if status not in WORDS:
        return HTMLResponse(FORBIDDEN_PAGE.replace("403 Forbidden", str(status)), status)
    error, message = WORDS[status]
    response = answer({"error": error, "message": message}, status)
    if status == 429:
        tell(response, Allowance.used_up(Window(3000, 300), scope["now"]))
    return response


def tell(response: Response, left: Allowance) -> None:
    """The four headers; the reset is in UNIX seconds."""
    response.headers["RateLimit-Limit"] = str(left.limit)
    response.headers["RateLimit-Remaining"] = str(left.remaining)
    response.headers["RateLimit-Reset"] = str(int(left.reset_at.timestamp()))
    response.headers["RateLimit-Policy"] = f"{left.limit};w={left.seconds}"
