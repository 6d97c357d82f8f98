"""Which readings of a post's counts are worth keeping: those that differ from the last one, and one a day."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import timedelta
from operator import attrgetter
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.ingest.upsert import are_disjoint
from warehouse.storage.arrow import as_relation, naive, plain_rows, to_arrow
from warehouse.storage.rows import Observation

_HEARTBEAT = timedelta(hours=24)


def combine_readings(readings: Sequence[Observation]) -> list[Observation]:
    """In the order of their times; two of one moment (counts and boosters are read apart) as one, with the larger numbers."""
    if are_disjoint(("post_id", "server", "observed_at"), readings):
        return sorted(readings, key=attrgetter("observed_at"))
    moments: dict[Hashable, Observation] = {}
    for this, reading in zip(plain_rows(("post_id", "server", "observed_at"), readings), readings, strict=True):
        other = moments.get(this)
        moments[this] = reading if other is None else _larger(other, reading)
    return sorted(moments.values(), key=attrgetter("observed_at"))


def keep_changed_readings(con: DuckDBPyConnection, readings: Sequence[Observation]) -> list[Observation]:
    """Readings whose counts differ from the last one by the same server within 24 h, or that have none.

    Looking back 24 h is enough, because an older reading makes the new one a heartbeat: what is stored before that is
    never read. What a reading does not tell (quotes, boosters: null) is not a change.
    """
    times = [reading.observed_at for reading in readings]
    with as_relation(con, to_arrow(Observation, readings)) as new:
        found = con.execute(
            f"""
            {new.new}, stored as (
                select * from stored.observations where observed_at > $since and observed_at <= $until
            ),
            last as (
                select new.n,
                       arg_max(old.replies_count, old.observed_at) as replies_count,
                       arg_max(old.boosts_count, old.observed_at) as boosts_count,
                       arg_max(old.likes_count, old.observed_at) as likes_count,
                       arg_max(old.quotes_count, old.observed_at) as quotes_count,
                       arg_max(old.boosters_followers_count, old.observed_at) as boosters_followers_count,
                       arg_max(old.is_boosters_partial, old.observed_at)
                           filter (old.boosters_followers_count is not null) as is_boosters_partial
                from new
                join stored as old
                  on old.post_id = new.post_id and old.server = new.server
                 and old.observed_at <= new.observed_at and old.observed_at > new.observed_at - interval 24 hour
                group by new.n
            )
            select new.n
            from new
            left join last using (n)
            where last.n is null
               or last.replies_count <> new.replies_count
               or last.boosts_count <> new.boosts_count
               or last.likes_count <> new.likes_count
               or (new.quotes_count is not null and last.quotes_count is distinct from new.quotes_count)
               or (new.boosters_followers_count is not null
                   and (last.boosters_followers_count is distinct from new.boosters_followers_count
                        or last.is_boosters_partial is distinct from new.is_boosters_partial))
            order by new.n
            """,  # noqa: S608
            {**new.params, "since": naive(min(times) - _HEARTBEAT), "until": naive(max(times))},
        ).to_arrow_table()
    return [readings[n] for n in found["n"].to_pylist()]


def _larger(one: Observation, other: Observation) -> Observation:
    names = ("replies_count", "boosts_count", "likes_count", "quotes_count", "boosters_followers_count")
    last_readings = {
        name: [count for count in (getattr(one, name), getattr(other, name)) if count is not None] for name in names
    }
    most: dict[str, Any] = {name: max(counts, default=None) for name, counts in last_readings.items()}
    fuller = max(
        one,
        other,
        key=lambda reading: -1 if reading.boosters_followers_count is None else reading.boosters_followers_count,
    )
    return replace(fuller, **most)
