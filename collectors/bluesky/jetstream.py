"""Jetstream as a scheduled drain: all public posts of the network pass by, and what is not for the group is forgotten.

Opt-in, because it reads far more than is kept. The stream cannot be filtered by mention, so each event is judged in
memory and dropped unlogged; only the uris of posts addressed to the group leave this module. It looks back 36 hours and
delivers at least once; a longer pause is a gap in the coverage. The v2 wire: network.bsky.jetstream.subscribeEvents.
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from atproto_jetstream.exceptions import JetstreamDecodingError
from atproto_jetstream.models import ErrorFrame, parse_frame
from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI, WebSocketException
from websockets.sync.client import reconnect
from websockets.typing import Subprotocol

from collectors import text_folding
from collectors.bluesky.parse import POST, read_embed, read_facets, strong_ref
from collectors.bluesky.timestamps import read_time
from collectors.fetch_types import FetchFailed

LOOK_BACK = timedelta(hours=36)
_FIRST_LOOK_BACK = timedelta(minutes=15)  # the whole 36 hours would be some gigabytes
_METHOD = "network.bsky.jetstream.subscribeEvents"
_COMMIT = f"{_METHOD}#commit"
_GAP = "the last drain is longer ago than the stream looks back: what was posted between is not known"
_QUIET_SECONDS = 3.0  # the whole network is never silent that long: nothing more to come means "now" is reached
_LARGEST_FRAME = 4 * 1024 * 1024
_CLOSED = "Check jetstream in [bluesky], or leave it empty to switch the drain off."

IsWanted = Callable[[str, Mapping[str, Any]], bool]  # DID of the author, the post record


@dataclass(frozen=True, slots=True)
class Rules:
    """How a drain is bounded: clocks, the time it may take in seconds, how long a silence means that it is done."""

    now: Callable[[], datetime]
    user_agent: str
    seconds: float = 60.0
    quiet_seconds: float = _QUIET_SECONDS
    monotonic: Callable[[], float] = time.monotonic


@dataclass(slots=True)
class DrainResult:
    """What one drain brought. `reason` is None when it reached now without a gap."""

    cursor: str | None = None
    uris: list[str] = field(default_factory=list)
    events_count: int = 0
    bytes_count: int = 0
    from_at: datetime | None = None
    to_at: datetime | None = None
    reason: str | None = None


def addressed_to(own: Collection[str], hashtags: Collection[str], held: Collection[str]) -> IsWanted:
    """What is kept: mentions of, quotes of and replies to the accounts `own` (DIDs), `hashtags`, replies to `held`."""
    tags_wanted = {text_folding.fold_tag(one) for one in hashtags}
    prefixes = tuple(f"at://{did}/" for did in own)

    def is_wanted(did: str, record: Mapping[str, Any]) -> bool:
        if did in own:
            return False  # the group's own posts are in its feed
        reply = record.get("reply")
        if type(reply) is dict:
            for uri in (strong_ref(reply.get("parent")), strong_ref(reply.get("root"))):
                if uri is not None and (uri.startswith(prefixes) or uri in held):
                    return True
        mentioned, tags = read_facets(record)
        if not mentioned.isdisjoint(own) or not tags.isdisjoint(tags_wanted):
            return True
        quoted = read_embed(record.get("embed"))[2]
        return quoted is not None and quoted.startswith(prefixes)

    return is_wanted


def is_cursor(cursor: str) -> bool:
    """Whether this is a time in microseconds."""
    return cursor.isdecimal() and len(cursor) == 16


def drain_jetstream(url: str, cursor: str | None, is_wanted: IsWanted, rules: Rules) -> DrainResult:
    """Read from the cursor to now. Cursors are times in microseconds: unlike sequence numbers they mean the same on
    every Jetstream, and one that is too old is clamped and said so.

    Raises FetchFailed when the stream cannot be opened. What breaks off later keeps the cursor it got to.
    """
    started_at = rules.now()
    deadline = rules.monotonic() + rules.seconds
    drained = DrainResult(
        cursor=cursor if cursor is not None and is_cursor(cursor) else str(_micro(started_at - _FIRST_LOOK_BACK))
    )
    asked = drained.cursor or ""
    if int(asked) < _micro(started_at - LOOK_BACK):
        drained.reason = _GAP
    try:
        socket = _Straight(
            _address(url, asked),
            subprotocols=[Subprotocol("xrpc.v1.json")],
            user_agent_header=rules.user_agent,
            max_size=_LARGEST_FRAME,
            open_timeout=10,
            close_timeout=1,
        ).connect()
    except (OSError, WebSocketException) as error:
        raise _refused(error) from None
    with socket:
        while drained.to_at is None or drained.to_at < started_at:
            left = deadline - rules.monotonic()
            if left <= 0:
                drained.reason = drained.reason or "the time for one drain was up; the next goes on from here"
                return drained
            try:
                raw = socket.recv(min(left, rules.quiet_seconds))
            except TimeoutError:
                break  # silence: nothing more to come
            except WebSocketException:
                drained.reason = "the stream broke off; the next drain goes on from here"
                return drained
            _take(raw, drained, is_wanted)
    drained.to_at = started_at
    return drained


class _Straight(reconnect):
    """No redirect is followed: where it leads is a host that nobody configured."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """What a redirect becomes: the refusal that it is to us."""
        return exc


def _take(raw: str | bytes, drained: DrainResult, is_wanted: IsWanted) -> None:
    """Judge one event and forget it, unless it is wanted."""
    drained.bytes_count += len(raw)
    try:
        frame = parse_frame(raw)
    except JetstreamDecodingError:
        return
    if isinstance(frame, ErrorFrame):
        raise FetchFailed("down", f"Jetstream ended the stream ({str(frame.error)[:40]})")
    event = frame.payload
    if event.get("name") == "OutdatedCursor":
        drained.reason = _GAP
    at = read_time(event.get("witnessedAt")) or read_time(event.get("time"))
    if at is None:
        return  # advice
    drained.cursor, drained.to_at = str(_micro(at)), at
    drained.from_at = drained.from_at or at
    drained.events_count += 1
    did, rkey, record = event.get("did"), event.get("rkey"), event.get("record")
    is_post = event.get("$type") == _COMMIT and event.get("collection") == POST and type(record) is dict
    if is_post and type(did) is str and type(rkey) is str and is_wanted(did, record):
        uri = f"at://{did}/{POST}/{rkey}"
        if uri not in drained.uris:  # delivered at least once
            drained.uris.append(uri)


def _micro(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _address(url: str, cursor: str) -> str:
    """The subscription's address. Plain ws is for this machine only."""
    parts = httpx.URL(url)
    secure = parts.scheme in ("https", "wss")
    if not secure and not (parts.scheme in ("http", "ws") and parts.host in ("localhost", "127.0.0.1", "::1")):
        raise FetchFailed("broken", "Jetstream is not reached over wss", cure=_CLOSED)
    path = parts.path.rstrip("/").removesuffix("/xrpc") + f"/xrpc/{_METHOD}"
    query = {"cursor": cursor, "collections": POST, "kinds": "commit"}
    return str(parts.copy_with(scheme="wss" if secure else "ws", path=path, params=query))


def _refused(error: Exception) -> FetchFailed:
    if isinstance(error, InvalidStatus):
        status = error.response.status_code
        if status == 429:
            return FetchFailed("limited", "Jetstream asks us to slow down")
        if status < 500:
            return FetchFailed("closed", f"Jetstream refuses the stream ({status})", cure=_CLOSED)
        return FetchFailed("down", f"Jetstream has trouble ({status})")
    if isinstance(error, (InvalidURI, InvalidHandshake)):
        return FetchFailed("broken", "what answers is not Jetstream", cure=_CLOSED)
    return FetchFailed("down", "Jetstream cannot be reached")
