"""Queries about whole weeks: their numbers, and the range that is usual for each."""

from datetime import date, datetime, timedelta

import pandas as pd

from app.queries.reader import QueryReader


def latest(reader: QueryReader, now: datetime, group_id: str) -> pd.DataFrame:
    """The last 14 weeks, oldest first: the present one, the one before, and what they are compared with."""
    return reader.frame(
        "select * from (select * from shown.weeks where group_id = $group_id and week_start_date >= $since "
        "order by week_start_date desc limit 14) order by week_start_date",
        now,
        group_id=group_id,
        since=now.date() - timedelta(weeks=15),  # in whatever zone: older weeks need not be worked out
    )


def between(reader: QueryReader, now: datetime, group_id: str, since: date, until: date) -> pd.DataFrame:
    """The weeks that begin on a day from `since` on and before `until`, oldest first."""
    return reader.frame(
        "select * from shown.weeks where group_id = $group_id and week_start_date >= $since and week_start_date < $until "
        "order by week_start_date",
        now,
        group_id=group_id,
        since=since,
        until=until,
    )


def usual_ranges(reader: QueryReader, now: datetime, group_id: str, week_start_date: date) -> pd.DataFrame:
    """Each measure of one week with the lowest and highest of the weeks before."""
    return reader.frame(
        "select * from shown.usual_ranges where group_id = $group_id and week_start_date = $week_start_date",
        now,
        from_date=week_start_date,
        group_id=group_id,
        week_start_date=week_start_date,
    )
