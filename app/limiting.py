"""How often somebody may do what is heavy, or what a stranger could try without end. Counted in this process only."""

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

_OFTEN = {
    "sign in": parse("20/minute"),
    "unsubscribe": parse("30/minute"),
    "connect": parse("120/minute"),
    "hand in": parse("30/minute"),
    "fetch": parse("60/minute"),
    "make a file": parse("20/minute"),
}
_limiter = MovingWindowRateLimiter(MemoryStorage())


def is_too_often(what: str, who: str) -> bool:
    """Count it once more for `who`. True: they have to wait."""
    return not _limiter.hit(_OFTEN[what], what, who)


def forget() -> None:
    """Begin to count anew: between tests."""
    _limiter.storage.reset()
