"""Every SELECT the pages make. Short, without joins and without definitions: meaning lives in warehouse/models.

Each takes a reader and the time it is asked at, and returns a data frame (ids as text, times in UTC).
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

import pandas as pd


class Reads(Protocol):
    """What a query needs of warehouse.read.Reader."""

    def frame(
        self,
        sql: str,
        now: datetime,
        *,
        from_date: date | None = None,
        to_date: date | None = None,
        rota_before: Sequence[float] | None = None,
        **params: object,
    ) -> pd.DataFrame:
        """Run one SELECT at one time, and where the dates are given, about one period."""
        ...


def waiting(reader: Reads, now: datetime, group_ids: list[str], lists: list[str]) -> pd.DataFrame:
    """The items of some lists of the queues of some groups, longest wait first, always."""
    return reader.frame(
        "select * from shown.requests "
        "where list_contains($group_ids, group_id) and is_of_late and list_contains($lists, listed_in) "
        "order by waiting_since_at, asked_at, post_id, group_id",
        now,
        group_ids=group_ids,
        lists=lists,
    )


def listed(reader: Reads, now: datetime, group_ids: list[str]) -> pd.DataFrame:
    """On which list of the queues of some groups each item stands, and whether somebody took it on."""
    return reader.frame(
        "select post_id::varchar as post_id, group_id, listed_in, claimed_by is not null as is_taken "
        "from shown.request_states "
        "where list_contains($group_ids, group_id) and is_of_late and listed_in is not null",
        now,
        group_ids=group_ids,
    )


def thread(reader: Reads, now: datetime, group_id: str, root_ids: list[str]) -> pd.DataFrame:
    """The conversations below some roots, in the order they were written."""
    return reader.frame(
        "select * from shown.thread_posts where group_id = $group_id and list_contains($root_ids::uuid[], root_id) "
        "order by root_id, created_at, post_id",
        now,
        group_id=group_id,
        root_ids=root_ids,
    )


def weeks(reader: Reads, now: datetime, group_id: str) -> pd.DataFrame:
    """The last 14 weeks, oldest first: the present one, the one before, and what they are compared with."""
    return reader.frame(
        "select * from (select * from shown.weeks where group_id = $group_id and week_start_date >= $since "
        "order by week_start_date desc limit 14) order by week_start_date",
        now,
        group_id=group_id,
        since=now.date() - timedelta(weeks=15),  # in whatever zone: older weeks need not be worked out
    )


def period(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """One row: all numbers of the days [from_date, to_date); none where nothing is known of them."""
    return reader.frame(
        "select * from shown.periods where group_id = $group_id",
        now,
        from_date=from_date,
        to_date=to_date,
        group_id=group_id,
    )


def first_replies(
    reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date, rota_before: tuple[float, ...] | None
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


def period_networks(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """What was gained in a period, network by network and kind by kind."""
    return reader.frame(
        "select * from shown.period_networks where group_id = $group_id order by network desc",
        now,
        from_date=from_date,
        to_date=to_date,
        group_id=group_id,
    )


def reach(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """One row: how far the posts of a period may have gone; none where there was no post."""
    return reader.frame(
        "select * from shown.reach where group_id = $group_id",
        now,
        from_date=from_date,
        to_date=to_date,
        group_id=group_id,
    )


_TOP = {
    "replies": "select * from shown.own_posts where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date order by replies_gained desc, engagement_gained desc, created_at desc limit 5",
    "engagement": "select * from shown.own_posts where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date order by engagement_gained desc, created_at desc limit 5",
    "rate": "select * from shown.own_posts where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date and engagement_rate is not null order by engagement_rate desc, created_at desc limit 5",
}
TOP_BY = tuple(_TOP)


def top_posts(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date, by: str) -> pd.DataFrame:
    """The five posts published in a period that gained most, by one of TOP_BY. With words: not to be remembered."""
    return reader.frame(_TOP[by], now, group_id=group_id, first_date=from_date, end_date=to_date)


def queue(reader: Reads, now: datetime, group_id: str) -> pd.DataFrame:
    """One row: how many wait now, and the longest for how long."""
    return reader.frame("select * from shown.queues where group_id = $group_id", now, group_id=group_id)


def across_groups(reader: Reads, now: datetime) -> pd.DataFrame:
    """One row per group: who waits, what was answered in time lately, and whether everything was read."""
    return reader.frame("select * from shown.across_groups", now)


def weeks_between(reader: Reads, now: datetime, group_id: str, since: date, until: date) -> pd.DataFrame:
    """The weeks that begin on a day from `since` on and before `until`, oldest first."""
    return reader.frame(
        "select * from shown.weeks where group_id = $group_id and week_start_date >= $since and week_start_date < $until "
        "order by week_start_date",
        now,
        group_id=group_id,
        since=since,
        until=until,
    )


def groups(reader: Reads, now: datetime, group_id: str) -> pd.DataFrame:
    """One row: when anything was last read for the group. For every reader, trustees too."""
    return reader.frame("select * from shown.groups where group_id = $group_id", now, group_id=group_id)


def usual_ranges(reader: Reads, now: datetime, group_id: str, week_start_date: date) -> pd.DataFrame:
    """Each measure of one week with the lowest and highest of the weeks before."""
    return reader.frame(
        "select * from shown.usual_ranges where group_id = $group_id and week_start_date = $week_start_date",
        now,
        from_date=week_start_date,
        group_id=group_id,
        week_start_date=week_start_date,
    )


def days(reader: Reads, now: datetime, group_id: str, since: date) -> pd.DataFrame:
    """Day by day and network by network since a date."""
    return reader.frame(
        "select * from shown.days where group_id = $group_id and local_date >= $since order by local_date, network",
        now,
        group_id=group_id,
        since=since,
    )


def asked_hours(reader: Reads, now: datetime, group_id: str, since: date) -> pd.DataFrame:
    """How many asked since a date, by weekday and hour on the group's clock."""
    return reader.frame(
        "select local_weekday, local_hour, count(*) as requests_count from shown.request_states "
        "where group_id = $group_id and is_counted and not is_imported and local_date >= $since group by all",
        now,
        group_id=group_id,
        since=since,
    )


def request_hours(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """Requests and answers of a period by weekday and hour."""
    return reader.frame(
        "select * from shown.request_hours where group_id = $group_id",
        now, from_date=from_date, to_date=to_date, group_id=group_id,
    )  # fmt: skip


def night_cover(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How a period's requests were answered, by the hours in which they came."""
    return reader.frame(
        "select * from shown.night_cover where group_id = $group_id and level in ('block', 'part') order by all",
        now, from_date=from_date, to_date=to_date, group_id=group_id,
    )  # fmt: skip


def best_times(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """What posts gained by when they were published, in the year before a period's end."""
    return reader.frame(
        "select * from shown.best_times where group_id = $group_id order by local_weekday, from_hour",
        now, from_date=from_date, to_date=to_date, group_id=group_id,
    )  # fmt: skip


def post_kinds(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """The kinds of posts of a period, the commonest first."""
    return reader.frame(
        "select * from shown.post_kinds where group_id = $group_id order by posts_count desc, kind",
        now, from_date=from_date, to_date=to_date, group_id=group_id,
    )  # fmt: skip


def alt_texts(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How many of a period's pictures are described."""
    return reader.frame(
        "select * from shown.alt_texts where group_id = $group_id",
        now, from_date=from_date, to_date=to_date, group_id=group_id,
    )  # fmt: skip


def conversations(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """The five posts of a period with most people below them. Holds the group's own words: not to be kept in a cache."""
    return reader.frame(
        "select * from shown.conversations where group_id = $group_id "
        "order by people_count desc, replies_count desc, created_at desc, post_id limit 5",
        now, from_date=from_date, to_date=to_date, group_id=group_id,
    )  # fmt: skip


def hashtags(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """The group's own hashtags of a period, the most used first."""
    return reader.frame(
        "select * from shown.hashtags where group_id = $group_id order by posts_count desc, tag limit 20",
        now, from_date=from_date, to_date=to_date, group_id=group_id,
    )  # fmt: skip


def topics(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How many posts were seen with a topic tag, day by day."""
    return reader.frame(
        "select * from shown.topics where group_id = $group_id order by tag, local_date",
        now, from_date=from_date, to_date=to_date, group_id=group_id,
    )  # fmt: skip


def newcomers(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How many wrote for the first time in a period, and what became of it."""
    return reader.frame(
        "select * from shown.newcomers where group_id = $group_id",
        now, from_date=from_date, to_date=to_date, group_id=group_id,
    )  # fmt: skip


def helpers(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How many helped in a period."""
    return reader.frame(
        "select * from shown.helpers where group_id = $group_id",
        now, from_date=from_date, to_date=to_date, group_id=group_id,
    )  # fmt: skip


def looking_after(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How often somebody asked how people are, and how often the asker wrote again."""
    return reader.frame(
        "select * from shown.looking_after where group_id = $group_id",
        now, from_date=from_date, to_date=to_date, group_id=group_id,
    )  # fmt: skip


def regulars(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """How many keep writing, came back or fell silent."""
    return reader.frame(
        "select * from shown.regulars where group_id = $group_id",
        now, from_date=from_date, to_date=to_date, group_id=group_id,
    )  # fmt: skip


def support_kinds(reader: Reads, now: datetime, group_id: str, from_date: date, to_date: date) -> pd.DataFrame:
    """What kind of support was asked for and given: shares."""
    return reader.frame(
        "select * from shown.support_kinds where group_id = $group_id order by direction, kind",
        now, from_date=from_date, to_date=to_date, group_id=group_id,
    )  # fmt: skip


def summary(reader: Reads, now: datetime, group_id: str) -> pd.DataFrame:
    """The trustees' quarters: frozen, and already without small numbers. The only query their page makes."""
    return reader.frame(
        "select * from shown.summary where group_id = $group_id order by quarter desc, chart, part_order",
        now,
        group_id=group_id,
    )


def sources(reader: Reads, now: datetime, group_id: str) -> pd.DataFrame:
    """What is collected for a group, when it last worked, and what is missing."""
    return reader.frame(
        "select * from shown.sources where group_id = $group_id order by network, server, kind, target",
        now,
        group_id=group_id,
    )


def capabilities(reader: Reads, now: datetime) -> pd.DataFrame:
    """What each server lets us see, with the cure where it does not."""
    return reader.frame("select * from shown.capabilities order by network, server, capability", now)


def rule_precision(reader: Reads, now: datetime, group_id: str) -> pd.DataFrame:
    """What people's corrections say of the rules: whole languages first, then what was judged most."""
    return reader.frame(
        "select * from shown.rule_precision where group_id = $group_id "
        "order by kind, language, judged_count desc, subject",
        now,
        group_id=group_id,
    )


def quarantine(reader: Reads, now: datetime, group_id: str) -> pd.DataFrame:
    """Items that could not be read: numbers and reasons."""
    return reader.frame(
        "select * from shown.quarantine where group_id = $group_id order by last_seen_at desc limit 50",
        now,
        group_id=group_id,
    )


def bluesky_accounts(reader: Reads, now: datetime) -> pd.DataFrame:
    """Bluesky handles that are held, with their keyed ids: to find one by its name, never to be listed."""
    return reader.frame(
        "select account_id, handle from stored.accounts where network = 'bluesky' and handle is not null "
        "and account_id in (select author_id from prepared.addressed_posts union all "
        "select account_id from stored.group_accounts)",
        now,
    )


def duties(reader: Reads, now: datetime) -> pd.DataFrame:
    """What tidies up by itself, and when it last did."""
    return reader.frame("select * from shown.duties order by duty", now)


def runs(reader: Reads, now: datetime) -> pd.DataFrame:
    """The latest runs of the collectors."""
    return reader.frame("select * from shown.runs order by started_at desc limit 20", now)


# One row per request, own post, post and day, day and network: each a view whose header says what every column means.
_EXPORTS = {
    "requests": "select * from shown.export_requests where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date order by asked_at, request_id",
    "posts": "select * from shown.export_posts where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date order by published_at, post_id",
    "counts": "select * from shown.export_counts where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date order by local_date, post_id",
    "days": "select * from shown.export_days where group_id = $group_id and local_date >= $first_date "
    "and local_date < $end_date order by local_date, network",
}
EXPORTED = tuple(_EXPORTS)


def exported(reader: Reads, now: datetime, group_id: str, what: str, first_date: date, end_date: date) -> pd.DataFrame:
    """The rows of one of EXPORTED from a date on, up to but without another: keyed ids, no text and no name."""
    return reader.frame(_EXPORTS[what], now, group_id=group_id, first_date=first_date, end_date=end_date)


def days_known(reader: Reads, now: datetime, group_id: str) -> pd.DataFrame:
    """One row: the first and the last day there is anything to tell about; nulls before the first reading."""
    return reader.frame(
        "select min(local_date) as first_date, max(local_date) as last_date from shown.activity_days "
        "where group_id = $group_id",
        now,
        group_id=group_id,
    )


def elsewhere(reader: Reads, now: datetime, group_id: str, first_date: date, end_date: date) -> pd.DataFrame:
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
