"""How often somebody may do what is heavy, or what a stranger could try without end. Counted in this process only."""

from ipaddress import ip_address, ip_network

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

_OFTEN = {
    "sign in": parse("20/minute"),
    "unsubscribe": parse("30/minute"),
    "connect": parse("120/minute"),
    "hand in": parse("30/minute"),
    "fetch": parse("60/minute"),
    "make a file": parse("20/minute"),
}
_limiter = FixedWindowRateLimiter(MemoryStorage())


def exceeds_limit(what: str, who: str) -> bool:
    """Count it once more for `who`, an address of the network or a person's. True: they have to wait."""
    return not _limiter.hit(_OFTEN[what], what, _neighbourhood(who))


def _neighbourhood(who: str) -> str:
    """One household has as many IPv6 addresses as it likes, but one network of them."""
    try:
        address = ip_address(who)
    except ValueError:
        return who
    return who if address.version == 4 else str(ip_network((who, 64), strict=False))


def reset() -> None:
    """Begin to count anew: between tests."""
    _limiter.storage.reset()
