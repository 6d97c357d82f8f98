"""Queries of *What works*: kinds of posts, described pictures, conversations, hashtags, topics."""

from datetime import date, datetime

import pandas as pd

from app.queries.reader import QueryReader, select_period


def post_kinds(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """The kinds of posts of a period, the commonest first."""
    sql = "select * from shown.post_kinds where group_id = $group_id order by posts_count desc, kind"
    return select_period(reader, sql, now, group_id, from_date, to_date)


def alt_texts(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How many of a period's pictures are described."""
    sql = "select * from shown.alt_texts where group_id = $group_id"
    return select_period(reader, sql, now, group_id, from_date, to_date)


def conversations(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """The five posts of a period with most people below them. Holds the group's own words: not to be kept in a cache."""
    sql = (
        "select * from shown.conversations where group_id = $group_id "
        "order by people_count desc, replies_count desc, created_at desc, post_id limit 5"
    )
    return select_period(reader, sql, now, group_id, from_date, to_date)


def hashtags(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """The group's own hashtags of a period, the most used first."""
    sql = "select * from shown.hashtags where group_id = $group_id order by posts_count desc, tag limit 20"
    return select_period(reader, sql, now, group_id, from_date, to_date)


def topics(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How many posts were seen with a topic tag, day by day."""
    sql = "select * from shown.topics where group_id = $group_id order by tag, local_date"
    return select_period(reader, sql, now, group_id, from_date, to_date)
