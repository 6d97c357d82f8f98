"""Queries of the page *Waiting for a reply* and of *Across groups*: open requests, their conversations, how many wait."""

from datetime import datetime

import pandas as pd

from app.queries.reader import QueryReader


def requests(reader: QueryReader, now: datetime, group_ids: list[str], lists: list[str]) -> pd.DataFrame:
    """The items of some lists of the queues of some groups, longest wait first, always."""
    return reader.frame(
        "select * from shown.requests "
        "where list_contains($group_ids, group_id) and is_of_late and list_contains($lists, listed_in) "
        "order by waiting_since_at, asked_at, post_id, group_id",
        now,
        group_ids=group_ids,
        lists=lists,
    )


def listings(reader: QueryReader, now: datetime, group_ids: list[str]) -> pd.DataFrame:
    """On which list of the queues of some groups each item stands, and whether somebody took it on."""
    return reader.frame(
        "select post_id::varchar as post_id, group_id, listed_in, claimed_by is not null as is_taken "
        "from shown.request_states "
        "where list_contains($group_ids, group_id) and is_of_late and listed_in is not null",
        now,
        group_ids=group_ids,
    )


def thread(reader: QueryReader, now: datetime, group_id: str, root_ids: list[str]) -> pd.DataFrame:
    """The conversations below some roots, in the order they were written."""
    return reader.frame(
        "select * from shown.thread_posts where group_id = $group_id and list_contains($root_ids::uuid[], root_id) "
        "order by root_id, created_at, post_id",
        now,
        group_id=group_id,
        root_ids=root_ids,
    )


def totals(reader: QueryReader, now: datetime, group_id: str) -> pd.DataFrame:
    """One row: how many wait now, and the longest for how long."""
    return reader.frame("select * from shown.queues where group_id = $group_id", now, group_id=group_id)


def across_groups(reader: QueryReader, now: datetime) -> pd.DataFrame:
    """One row per group: who waits, what was answered in time lately, and whether everything was read."""
    return reader.frame("select * from shown.across_groups", now)
