"""A clock that was put back: what was noted for a time that no longer comes soon is brought forward by as much.

Otherwise nothing would be read until the clock has caught up with what it once said.
"""

from datetime import datetime, timedelta

from duckdb import DuckDBPyConnection

from warehouse.storage.arrow import naive

_TOLERANCE = timedelta(minutes=2)  # clocks are set right by seconds all the time
# Until the clock has passed them, these would hold up what is read now. Readings of counts stay as they were written.
_LAST = {
    "sources": ("last_ok_at", "overlap_day_at", "overlap_week_at", "next_at"),  # every feed is looked at again at once
    "due": ("last_at", "moved_up_at", "missed_at"),
    "posts": ("first_seen_at", "verified_at"),
    "accounts": ("first_seen_at", "last_seen_at"),
    "thread_reads": ("attempted_at", "read_at"),
    "capabilities": ("checked_at",),
}


def detect_setback(con: DuckDBPyConnection, now: datetime) -> timedelta | None:
    """How far ahead of `now` the last cycle lies, by its own clock; None: it does not."""
    found = con.execute("select max(stored_at) from stored.cycles").fetchone()
    last_at = found[0] if found else None
    by = last_at - naive(now) if last_at is not None else timedelta()
    return by if by > _TOLERANCE else None


def bring_due_times_forward(con: DuckDBPyConnection, now: datetime) -> timedelta | None:
    """Look again now at every feed, and at every post last read in that future; at what else waits for it, sooner by as much.

    Runs in a transaction of its own. Returns by how much; None when the clock was not put back.
    """
    by = detect_setback(con, now)
    if by is None:
        return None
    params = {"now": naive(now), "by": by}
    con.begin()
    try:
        con.execute(
            """
            update stored.due
            set next_at = case when last_at > $now then $now else greatest($now, next_at - $by) end
            from (select min(started_at) as from_at from stored.cycles where started_at > $now)
            where (last_at > $now or next_at >= from_at) and next_at < timestamp '9000-01-01'
            """,
            params,
        )
        for table, columns in _LAST.items():
            for column in columns:
                con.execute(f"update stored.{table} set {column} = $now where {column} > $now", {"now": naive(now)})  # noqa: S608 our own names
    except BaseException:
        con.rollback()
        raise
    con.commit()
    return by
