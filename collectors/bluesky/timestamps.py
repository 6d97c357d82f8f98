"""The times of a Bluesky post: what its author claims, what the network states, what its record key tells. Pure."""

from datetime import UTC, datetime
from typing import Any

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # imported posts may be old; a claim older than the web is junk
_IMPORTED_SECONDS = 3600.0  # a key that much later than the stated time is an import
# A TID counts in letters that sort as they count; Python's base 32 has others. What is in neither is no digit.
_DIGITS = {ord(letter): "!" for letter in "0189"} | dict(
    zip(map(ord, "234567abcdefghijklmnopqrstuvwxyz"), "0123456789abcdefghijklmnopqrstuv", strict=True)
)


def read_created(claim: Any, indexed_at: datetime) -> datetime:
    """When it was written: the client's claim, unless it is junk or later than the network saw the post (sortAt)."""
    claimed_at = read_time(claim)
    return claimed_at if claimed_at is not None and _EARLIEST <= claimed_at < indexed_at else indexed_at


def read_indexed(stated_at: datetime, rkey: str, now: datetime) -> datetime:
    """When the network took the post in.

    The AppView states the earlier of that and the author's claim, so an imported post looks as if it had always been
    there. Its record key tells when the account's server wrote it (a TID: microseconds above 10 bits, in 13 letters).
    """
    if len(rkey) != 13:
        return stated_at
    try:
        seconds = (int(rkey.translate(_DIGITS), 32) >> 10) / 1_000_000
    except ValueError:
        return stated_at
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
