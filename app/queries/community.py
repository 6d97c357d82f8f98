"""Queries of *People, together*: newcomers, helpers, regulars, kinds of support. Counts alone, no account is named."""

from datetime import date, datetime

import pandas as pd

from app.queries.reader import QueryReader, select_period


def newcomers(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How many wrote for the first time in a period, and what became of it."""
    sql = "select * from shown.newcomers where group_id = $group_id"
    return select_period(reader, sql, now, group_id, from_date, to_date)


def helpers(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How many helped in a period."""
    sql = "select * from shown.helpers where group_id = $group_id"
    return select_period(reader, sql, now, group_id, from_date, to_date)


def looking_after(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How often somebody asked how people are, and how often the asker wrote again."""
    sql = "select * from shown.looking_after where group_id = $group_id"
    return select_period(reader, sql, now, group_id, from_date, to_date)


def regulars(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How many keep writing, came back or fell silent."""
    sql = "select * from shown.regulars where group_id = $group_id"
    return select_period(reader, sql, now, group_id, from_date, to_date)


def support_kinds(reader: QueryReader, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """What kind of support was asked for and given: shares."""
    sql = "select * from shown.support_kinds where group_id = $group_id order by direction, kind"
    return select_period(reader, sql, now, group_id, from_date, to_date)
