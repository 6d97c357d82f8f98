"""The one place through which every request to a Bluesky service goes: what may be asked, of whom, how often, how long.

Mutuals never posts, likes, follows or marks as read. An app password cannot be made read-only, so the list below is the
lock: a request for anything else is refused before it leaves, also when the SDK itself makes it.
"""

import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx
from atproto_client.client.client import Client as SdkClient
from atproto_client.models.dot_dict import DotDict
from atproto_client.request import Request

from collectors.bluesky.errors import error_name, explain_failure
from collectors.fetch_types import FetchFailed


def is_public(url: str) -> bool:
    """Whether this is https at a named host, on the usual port, whose every address is a public one.

    A name that cannot be looked up here (behind a proxy) passes: a connection to it would not leave this computer either.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https" or port not in (None, 443) or parts.username is not None or "." not in host:
        return False
    if host.rpartition(".")[2] in ("localhost", "local", "internal", "lan", "home", "arpa"):
        return False
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except OSError:
        return True
    return all(ip_address(address.partition("%")[0]).is_global for address in found)


READING = frozenset(
    {
        "app.bsky.actor.getProfile",
        "app.bsky.actor.getProfiles",
        "app.bsky.feed.getAuthorFeed",
        "app.bsky.feed.getPosts",
        "app.bsky.feed.getPostThread",
        "app.bsky.feed.getQuotes",
        "app.bsky.feed.getRepostedBy",
        "app.bsky.feed.searchPosts",
        "app.bsky.notification.listNotifications",
        "com.atproto.repo.getRecord",
    }
)
SIGNING_IN = frozenset({"com.atproto.server.createSession", "com.atproto.server.refreshSession"})

_CONNECT_SECONDS, _READ_SECONDS = 5.0, 20.0
_LARGEST_ANSWER = 32 * 1024 * 1024  # bytes; a full page is 0.3 MB

Params = Mapping[str, str | int | list[str] | None]


@dataclass(slots=True)
class Wire:
    """The rules for talking to one service, kept in httpx hooks so that redirects and the SDK's own calls obey them.

    `spend(is_paged)` is asked before each request and may refuse; `limits(remaining, reset_at)` hears what the answer
    says, scaled to `limit` (what the budget counts with). Sign-ins have a small limit of their own,
    which is not the budget's.
    """

    url: str
    user_agent: str
    spend: Callable[[bool], None]
    limits: Callable[[int | None, datetime | None], None]
    now: Callable[[], datetime]
    limit: int = 300  # requests in the budget's window
    hosts: set[str] = field(default_factory=set)
    monotonic: Callable[[], float] = time.monotonic
    deadline: float = float("inf")  # by monotonic()
    bytes_count: int = 0
    last: httpx.Response | None = None
    error: str = ""  # the name of the XRPC error that the last query ended in ("ExpiredToken")

    def __post_init__(self) -> None:
        self.allow(self.url)

    @property
    def status(self) -> int | None:
        """The HTTP status of the last answer."""
        return self.last.status_code if self.last is not None else None

    @property
    def name(self) -> str:
        """The service in words for a person."""
        return urlsplit(self.url).netloc

    def allow(self, url: str) -> None:
        """Let this address be asked too (the PDS that a sign-in names). Plain http is for this machine only."""
        parts = httpx.URL(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.host in _LOOPBACK):
            raise FetchFailed(
                "broken",
                f"{parts.host or 'the address'} is not reached over https",
                cure="Use an https:// address in [bluesky]; plain http is accepted for this machine only.",
            )
        self.hosts.add(parts.netloc.decode("ascii"))

    def allow_named(self, url: str) -> None:
        """Let the PDS be asked that a sign-in names. The account's DID document says where it is, and anybody can write one:
        so only a public host on https, unless it is the very address that was configured."""
        if httpx.URL(url).netloc.decode("ascii") not in self.hosts and not is_public(url):
            raise FetchFailed(
                "broken",
                "the account's data server is said to be at an address inside a private network",
                cure="Check the account's DID document, or set pds in [bluesky] to the right address.",
            )
        self.allow(url)

    def client(self) -> SdkClient:
        """A fresh SDK client that obeys this wire."""
        hooks: dict[str, list[Callable[..., Any]]] = {"request": [self._before], "response": [self._after]}
        request = Request(timeout=_READ_SECONDS, event_hooks=hooks)
        request.add_additional_header("User-Agent", self.user_agent)
        return SdkClient(self.url, request=request)

    def query(self, client: SdkClient, nsid: str, params: Params) -> dict[str, Any]:
        """Ask and return the JSON object of the answer; FetchFailed for everything else."""
        asked = DotDict({name: value for name, value in params.items() if value is not None})
        self.last, self.error = None, ""
        try:
            content: Any = client.invoke_query(nsid, params=asked).content
        except Exception as error:  # noqa: BLE001 the SDK lets errors of four libraries through; each gets its words
            content = self._read_again(error)
            if content is None:
                self.error = error_name(error)
                raise explain_failure(error, self.name, self.now()) from None
        if not isinstance(content, dict):
            raise FetchFailed("broken", f"{self.name} answered with a page instead of data")
        return content

    def _read_again(self, error: Exception) -> Any:
        """Python's own reading of an answer that the SDK refused for one oddity (200 levels, half a surrogate pair)."""
        if type(error) is not ValueError or self.last is None or not self.last.is_success:
            return None
        try:
            return json.loads(self.last.content)
        except (ValueError, RecursionError):
            return None

    def _before(self, request: httpx.Request) -> None:
        nsid = request.url.path.rpartition("/")[2]
        if nsid not in (READING if request.method == "GET" else SIGNING_IN):
            raise FetchFailed("closed", f"{nsid} is not among the methods that Mutuals may call")
        if request.url.netloc.decode("ascii") not in self.hosts:
            raise FetchFailed(
                "broken", f"{self.name} sends requests on to another host", cure="Check the addresses in [bluesky]."
            )
        self.spend(b"cursor=" in request.url.query)
        left = self.left()
        request.headers["Accept-Encoding"] = "identity"
        request.extensions["timeout"] = {
            "connect": min(_CONNECT_SECONDS, left),
            "read": min(_READ_SECONDS, left),
            "write": min(_READ_SECONDS, left),
            "pool": min(_CONNECT_SECONDS, left),
        }

    def _after(self, response: httpx.Response) -> None:
        self.last = response
        if response.request.method == "GET":
            remaining, reset_at = read_limits(response.headers, self.limit)
            if remaining is not None:
                self.limits(remaining, reset_at)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise FetchFailed("broken", f"{self.name} sent a packed answer that was not asked for")
        response.stream = _Bounded(response.stream, self)

    def left(self) -> float:
        """Seconds until the deadline. httpx knows only a time for each read, which a slow drip never exceeds."""
        left = self.deadline - self.monotonic()
        if left <= 0:
            raise FetchFailed("down", f"{self.name} took longer than the time set for one piece of work")
        return left


class _Bounded(httpx.SyncByteStream):
    """A body that ends in an error when it is too long, or too slow."""

    def __init__(self, stream: Any, wire: Wire) -> None:
        self._stream, self._wire = stream, wire

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            self._wire.bytes_count += len(chunk)
            if size > _LARGEST_ANSWER:
                raise FetchFailed("broken", f"{self._wire.name} sent more than 32 MB in one answer")
            self._wire.left()
            yield chunk

    def close(self) -> None:
        self._stream.close()


def read_limits(headers: Mapping[str, str], ours: int) -> tuple[int | None, datetime | None]:
    """What is left of the server's limit, as the same share of ours, and when it resets (ratelimit-* headers)."""
    try:
        remaining, limit = int(headers["ratelimit-remaining"]), int(headers["ratelimit-limit"])
        reset_at = datetime.fromtimestamp(int(headers["ratelimit-reset"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None, None
    return (ours * max(remaining, 0) // limit, reset_at) if limit > 0 else (None, None)


_LOOPBACK = ("localhost", "127.0.0.1", "::1")
