"""Queries of the exported files: one row per request, own post, post and day, day and network."""

from datetime import date, datetime

import pandas as pd

from app.queries.reader import QueryReader

# Each file is a view, whose header says what every column means.
_FILES = {
    "requests": "select * from shown.export_requests where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date order by asked_at, request_id",
    "posts": "select * from shown.export_posts where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date order by published_at, post_id",
    "counts": "select * from shown.export_counts where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date order by local_date, post_id",
    "days": "select * from shown.export_days where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date order by local_date, network",
}
FILES = tuple(_FILES)


def known_days(reader: QueryReader, now: datetime, group_id: str) -> pd.DataFrame:
    """One row: the first and the last day there is anything to tell about; nulls before the first reading."""
    return reader.frame(
        "select min(local_date) as first_date, max(local_date) as last_date from shown.activity_days "
        "where group_id = $group_id",
        now,
        group_id=group_id,
    )


def rows(
    reader: QueryReader, now: datetime, group_id: str, what: str, first_date: date, end_date: date
) -> pd.DataFrame:
    """The rows of one of FILES from a date on, up to but without another: keyed ids, no text and no name."""
    return reader.frame(_FILES[what], now, group_id=group_id, first_date=first_date, end_date=end_date)
