"""Queries of *How it is going*: sources, coverage, capabilities, rules, runs; and which accounts are held by name."""

from datetime import datetime

import pandas as pd

from app.queries.reader import QueryReader


def group(reader: QueryReader, now: datetime, group_id: str) -> pd.DataFrame:
    """One row: when anything was last read for the group. For every reader, trustees too."""
    return reader.frame("select * from shown.groups where group_id = $group_id", now, group_id=group_id)


def sources(reader: QueryReader, now: datetime, group_id: str) -> pd.DataFrame:
    """What is collected for a group, when it last worked, and what is missing."""
    return reader.frame(
        "select * from shown.sources where group_id = $group_id order by network, server, kind, target",
        now,
        group_id=group_id,
    )


def capabilities(reader: QueryReader, now: datetime) -> pd.DataFrame:
    """What each server lets us see, with the cure where it does not."""
    return reader.frame("select * from shown.capabilities order by network, server, capability", now)


def rule_precision(reader: QueryReader, now: datetime, group_id: str) -> pd.DataFrame:
    """What people's corrections say of the rules: whole languages first, then what was judged most."""
    return reader.frame(
        "select * from shown.rule_precision where group_id = $group_id "
        "order by kind, language, judged_count desc, subject",
        now,
        group_id=group_id,
    )


def quarantine(reader: QueryReader, now: datetime, group_id: str) -> pd.DataFrame:
    """Items that could not be read: numbers and reasons."""
    return reader.frame(
        "select * from shown.quarantine where group_id = $group_id order by last_seen_at desc limit 50",
        now,
        group_id=group_id,
    )


def duties(reader: QueryReader, now: datetime) -> pd.DataFrame:
    """What tidies up by itself, and when it last did."""
    return reader.frame("select * from shown.duties order by duty", now)


def runs(reader: QueryReader, now: datetime) -> pd.DataFrame:
    """The latest runs of the collectors."""
    return reader.frame("select * from shown.runs order by started_at desc limit 20", now)


def bluesky_accounts(reader: QueryReader, now: datetime) -> pd.DataFrame:
    """Bluesky handles that are held, with their keyed ids: to find one by its name, never to be listed."""
    return reader.frame(
        "select account_id, handle from stored.accounts where network = 'bluesky' and handle is not null "
        "and account_id in (select author_id from prepared.addressed_posts union all "
        "select account_id from stored.group_accounts)",
        now,
    )
