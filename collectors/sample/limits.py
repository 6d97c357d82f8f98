"""How many requests a server allows: counted in windows that are aligned to the wall clock, as both networks do it."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left in a window after this request. `is_over`: this request was one too many."""

    limit: int
    remaining: int
    reset_at: datetime
    seconds: int
    is_over: bool


class Window:
    """At most `limit` requests per `seconds` for each key (an address, a token, an account)."""

    def __init__(self, limit: int, seconds: int) -> None:
        self.limit = limit
        self.seconds = seconds
        self._counts: dict[str, tuple[int, int]] = {}

    def take(self, key: str, now: datetime) -> Allowance:
        """Count one request of `key` at `now`."""
        number = int(now.timestamp()) // self.seconds
        seen, count = self._counts.get(key, (number, 0))
        count = count + 1 if seen == number else 1
        self._counts[key] = (number, count)
        reset_at = datetime.fromtimestamp((number + 1) * self.seconds, UTC)
        return Allowance(self.limit, max(0, self.limit - count), reset_at, self.seconds, count > self.limit)

    def clear(self) -> None:
        """Forget what was counted."""
        self._counts.clear()
