"""One budget and one breaker per server, shared by every job that asks it something.

Half of the published limit is ours; below 20 % of what the server says remains we stop until its reset. Windows are
aligned to the wall clock, as Mastodon's are, so a restart in mid-window can at worst reach the published limit, not pass it.
Source: docs/networks.md.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collectors.fetch_types import FetchFailed

SHARE = 0.5
RESERVE = 0.2
_BREAKER_FIRST = timedelta(minutes=5)
_BREAKER_LONGEST = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Limit:
    """A published limit: so many requests in each window; `is_paged` limits count only requests with a cursor."""

    requests: int
    window: timedelta
    is_paged: bool = False


@dataclass(slots=True)
class Budget:
    """What may still be asked of one server. Not shared between threads: one thread works on one server."""

    server: str
    limits: tuple[Limit, ...]
    now: Callable[[], datetime]
    _spent: dict[tuple[Limit, datetime], int] = field(default_factory=dict)
    _blocked_until: datetime | None = None
    _failures: int = 0

    def spend(self, is_paged: bool) -> None:
        """Count one request, or raise FetchFailed('limited') when it may not be sent now."""
        now = self.now()
        if self._blocked_until is not None and now < self._blocked_until:
            raise self._limited(self._blocked_until)
        for limit in self.limits:
            if limit.is_paged and not is_paged:
                continue
            window = _window_start(now, limit.window)
            if self._spent.get((limit, window), 0) >= limit.requests * SHARE:
                raise self._limited(window + limit.window)
        for limit in self.limits:
            if not limit.is_paged or is_paged:
                slot = (limit, _window_start(now, limit.window))
                self._spent[slot] = self._spent.get(slot, 0) + 1
        if len(self._spent) > 16 * len(self.limits):
            self._spent = {slot: spent for slot, spent in self._spent.items() if slot[1] + 2 * slot[0].window > now}

    def report(self, remaining: int | None, reset_at: datetime | None) -> None:
        """Take in what an answer's headers say of the server's own count."""
        smallest = min(limit.requests for limit in self.limits)
        if remaining is not None and reset_at is not None and remaining < smallest * RESERVE:
            self._blocked_until = max(reset_at, self._blocked_until or reset_at)

    def back_off(self, until: datetime | None) -> datetime:
        """A 429: nobody asks this server before its reset, plus 1 to 10 s so that not all clients return at once."""
        resets_at = until or self.now() + timedelta(minutes=5)
        self._blocked_until = resets_at + timedelta(seconds=random.uniform(1, 10))  # noqa: S311 jitter, not a secret
        return self._blocked_until

    def failed(self) -> datetime:
        """The server did not answer, three tries over: leave it alone for 5 minutes, doubling up to an hour."""
        pause = min(_BREAKER_FIRST * 2 ** min(self._failures, 4), _BREAKER_LONGEST)
        self._failures += 1
        self._blocked_until = self.now() + pause
        return self._blocked_until

    def answered(self) -> None:
        """The server is back."""
        self._failures = 0

    def remaining(self, is_paged: bool = False) -> int:
        """How many requests are still ours in the present window (0 while blocked)."""
        now = self.now()
        if self._blocked_until is not None and now < self._blocked_until:
            return 0
        return min(
            int(limit.requests * SHARE) - self._spent.get((limit, _window_start(now, limit.window)), 0)
            for limit in self.limits
            if is_paged or not limit.is_paged
        )

    def _limited(self, until: datetime) -> FetchFailed:
        return FetchFailed("limited", f"our share of {self.server}'s limit is used up for now", retry_at=until)


def _window_start(now: datetime, window: timedelta) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + ((now - epoch) // window) * window
