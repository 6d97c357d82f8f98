"""Reading page by page: when to go on, when to stop, what to say."""

from dataclasses import replace
from datetime import UTC, datetime

from collectors.bluesky.pagination import Page, follow_pages, split_into_batches
from collectors.fetch_types import FetchFailed, Work

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
WORK = Work("s", "riverside", "bluesky", "bluesky", "own", "did:plc:x")


def at(hour: int) -> datetime:
    return datetime(2026, 10, 1, hour, tzinfo=UTC)


def test_a_short_page_is_not_the_end_a_missing_cursor_is() -> None:
    pages = {None: Page(cursor="a"), "a": Page(cursor="b", oldest_at=at(9)), "b": Page(oldest_at=at(8))}
    batch = follow_pages(WORK, pages.__getitem__, NOW)
    assert (batch.pages_count, batch.is_complete, batch.from_at, batch.to_at) == (3, True, at(8), NOW)


def test_the_head_ends_where_everything_is_known() -> None:
    pages = {None: Page(cursor="a"), "a": Page(cursor="b", is_end=True)}
    assert follow_pages(WORK, pages.__getitem__, NOW).pages_count == 2


def test_a_back_fill_goes_on_past_what_is_known() -> None:
    pages = {None: Page(cursor="a", is_end=True), "a": Page()}
    assert follow_pages(replace(WORK, mode="backfill"), pages.__getitem__, NOW).pages_count == 2


def test_a_look_back_ends_at_its_time() -> None:
    pages = {None: Page(cursor="a", oldest_at=at(9)), "a": Page(cursor="b", oldest_at=at(7))}
    batch = follow_pages(replace(WORK, mode="overlap", since=at(8)), pages.__getitem__, NOW)
    assert (batch.pages_count, batch.is_complete) == (2, True)


def test_a_server_that_turns_in_circles_is_left() -> None:
    batch = follow_pages(WORK, lambda _: Page(cursor="a"), NOW)
    assert (batch.is_complete, batch.cursor, batch.pages_count) == (False, None, 2)


def test_the_gap_that_the_last_run_left_is_closed_after_the_head() -> None:
    asked = []
    pages = {None: Page(cursor="a", is_end=True), "gap": Page(cursor="g2"), "g2": Page(cursor="g3", is_end=True)}

    def read(cursor: str | None) -> Page:
        asked.append(cursor)
        return pages[cursor]

    batch = follow_pages(replace(WORK, cursor="gap"), read, NOW)
    assert asked == [None, "gap", "g2"]
    assert (batch.is_complete, batch.cursor) == (True, None)


def test_a_failure_on_a_later_page_keeps_the_place() -> None:
    def read(cursor: str | None) -> Page:
        if cursor == "a":
            raise FetchFailed("limited", "slow down")
        return Page(cursor="a")

    batch = follow_pages(WORK, read, NOW)
    assert (batch.is_complete, batch.cursor, batch.reason) == (False, "a", "slow down")


def test_work_is_cut_into_what_a_request_takes() -> None:
    assert [len(some) for some in split_into_batches(list(range(60)))] == [25, 25, 10]
    assert list(split_into_batches([])) == []
