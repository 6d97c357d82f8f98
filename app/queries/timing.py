"""Queries of *When people reach out*, and of the rota: by weekday and hour on the group's clock."""

from datetime import date, datetime

import pandas as pd

from app.queries.reader import QueryReader, select_period


def asked_hours(reader: QueryReader, now: datetime, group_id: str, since: date) -> pd.DataFrame:
    """How many asked since a date, by weekday and hour on the group's clock."""
    return reader.frame(
        "select local_weekday, local_hour, count(*) as requests_count from shown.request_states "
        "where group_id = $group_id and is_counted and not is_imported and local_date >= $since group by all",
        now,
        group_id=group_id,
        since=since,
    )


def request_hours(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """Requests and answers of a period by weekday and hour."""
    sql = "select * from shown.request_hours where group_id = $group_id"
    return select_period(reader, sql, now, group_id, from_date, to_date)


def night_cover(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How a period's requests were answered, by the hours in which they came."""
    sql = "select * from shown.night_cover where group_id = $group_id and level in ('block', 'part') order by all"
    return select_period(reader, sql, now, group_id, from_date, to_date)


def best_times(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """What posts gained by when they were published, in the year before a period's end."""
    sql = "select * from shown.best_times where group_id = $group_id order by local_weekday, from_hour"
    return select_period(reader, sql, now, group_id, from_date, to_date)
