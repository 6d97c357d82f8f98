"""Queries about the numbers of any period, for *This week*: requests, first replies, engagement, reach, top posts."""

from datetime import date, datetime

import pandas as pd

from app.queries.reader import QueryReader, select_period


def numbers(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """One row: all numbers of the days [from_date, to_date); none where nothing is known of them."""
    sql = "select * from shown.periods where group_id = $group_id"
    return select_period(reader, sql, now, group_id, from_date, to_date)


def first_replies(
    reader: QueryReader,
    now: datetime,
    group_id: str,
    from_date: date,
    to_date: date,
    rota_before: tuple[float, ...] | None,
) -> pd.DataFrame:
    """How long the requests of a period waited: a row for replies by anybody, by the group, by peers, and within rota hours."""
    return reader.frame(
        "select * from shown.request_spans where group_id = $group_id and span = 'period' order by replied_by",
        now,
        from_date=from_date,
        to_date=to_date,
        rota_before=rota_before,
        group_id=group_id,
    )


def networks(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """What was gained in a period, network by network and kind by kind."""
    sql = "select * from shown.period_networks where group_id = $group_id order by network desc"
    return select_period(reader, sql, now, group_id, from_date, to_date)


def reach(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """One row: how far the posts of a period may have gone; none where there was no post."""
    sql = "select * from shown.reach where group_id = $group_id"
    return select_period(reader, sql, now, group_id, from_date, to_date)


_TOP = {
    "replies": "select * from shown.own_posts where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date order by replies_gained desc, engagement_gained desc, created_at desc limit 5",
    "engagement": "select * from shown.own_posts where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date order by engagement_gained desc, created_at desc limit 5",
    "rate": "select * from shown.own_posts where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date and engagement_rate is not null order by engagement_rate desc, created_at desc limit 5",
}
TOP_BY = tuple(_TOP)


def top_posts(
    reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date, by: str
) -> pd.DataFrame:
    """The five posts published in a period that gained most, by one of TOP_BY. With words: not to be remembered."""
    return reader.frame(_TOP[by], now, group_id=group_id, first_date=from_date, end_date=to_date)


def days(reader: QueryReader, now: datetime, group_id: str, since: date) -> pd.DataFrame:
    """Day by day and network by network since a date."""
    return reader.frame(
        "select * from shown.days where group_id = $group_id and local_date >= $since order by local_date, network",
        now,
        group_id=group_id,
        since=since,
    )


def offline_counts(reader: QueryReader, now: datetime, group_id: str, first_date: date, end_date: date) -> pd.DataFrame:
    """What the group counted by hand from a date on, up to but without another: one row for each place."""
    return reader.frame(
        "select place, sum(posts_count)::bigint as posts_count, sum(engagement_count)::bigint as engagement_count, "
        "arg_max(followers_count, local_date) as followers_count, sum(asks_count)::bigint as asks_count, "
        "sum(answered_count)::bigint as answered_count from shown.elsewhere_days "
        "where group_id = $group_id and local_date >= $first_date and local_date < $end_date group by place order by place",
        now,
        group_id=group_id,
        first_date=first_date,
        end_date=end_date,
    )
