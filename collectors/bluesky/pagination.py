"""How a feed is read page by page. Knows no endpoint.

Cursors are opaque; a short page is not the end, a missing cursor is. What breaks off on the way keeps what came, says
why and carries the cursor from which the next run closes the gap.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from collectors.fetch_types import Batch, FetchFailed, Quarantined, SeenPost, Work

BATCH = 25  # what getPosts and getProfiles take
PAGE = 100
_Item = TypeVar("_Item")


@dataclass(slots=True)
class Page:
    """One page: its posts, how far back it reaches, where the next one starts."""

    posts: list[SeenPost] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    items_count: int = 0
    oldest_at: datetime | None = None
    cursor: str | None = None
    is_end: bool = False  # nothing but what is known: what lies behind it was read before


Read = Callable[[str | None], Page]


def follow_pages(work: Work, read: Read, now: datetime) -> Batch:
    """Read a feed from its newest post backwards, until the work is done or something stops it.

    head: until a page holds nothing new; then, where the last run broke off (`work.cursor`), from there likewise.
    overlap, backfill: back to `work.since`, or to the end of what the server has.
    Raises FetchFailed when not even one page came.
    """
    batch = Batch(to_at=now)
    cursor = work.cursor if work.mode == "backfill" else None
    gap = work.cursor if work.mode == "head" else None
    asked: set[str] = set()
    while True:
        try:
            page = read(cursor)
        except FetchFailed as failure:
            if batch.pages_count == 0:
                raise
            # A cursor that the server does not take would be refused again and again: begin anew instead.
            batch.stopped_by = failure
            _stop(batch, cursor if failure.kind in ("limited", "down") else None, failure.reason)
            return batch
        _add(batch, page)
        is_back_to_since = work.since is not None and page.oldest_at is not None and page.oldest_at < work.since
        if page.cursor is None or is_back_to_since or (work.mode == "head" and page.is_end):
            if gap is None:
                return batch
            page.cursor, gap = gap, None
        if page.cursor in asked:
            _stop(batch, None, "the server hands out the same cursor again")
            return batch
        if batch.pages_count >= work.page_limit:
            _stop(batch, page.cursor, "there is more; the next run goes on from here")
            return batch
        asked.add(page.cursor)
        cursor = page.cursor


def _add(batch: Batch, page: Page) -> None:
    batch.pages_count += 1
    batch.items_count += page.items_count
    batch.posts += page.posts
    batch.quarantined += page.quarantined
    if page.oldest_at is not None:
        batch.from_at = min(page.oldest_at, batch.from_at or page.oldest_at)


def _stop(batch: Batch, cursor: str | None, reason: str) -> None:
    batch.is_complete, batch.cursor, batch.reason = False, cursor, reason


def list_in(answer: dict[str, Any], name: str) -> list[Any]:
    """The list that an answer is about."""
    items = answer.get(name)
    if type(items) is not list:
        raise FetchFailed("broken", f"Bluesky's answer holds no {name}")
    return items


def next_cursor(answer: dict[str, Any]) -> str | None:
    """Where the next page starts; None: this is the last."""
    cursor = answer.get("cursor")
    return cursor if type(cursor) is str and cursor else None


def split_into_batches(items: Sequence[_Item], size: int = BATCH) -> Iterator[list[_Item]]:
    """The items in lists of at most `size`."""
    return (list(items[start : start + size]) for start in range(0, len(items), size))
