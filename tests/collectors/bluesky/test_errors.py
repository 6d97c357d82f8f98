"""Every fault of the network's table: the right kind, a plain reason, and the next run repairs it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from collectors import bluesky
from collectors.bluesky.errors import explain_failure
from collectors.fetch_types import FetchFailed
from tests.support.bluesky_sample import GROUP, HANDLE, NEWS, NOW, Sample, sample
from warehouse.settings import Bluesky

FEED = "app.bsky.feed.getAuthorFeed"
FAULTS = [
    ("status:400", "broken", "does not understand"),
    ("status:401", "closed", "sign-in"),
    ("status:403", "closed", "403"),
    ("status:404", "closed", "does not offer"),
    ("status:409", "down", "409"),
    ("status:413", "broken", "413"),
    ("status:500", "down", "trouble"),
    ("status:502", "down", "trouble"),
    ("status:503", "down", "trouble"),
    ("status:504", "down", "trouble"),
    ("429", "limited", "slow down"),
    ("429:no reset", "limited", "slow down"),
    ("429:bad reset", "limited", "slow down"),
    ("disconnect", "down", "broke off"),
    ("cut", "down", "broke off"),
    ("truncated", "broken", "JSON"),
    ("login page", "broken", "page instead of data"),
    ("error object", "broken", "no feed"),
    ("null", "broken", "instead of data"),
    ("empty", "broken", ""),
    ("redirect loop", "broken", "circle"),
]


@pytest.fixture(scope="module")
def shared() -> Iterator[Sample]:
    with sample() as found:
        yield found


@pytest.mark.parametrize(("fault", "kind", "words"), FAULTS)
def test_a_fault_has_its_kind_and_reason_and_the_next_run_repairs_it(
    shared: Sample, fault: str, kind: str, words: str
) -> None:
    shared.servers.faults.clear()
    shared.fail(FEED, fault)
    with pytest.raises(FetchFailed) as caught:
        shared.fetch("own")
    assert caught.value.kind == kind
    assert words in caught.value.reason
    assert caught.value.capability == "own posts"
    assert HANDLE not in caught.value.reason
    assert GROUP not in caught.value.reason
    assert len(shared.fetch("own").posts) > 0


@pytest.mark.parametrize("fault", ["429", "429:no reset", "429:bad reset"])
def test_a_rate_limit_always_says_until_when(shared: Sample, fault: str) -> None:
    shared.servers.faults.clear()
    shared.fail(FEED, fault)
    with pytest.raises(FetchFailed) as caught:
        shared.fetch("own")
    assert caught.value.retry_at is not None
    assert timedelta(0) < caught.value.retry_at - NOW <= timedelta(minutes=5)


@pytest.mark.parametrize("fault", ["status:503", "429", "disconnect", "truncated", "cut"])
def test_a_fault_on_a_later_page_keeps_what_came_and_says_why(shared: Sample, fault: str) -> None:
    shared.servers.faults.clear()
    shared.fail(FEED, fault, skip=1)
    first = shared.fetch("own", mode="backfill")
    assert not first.is_complete
    assert first.reason
    assert 90 < len(first.posts) < 100  # a boost and a deleted post took places on the page
    again = shared.fetch("own", mode="backfill", cursor=first.cursor)
    assert len({post.uri for post in first.posts + again.posts}) == NEWS + 1


def test_a_head_that_broke_off_leaves_no_gap(shared: Sample) -> None:
    shared.servers.faults.clear()
    everything = {post.uri for post in shared.fetch("own", mode="backfill").posts}
    oldest = frozenset(shared.uri(f"news {number}") for number in range(20))  # held from before
    shared.fail(FEED, "status:503", skip=1)
    first = shared.fetch("own", known=oldest)
    held = oldest | {post.uri for post in first.posts}
    second = shared.fetch("own", known=held, cursor=first.cursor)
    assert held | {post.uri for post in second.posts} == everything
    assert second.is_complete


def test_a_cursor_that_the_server_does_not_take_is_given_up(shared: Sample) -> None:
    shared.servers.faults.clear()
    shared.fail(FEED, "status:400", skip=1)
    first = shared.fetch("own", mode="backfill")
    assert (first.is_complete, first.cursor) == (False, None)


@pytest.mark.parametrize(("fault", "bad"), [("junk items", 3), ("wrong types", 1), ("bad field", 1)])
def test_one_bad_post_never_loses_a_page(shared: Sample, fault: str, bad: int) -> None:
    shared.servers.faults.clear()
    shared.fail(FEED, fault, item=5)
    batch = shared.fetch("own", mode="backfill")
    assert len(batch.quarantined) == bad
    assert len(batch.posts) >= NEWS
    assert batch.is_complete
    assert all(one.reason and "news" not in one.reason for one in batch.quarantined)


@pytest.mark.parametrize("fault", ["stall", "drip"])
def test_a_server_that_dawdles_is_left_after_the_time_set(shared: Sample, fault: str) -> None:
    shared.servers.faults.clear()
    shared.fail(FEED, fault, seconds=0.05 if fault == "drip" else 30)
    begun = datetime.now(UTC)
    with pytest.raises(FetchFailed) as caught:
        bluesky.fetch(shared.client, shared.work("own"), deadline_seconds=1)
    assert caught.value.kind == "down"
    assert datetime.now(UTC) - begun < timedelta(seconds=5)


def test_an_unreadable_reset_on_a_good_answer_costs_nothing(shared: Sample) -> None:
    shared.servers.faults.clear()
    shared.fail(FEED, "bad reset")
    assert shared.fetch("own").posts


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "https://no-such-host.invalid"])
def test_nobody_there_is_down(url: str) -> None:
    client = bluesky.connect(
        Bluesky(appview=url, pds=url), user_agent="t", spend=lambda _: None, limits=lambda *_: None, now=lambda: NOW
    )
    with pytest.raises(FetchFailed) as caught:
        bluesky.resolve(client, HANDLE)
    assert caught.value.kind == "down"
    client.close()


def test_plain_http_is_for_this_machine_only() -> None:
    with pytest.raises(FetchFailed, match="not reached over https") as caught:
        bluesky.connect(
            Bluesky(appview="http://bsky.example.com"),
            user_agent="t", spend=lambda _: None, limits=lambda *_: None, now=lambda: NOW,
        )  # fmt: skip
    assert caught.value.cure is not None


def test_a_missing_actor_is_a_400_and_means_gone(shared: Sample) -> None:
    shared.servers.faults.clear()
    with pytest.raises(FetchFailed) as caught:
        shared.fetch("own", "nobody.example.com")
    assert caught.value.kind == "gone"


def test_an_error_nobody_thought_of_is_broken_without_its_words() -> None:
    failure = explain_failure(RuntimeError("her daughter is in distress"), "bsky.example.com", NOW)
    assert failure.kind == "broken"
    assert "daughter" not in str(failure)


def test_a_body_that_cannot_be_unpacked_is_broken() -> None:
    assert explain_failure(httpx.DecodingError("gzip"), "bsky.example.com", NOW).kind == "broken"
