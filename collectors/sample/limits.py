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

    @classmethod
    def used_up(cls, window: "Window", now: datetime) -> "Allowance":
        """Nothing left until the window's end."""
        return cls(window.limit, 0, window.reset_at(now), window.seconds, True)


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
        return Allowance(self.limit, max(0, self.limit - count), self.reset_at(now), self.seconds, count > self.limit)

    def reset_at(self, now: datetime) -> datetime:
        """When the window that `now` lies in ends."""
        return datetime.fromtimestamp((int(now.timestamp()) // self.seconds + 1) * self.seconds, UTC)
