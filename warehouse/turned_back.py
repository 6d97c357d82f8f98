"""A clock that was put back: what was noted for a time that no longer comes soon is brought forward by as much.

Otherwise nothing would be read until the clock has caught up with what it once said.
"""

from datetime import datetime, timedelta

from duckdb import DuckDBPyConnection

from warehouse.columns import naive

_TOLERANCE = timedelta(minutes=2)  # clocks are set right by seconds all the time
_NOTED = {
    "sources": ("last_ok_at", "overlap_day_at", "overlap_week_at"),
    "due": ("last_at", "moved_up_at", "missed_at"),
}


def turned_back(con: DuckDBPyConnection, now: datetime) -> timedelta | None:
    """How far ahead of `now` the last cycle lies, by its own clock; None: it does not."""
    found = con.execute("select max(stored_at) from stored.cycles").fetchone()
    last_at = found[0] if found else None
    by = last_at - naive(now) if last_at is not None else timedelta()
    return by if by > _TOLERANCE else None


def bring_forward(con: DuckDBPyConnection, now: datetime) -> timedelta | None:
    """Bring every feed and post that waits for a time after the clock was put back nearer by as much as it was put back.

    Runs in a transaction of its own. Returns by how much; None when the clock was not put back.
    """
    by = turned_back(con, now)
    if by is None:
        return None
    told = {"now": naive(now), "by": by}
    con.begin()
    try:
        for table, noted in _NOTED.items():
            earlier = ", ".join(f"{column} = least({column}, $now)" for column in noted)
            con.execute(
                f"""
                update stored.{table} set {earlier},
                       next_at = case when next_at >= from_at and next_at < timestamp '9000-01-01'
                                      then greatest($now, next_at - $by) else next_at end
                from (select min(started_at) as from_at from stored.cycles where started_at > $now)
                """,  # noqa: S608 our own names
                told,
            )
    except BaseException:
        con.rollback()
        raise
    con.commit()
    return by
