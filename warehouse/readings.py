"""Which readings of a post's counts are worth keeping: those that differ from the last one, and one a day."""

from collections.abc import Sequence, Set
from datetime import timedelta

from duckdb import DuckDBPyConnection

from warehouse.columns import arrow, naive
from warehouse.merge import NEW, arriving
from warehouse.rows import Observation

_HEARTBEAT = timedelta(hours=24)


def worth_keeping(
    con: DuckDBPyConnection, readings: Sequence[Observation], new_posts: Set[int] = frozenset()
) -> list[Observation]:
    """Readings whose counts differ from the last one by the same server within 24 h, or that have none.

    Looking back 24 h is enough, because an older reading makes the new one a heartbeat: what is stored before that is
    never read. What a reading does not tell (quotes, boosters: null) is not a change.
    The first readings of `new_posts` (numbers of posts of which nothing is stored yet) are kept without a look.
    """
    first = [reading for reading in readings if reading.post_id.int in new_posts] if new_posts else []
    if len(first) == len(readings):
        return first
    readings = [reading for reading in readings if reading.post_id.int not in new_posts] if first else readings
    times = [reading.observed_at for reading in readings]
    with arriving(con, arrow(Observation, readings)):
        found = con.execute(
            f"""
            {NEW}, stored as (
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
            {"since": naive(min(times) - _HEARTBEAT), "until": naive(max(times))},
        ).to_arrow_table()
    return first + [readings[n] for n in found["n"].to_pylist()]
