"""The one place every request to a Mastodon-API server goes through: budget, deadline, limits, and the raw answer.

Mastodon.py takes a requests.Session of ours. It builds the requests, follows the paging links and names the faults.
The items it does not need to see: turning one post into its classes takes 3 ms (measured), so the session keeps the
JSON for our own validation and hands on an answer of the same kind without items. Rate limit headers stop here too,
because an unreadable one makes the library raise on a good answer.
"""

import io
import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from pydantic_core import from_json

from collectors.fetch_types import FetchFailed

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
_LARGEST_BODY = 32 * 1024 * 1024
_REDIRECTS = 3
_PAGED = ("page", "min_id", "max_id", "since_id")
_KEPT_HEADERS = ("Link",)


class Http(requests.Session):
    """A session that asks the budget before each request, reports limits after it, and keeps the last answer's JSON."""

    def __init__(
        self,
        url: str,
        *,
        spend: Callable[[bool], None],
        limits: Callable[[int | None, datetime | None], None],
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        # Proxies and certificates of the environment, looked up once instead of at every request (0.5 ms each).
        found = self.merge_environment_settings(url, {}, None, None, None)
        self.proxies, self.verify, self.trust_env = found["proxies"], found["verify"], False
        self._spend = spend
        self._limits = limits
        self._now = now
        self._monotonic = monotonic
        self._until = monotonic() + READ_SECONDS
        self.answer: Any = None  # the JSON of the last good answer
        self.resets_at: datetime | None = None
        self.refresh_seconds: float | None = None  # the server fetches replies elsewhere: ask again after that long
        self.stale: timedelta = timedelta()  # the oldest answer since `start`

    def start(self, seconds: float) -> None:
        """Begin a piece of work that may take that many seconds in all."""
        self._until = self._monotonic() + seconds
        self.stale = timedelta()

    def seconds_left(self) -> float:
        """How long the present piece of work may still take."""
        return self._until - self._monotonic()

    def request(self, method: str, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """As requests does it, streamed under the deadline. Raises FetchFailed, which Mastodon.py wraps."""
        if method.upper() not in ("GET", "HEAD"):
            raise FetchFailed("closed", "Mutuals only ever reads: this request is not sent")
        params = kwargs.get("params") or {}
        is_paged = any(name in params for name in _PAGED)
        self.answer = self.resets_at = self.refresh_seconds = None
        kwargs |= {"stream": True, "allow_redirects": False, "timeout": self._timeout()}
        self._spend(is_paged)
        response = super().request(method, url, *args, **kwargs)
        for _ in range(_REDIRECTS):
            if response.next is None:
                break
            onward = _same_host(response)
            response.close()
            self._spend(is_paged)
            response = self.send(onward, stream=True, allow_redirects=False, timeout=self._timeout())
        try:
            if response.next is not None:
                raise FetchFailed("broken", "the server sends us round in circles")
            self._note(response.headers)
            return self._light(response, self._body(response))
        finally:
            response.close()

    def _timeout(self) -> tuple[float, float]:
        left = self.seconds_left()
        if left <= 0:
            raise FetchFailed("down", "the server took too long")
        return min(CONNECT_SECONDS, left), min(READ_SECONDS, left)

    def _body(self, response: requests.Response) -> bytes:
        """Read as it comes, so that a server that drips single bytes meets the deadline too."""
        body = bytearray()
        while chunk := response.raw.read1(1 << 18, decode_content=True):
            body += chunk
            if len(body) > _LARGEST_BODY:
                raise FetchFailed("broken", "the server's answer is far too long")
            self._timeout()
        return bytes(body)

    def _light(self, response: requests.Response, body: bytes) -> requests.Response:
        """The same answer for the library, without the items."""
        light = requests.Response()
        light.status_code = response.status_code
        light.reason = response.reason
        light.url = response.url
        light.request = response.request
        light.encoding = "utf-8"  # else it is guessed, slowly
        for name in _KEPT_HEADERS:
            if name in response.headers:
                light.headers[name] = response.headers[name]
        rest = b"{}"
        if response.ok:
            try:
                self.answer = _read(body)
                rest = b"[]" if isinstance(self.answer, list) else rest
            except (ValueError, RecursionError):
                rest = b"not JSON"  # not the body itself: the library would put it into its error's text
        light.raw = io.BytesIO(rest)
        return light

    def _note(self, headers: Mapping[str, str]) -> None:
        now = self._now()
        sent_at = _http_date(headers.get("Date"))
        self.resets_at = _reset(headers.get("X-RateLimit-Reset"), sent_at, now)
        remaining = headers.get("X-RateLimit-Remaining", "")
        self._limits(int(remaining) if re.fullmatch(r"\d{1,9}", remaining) else None, self.resets_at)
        age = headers.get("Age", "")
        ages = [timedelta(seconds=int(age))] if re.fullmatch(r"\d{1,9}", age) else []
        self.stale = max([self.stale, *ages, *([now - sent_at] if sent_at else [])])
        retry = re.search(r"\bretry=(\d{1,4})\b", headers.get("Mastodon-Async-Refresh", ""))
        self.refresh_seconds = float(retry[1]) if retry else None


def _read(body: bytes) -> Any:
    """The parser that comes with atproto takes half the time of Python's own, but refuses half a surrogate pair and depth."""
    try:
        return from_json(body)
    except ValueError:
        return json.loads(body)


def _same_host(response: requests.Response) -> requests.PreparedRequest:
    """A redirect on the same host and port (a slash), or to its https. Any other place is one that nobody configured."""
    onward = response.next
    assert onward is not None  # noqa: S101 asked by the caller
    old, new = urlsplit(response.url), urlsplit(onward.url or "")
    if (new.scheme, new.hostname, _port(new)) not in (
        (old.scheme, old.hostname, _port(old)),
        ("https", old.hostname, 443),
    ):
        raise FetchFailed(
            "broken",
            "the server sends us on to another address",
            cure="Open the server in a browser; if its address has changed, set url under [[servers]] in mutuals.toml.",
        )
    return onward


def _port(parts: SplitResult) -> int | None:
    """The port that an address leads to; None when it names none that there can be."""
    try:
        return parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return None


def _http_date(value: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(value) if value else None
    except (TypeError, ValueError):
        return None
    return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC) if date else None


def _reset(value: str | None, sent_at: datetime | None, now: datetime) -> datetime | None:
    """When the limit's window ends, by our clock. ISO-8601; GoToSocial sends seconds since 1970. None: unreadable."""
    if not value:
        return None
    try:
        at = datetime.fromtimestamp(int(value), UTC) if value.isdigit() else datetime.fromisoformat(value)
        at = at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return now + (at - sent_at) if sent_at else at
