"""The time it is on the sample networks: the real one, one set by hand, or one that runs on from a given moment."""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """A server's clock. `now()` is aware UTC. Safe to move from another thread than the one that reads it."""

    def __init__(self, at: datetime | None = None, speed: float = 0.0) -> None:
        self._state = (at, time.monotonic(), speed)

    @classmethod
    def real(cls) -> "Clock":
        """The machine's own time."""
        return cls()

    @classmethod
    def fixed(cls, at: datetime) -> "Clock":
        """Stands still until it is set or moved."""
        return cls(at)

    @classmethod
    def running(cls, at: datetime, speed: float = 1.0) -> "Clock":
        """Runs on from `at`, `speed` times as fast as a real one."""
        return cls(at, speed)

    def now(self) -> datetime:
        """What time it is."""
        at, since, speed = self._state
        if at is None:
            return datetime.now(UTC)
        return at + timedelta(seconds=(time.monotonic() - since) * speed) if speed else at

    def set(self, at: datetime) -> None:
        """Put the hands to `at`; a running clock runs on from there, a real one becomes a fixed one."""
        self._state = (at.astimezone(UTC), time.monotonic(), self._state[2])

    def move(self, by: timedelta) -> None:
        """Put the hands forward (or back) by that much."""
        self.set(self.now() + by)

    def run(self, speed: float = 1.0) -> None:
        """From now on run, `speed` times as fast as a real clock; 0 stops it."""
        self._state = (self.now(), time.monotonic(), speed)
