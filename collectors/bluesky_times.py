"""The times of a Bluesky post: what its author claims, what the network states, what its record key tells. Pure."""

from datetime import UTC, datetime
from typing import Any

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # imported posts may be old; a claim older than the web is junk
_IMPORTED_SECONDS = 3600.0  # a key that much later than the stated time is an import
_SORTABLE_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_SORTABLE = frozenset(_SORTABLE_LETTERS)


def read_created(claim: Any, indexed_at: datetime) -> datetime:
    """When it was written: the client's claim, unless it is junk or later than the network saw the post (sortAt)."""
    claimed_at = read_time(claim)
    return claimed_at if claimed_at is not None and _EARLIEST <= claimed_at < indexed_at else indexed_at


def read_indexed(stated_at: datetime, rkey: str, now: datetime) -> datetime:
    """When the network took the post in.

    The AppView states the earlier of that and the author's claim, so an imported post looks as if it had always been
    there. Its record key tells when the account's server wrote it (a TID: microseconds above 10 bits, in 13 letters).
    """
    if len(rkey) != 13 or not _SORTABLE.issuperset(rkey):
        return stated_at
    value = 0
    for letter in rkey:
        value = value << 5 | _SORTABLE_LETTERS.index(letter)
    seconds = (value >> 10) / 1_000_000
    is_later = stated_at.timestamp() + _IMPORTED_SECONDS < seconds <= now.timestamp()
    return datetime.fromtimestamp(seconds, UTC) if is_later else stated_at


def read_time(value: Any) -> datetime | None:
    """An RFC 3339 time in UTC; None when it is not one or has no zone."""
    if type(value) is not str:
        return None
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is UTC:
            return at
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
