"""What is due when: feeds, look-backs, and the decaying schedule of NETWORKS."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.fetch_types import Work
from collectors.pipeline.planner import State, after_failure, after_feed, plan, planned_sources
from collectors.pipeline.refresh_schedule import after_miss, first_refresh_at, next_refresh, thread_interval
from warehouse.settings import Bluesky, Group, Settings
from warehouse.storage.rows import Due, Source

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GROUP = Group(
    id="riverside",
    name="Riverside",
    mastodon=("@riverside@carers.example",),
    bluesky=("riverside.carers.example",),
    hashtags=("RiversideCarers",),
    topics=("carers",),
)
SETTINGS = Settings(groups=(GROUP,))
OWN = "riverside/mastodon/carers.example/own/@riverside@carers.example"


def a_source(work: Work, **changes: object) -> Source:
    return replace(after_feed(work, None, is_complete=True, cursor=None, now=NOW), **changes)


def a_due(kind: str = "refresh", age: timedelta = HOUR, post_id: UUID | None = None, **changes: object) -> Due:
    base = Due(
        post_id or uuid4(), "riverside", "mastodon", "carers.example", "1", kind, NOW - age, NOW, None, 0, None, 0, None
    )
    return replace(base, **changes)


def test_the_first_run_reads_the_whole_history_of_the_group_and_a_month_of_its_hashtag() -> None:
    work = {(one.network, one.kind): one for one in plan(SETTINGS, State(), NOW)}
    assert (work["mastodon", "own"].mode, work["mastodon", "own"].since) == ("backfill", None)
    assert work["bluesky", "own"].mode == "backfill"
    assert work["mastodon", "hashtag"].since == NOW - 30 * DAY


def test_threads_in_which_somebody_waits_are_read_before_the_others() -> None:
    """Where a budget runs out in between, it is the others that stay for the next cycle."""
    late, waits, soon = (a_due("thread", next_at=NOW - hours * HOUR, server_post_id=str(hours)) for hours in (3, 1, 2))
    state = State(due=(late, waits, soon), open_roots=frozenset({waits.post_id}))
    threads = [one for one in plan(SETTINGS, state, NOW) if one.kind == "thread"]
    assert [one.posts[0].server_post_id for one in threads] == ["1", "3", "2"]


def test_without_a_token_nothing_is_asked_that_needs_one() -> None:
    kinds = {(one.network, one.kind) for one in planned_sources(GROUP, SETTINGS, frozenset())}
    assert ("mastodon", "mentions") not in kinds
    assert not {kind for network, kind in kinds if network == "bluesky"} & {"mentions", "hashtag", "topic", "drain"}


def test_signed_in_mentions_and_search_are_read_and_the_drain_only_when_asked_for() -> None:
    signed_in = frozenset({"riverside/carers.example", "riverside/bluesky"})
    kinds = {(one.network, one.kind) for one in planned_sources(GROUP, SETTINGS, signed_in)}
    assert {("mastodon", "mentions"), ("bluesky", "mentions"), ("bluesky", "hashtag")} <= kinds
    assert ("bluesky", "drain") not in kinds
    opted_in = replace(SETTINGS, bluesky=Bluesky(jetstream="wss://jetstream.example"))
    assert ("bluesky", "drain") in {(one.network, one.kind) for one in planned_sources(GROUP, opted_in, signed_in)}


def test_a_long_back_fill_goes_on_from_its_cursor_at_once() -> None:
    work = next(one for one in plan(SETTINGS, State(), NOW) if one.source_id == OWN)
    source = after_feed(work, None, is_complete=False, cursor="page 26", now=NOW)
    again = next(one for one in plan(SETTINGS, State(sources={OWN: source}), NOW) if one.source_id == OWN)
    assert (again.mode, again.cursor) == ("backfill", "page 26")


def test_a_feed_is_left_alone_until_its_time() -> None:
    work = next(one for one in plan(SETTINGS, State(), NOW) if one.source_id == OWN)
    state = State(sources={OWN: a_source(work)})
    assert OWN not in {one.source_id for one in plan(SETTINGS, state, NOW + timedelta(minutes=4))}
    later = next(one for one in plan(SETTINGS, state, NOW + timedelta(minutes=5)) if one.source_id == OWN)
    assert later.mode == "head"


@pytest.mark.parametrize(
    ("day_ago", "week_ago", "back"),
    [
        (DAY, 2 * DAY, timedelta(hours=48)),  # once a day, the last two days
        (HOUR, 7 * DAY, 7 * DAY),  # once a week, the last seven
        (DAY, 7 * DAY, 7 * DAY),  # both due: the longer one covers the shorter
    ],
)
def test_posts_a_server_fetched_late_are_found_by_looking_back(
    day_ago: timedelta, week_ago: timedelta, back: timedelta
) -> None:
    work = next(one for one in plan(SETTINGS, State(), NOW) if one.source_id == OWN)
    source = a_source(work, next_at=NOW, overlap_day_at=NOW - day_ago, overlap_week_at=NOW - week_ago)
    again = next(one for one in plan(SETTINGS, State(sources={OWN: source}), NOW) if one.source_id == OWN)
    assert (again.mode, again.since) == ("overlap", NOW - back)
    after = after_feed(again, source, is_complete=True, cursor=None, now=NOW)
    assert after.overlap_day_at == NOW
    assert (after.overlap_week_at == NOW) == (back == 7 * DAY)


def test_a_failed_feed_keeps_its_place_and_waits() -> None:
    work = next(one for one in plan(SETTINGS, State(), NOW) if one.source_id == OWN)
    failed = after_failure(work, None, NOW + HOUR, NOW)
    assert (failed.is_backfilled, failed.last_ok_at, failed.failures_count) == (False, None, 1)
    assert after_failure(work, failed, NOW + HOUR, NOW).failures_count == 2


def test_refreshes_travel_in_batches_of_what_the_server_takes_and_threads_one_by_one() -> None:
    due = [a_due(server_post_id=str(number)) for number in range(45)] + [a_due("thread"), a_due("thread")]
    work = plan(SETTINGS, State(due=tuple(due)), NOW)
    assert [len(one.posts) for one in work if one.kind == "refresh"] == [20, 20, 5]
    assert [len(one.posts) for one in work if one.kind == "thread"] == [1, 1]


def test_what_a_volunteer_waits_for_goes_first() -> None:
    kinds = [one.kind for one in plan(SETTINGS, State(due=(a_due("refresh"), a_due("thread"))), NOW)]
    assert kinds.index("own") < kinds.index("thread") < kinds.index("refresh") < kinds.index("topic")


def test_notes_about_a_group_that_was_removed_are_left_alone() -> None:
    assert not plan(Settings(), State(due=(a_due(),)), NOW)


@pytest.mark.parametrize(
    ("age", "every"),
    [
        (HOUR, timedelta(minutes=15)),
        (3 * HOUR, timedelta(minutes=30)),
        (12 * HOUR, 2 * HOUR),
        (2 * DAY, 6 * HOUR),
        (5 * DAY, 20 * HOUR),
        # the weekly count, but the sweep for deleted words is daily, before 24 h unverified would hide them
        (20 * DAY, 20 * HOUR),
        (60 * DAY, 20 * HOUR),
    ],
)
def test_counts_are_read_ever_more_rarely_and_held_text_is_looked_for_every_day(
    age: timedelta, every: timedelta
) -> None:
    after = next_refresh(a_due(age=age), is_changed=False, is_own=False, now=NOW)
    assert after.next_at == NOW + every


def test_moving_counts_bring_the_next_reading_forward_once_in_six_hours() -> None:
    first = next_refresh(a_due(age=12 * HOUR), is_changed=True, is_own=True, now=NOW)
    assert (first.next_at, first.moved_up_at) == (NOW + timedelta(minutes=30), NOW)
    second = next_refresh(first, is_changed=True, is_own=True, now=NOW + HOUR)
    assert second.next_at == NOW + HOUR + 2 * HOUR


def test_three_unchanged_readings_put_the_next_one_off() -> None:
    due = a_due(age=12 * HOUR)
    for _ in range(3):
        due = next_refresh(due, is_changed=False, is_own=True, now=NOW)
    assert (due.next_at, due.unchanged_count) == (NOW + 6 * HOUR, 0)


def test_one_miss_is_no_deletion_and_two_within_an_hour_are_not_either() -> None:
    once, is_gone = after_miss(a_due(), NOW)
    assert not is_gone
    soon, is_gone = after_miss(once, NOW + timedelta(minutes=59))
    assert not is_gone
    _, is_gone = after_miss(soon, NOW + HOUR)
    assert is_gone


def test_a_reading_in_between_forgives_a_miss() -> None:
    once, _ = after_miss(a_due(), NOW)
    read = next_refresh(once, is_changed=False, is_own=False, now=NOW)
    assert (read.missed_count, read.missed_at) == (0, None)


def test_threads_with_an_open_request_are_read_most_often() -> None:
    assert thread_interval(HOUR, is_open=True) == timedelta(minutes=15)
    assert thread_interval(20 * HOUR, is_open=True) == HOUR
    assert thread_interval(5 * DAY, is_open=True) == DAY
    assert thread_interval(31 * DAY, is_open=True) is None


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40)))
def test_an_open_thread_is_never_read_less_often_than_a_closed_one(age: timedelta) -> None:
    opened, closed = thread_interval(age, is_open=True), thread_interval(age, is_open=False)
    assert (opened is None) == (closed is None)
    assert opened is None or closed is None or opened <= closed


def test_the_first_reading_of_a_post_is_never_more_than_a_day_away() -> None:
    ages = [timedelta(minutes=5), HOUR, DAY, 10 * DAY, 400 * DAY]
    waits = [first_refresh_at(NOW - age, NOW) - NOW for age in ages]
    assert all(shorter <= longer for shorter, longer in pairwise(waits))
    assert waits[-1] == 20 * HOUR
