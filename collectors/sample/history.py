"""Live through the sample community's past: the real collectors over HTTP, at injected times, against the servers' own clock.

Nothing is made up: what the warehouse knows of August is what a collector saw in August, hour by hour, counts included.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from duckdb import DuckDBPyConnection

from collectors.pipeline import cycle
from collectors.pipeline.connections import Connections
from collectors.pipeline.context import Collector
from collectors.sample.clock import Clock
from warehouse.casebook.events import Casebook
from warehouse.operations import nightly
from warehouse.settings import Settings
from warehouse.snapshots.publish import publish
from warehouse.storage.connection import open_warehouse
from warehouse.storage.keys import load_key

Paces = tuple[tuple[timedelta, timedelta], ...]
# Within how long ago the collectors looked how often: dense where people look first.
THOROUGH: Paces = (
    (timedelta(days=2), timedelta(hours=2)),
    (timedelta(days=14), timedelta(hours=6)),
    (timedelta(days=3660), timedelta(hours=24)),
)
_TIDIED_EVERY = timedelta(days=7)  # a real collector does it every night
QUICK: Paces = ((timedelta(days=1), timedelta(hours=4)), (timedelta(days=3660), timedelta(hours=24)))


def collection_times(start: datetime, until: datetime, paces: Paces = THOROUGH) -> list[datetime]:
    """The times at which the collectors look, from `start` to `until` (both included)."""
    found = [start]
    while True:
        pace = next(pace for within, pace in paces if until - found[-1] <= within)
        if found[-1] + pace >= until:
            return [*found, until]
        found.append(found[-1] + pace)


def last_settled_quarter(now: datetime, settles_days: int = 7) -> datetime:
    """The start of the last quarter that has been closed for long enough to be frozen."""
    now -= timedelta(days=settles_days)
    month, year = (now.month - 1) // 3 * 3 + 1 - 3, now.year
    return datetime(year - 1, 10, 1, tzinfo=UTC) if month < 1 else datetime(year, month, 1, tzinfo=UTC)


def replay(
    settings: Settings,
    casebook: Casebook,
    clock: Clock,
    times: list[datetime],
    *,
    report: Callable[[datetime, int, int], None] = lambda *_: None,
) -> int:
    """Collect at each of these times, then publish. `report(moment, done, of)`. Returns how many posts were read.

    `clock` is the servers' own; the warehouse stays open throughout: nobody else may use it yet.
    """
    seen, tidied_at = 0, times[0]
    with open_warehouse(settings) as con:
        collector = _collecting(settings, casebook, clock, con)
        try:
            for done, moment in enumerate(times, 1):
                clock.set(moment)
                seen += cycle.run_cycle(collector).posts_count
                if moment - tidied_at >= _TIDIED_EVERY or done == len(times):
                    nightly.run_duties(con, settings, moment)  # old words go, closed quarters are written down
                    tidied_at = moment
                report(moment, done, len(times))
        finally:
            collector.networks.close()
        publish(con, settings, times[-1])
    return seen


def _collecting(settings: Settings, casebook: Casebook, clock: Clock, con: DuckDBPyConnection) -> Collector:
    @contextmanager
    def opened() -> Iterator[DuckDBPyConnection]:
        yield con

    return Collector(
        settings=settings,
        key=load_key(settings.data_dir),
        networks=Connections(settings, clock.now, pause=lambda _: None),
        casebook=casebook,
        open_warehouse=opened,
        now=clock.now,
        pause=lambda _: None,
        is_publishing=False,
    )


def share_key(data_dir: Path, other: Path) -> None:
    """Let another data folder know everybody by the same keyed ids."""
    other.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = other / "key"
    key.touch(0o600)
    key.write_bytes(load_key(data_dir))
