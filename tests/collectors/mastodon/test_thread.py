"""Threads on Mastodon: everything below a post, and an honest count of what the server kept back."""

from collections.abc import Iterator
from typing import Any

import pytest

from collectors import mastodon
from collectors.fetch_types import Batch, FetchFailed, KnownPost, SeenThread
from collectors.sample.servers import SampleServers
from collectors.sample.world import World
from tests.support.mastodon_sample import (
    ANN,
    BO,
    GROUP,
    NOON,
    PEOPLE,
    Notes,
    a_client,
    a_post,
    about,
    answers,
    client_of,
    id_of,
    the_town,
    work,
)


@pytest.fixture(scope="module")
def town() -> Iterator[SampleServers]:
    with the_town() as servers:
        yield servers


def threads(batch: Batch) -> dict[str, SeenThread]:
    return {one.server_post_id: one for one in batch.threads}


def test_a_thread_is_the_post_and_every_public_reply_below_it(town: SampleServers) -> None:
    batch = mastodon.fetch(client_of(town), about("thread", town, "own24"))
    names = ("own24", "ask", "answer", "thanks")
    assert {post.server_post_id for post in batch.posts} == {id_of(town, name) for name in names}
    assert all((one.replies_reported, one.replies_fetched) in ((1, 1), (0, 0)) for one in batch.threads)
    assert batch.is_complete


def test_what_stands_above_the_post_is_not_returned(town: SampleServers) -> None:
    batch = mastodon.fetch(client_of(town), about("thread", town, "answer"))
    assert {post.server_post_id for post in batch.posts} == {id_of(town, "answer"), id_of(town, "thanks")}


def test_private_replies_are_counted_as_shown_and_never_returned(town: SampleServers) -> None:
    """They answer somebody: the thread was read whole, though nothing of them is kept."""
    token = town.mastodon["carers.example"].app.user_token(ANN)
    batch = mastodon.fetch(client_of(town, token=token), about("thread", town, "ask"))
    assert batch.private_count == 1
    assert id_of(town, "whisper") not in {post.server_post_id for post in batch.posts}
    assert threads(batch)[id_of(town, "ask")].replies_fetched == 2


def test_a_post_that_is_gone_is_missing(town: SampleServers) -> None:
    batch = mastodon.fetch(client_of(town), about("thread", town, "gone"))
    assert (batch.posts, batch.threads, batch.missing) == ([], [], [id_of(town, "gone")])


def a_busy_thread() -> World:
    """70 people answer; the last but two is answered by 30 more, the newest of them by one more."""
    replies = [a_post(f"r{number}", BO, 90 - number, reply_to="root") for number in range(70)]
    branch = [a_post(f"s{number}", ANN, 19 - number / 10, reply_to="r40") for number in range(30)]
    deep = [a_post("d", BO, 1, reply_to="s29"), a_post("e", ANN, 0.5, reply_to="d")]
    return World(PEOPLE, (a_post("root", GROUP, 100), *replies, *branch, *deep), ())


def test_a_thread_that_is_cut_off_is_asked_about_further_down_and_told(  # the newest requests are the ones dropped
) -> None:
    with the_town(a_busy_thread()) as town:
        batch = mastodon.fetch(client_of(town), about("thread", town, "root"))
        found = {post.server_post_id for post in batch.posts}
        assert {id_of(town, name) for name in ("s0", "s29", "d", "e")} <= found
        assert id_of(town, "r69") not in found  # a stranger is not shown it
        assert not batch.is_complete
        assert "token" in (batch.reason or "")
        root = threads(batch)[id_of(town, "root")]
        assert (root.replies_reported, root.replies_fetched < 70) == (70, True)
        assert len(town.mastodon["carers.example"].requests) <= 2 + 1 + 10


def test_a_token_shows_the_whole_of_it() -> None:
    with the_town(a_busy_thread()) as town:
        token = town.mastodon["carers.example"].app.user_token(GROUP)
        batch = mastodon.fetch(client_of(town, token=token), about("thread", town, "root"))
        assert len(batch.posts) == 103
        assert batch.is_complete


def test_a_very_deep_thread_is_followed_down() -> None:
    chain = [a_post(f"c{number}", BO, 90 - number, reply_to=f"c{number - 1}") for number in range(1, 50)]
    with the_town(World(PEOPLE, (a_post("c0", GROUP, 90), *chain), ())) as town:
        batch = mastodon.fetch(client_of(town), about("thread", town, "c0"))
        assert len(batch.posts) == 50
        assert batch.is_complete


def test_a_reply_that_the_server_does_not_show_makes_the_thread_short_and_costs_few_calls() -> None:
    """A reply reported and not shown: unknown, never unanswered."""

    def tell(path: str) -> tuple[int, dict[str, str], Any]:
        return 200, {}, {"ancestors": [], "descendants": []} if path.endswith("context") else a_status("1", replies=3)

    with answers(tell) as url:
        notes = Notes()
        batch = mastodon.fetch(a_client(url, notes=notes), one_thread())
        assert threads(batch)["1"] == SeenThread("1", 3, 0)
        assert len(notes.spent) == 3


def a_status(number: str, parent: str | None = None, replies: int = 0) -> dict[str, Any]:
    return {
        "id": number,
        "uri": f"https://carers.example/{number}",
        "created_at": NOON.isoformat(),
        "visibility": "public",
        "content": "hello",
        "account": {"id": "1", "acct": "ann"},
        "in_reply_to_id": parent,
        "replies_count": replies,
        "reblogs_count": 0,
        "favourites_count": 0,
    }


def one_thread() -> Any:
    return work("thread", "", posts=(KnownPost("1", None, NOON),))


@pytest.mark.parametrize(("shows_up_after", "replies"), [(1, 1), (2, 1), (3, 0)])
def test_replies_that_the_server_is_fetching_are_waited_for_twice_at_most(shows_up_after: int, replies: int) -> None:
    asked = 0

    def tell(path: str) -> tuple[int, dict[str, str], Any]:
        nonlocal asked
        if not path.endswith("context"):
            return 200, {}, a_status("1", replies=1)
        asked += 1
        is_there = asked > shows_up_after
        found = [a_status("2", "1")] if is_there else []
        headers = {} if is_there else {"Mastodon-Async-Refresh": 'id="x", retry=60, result_count=0'}
        return 200, headers, {"ancestors": [], "descendants": found}

    with answers(tell) as url:
        notes = Notes()
        batch = mastodon.fetch(a_client(url, token="t", notes=notes), one_thread())
        assert threads(batch)["1"].replies_fetched == replies
        assert notes.slept == [5.0] * min(shows_up_after, 2)


def test_a_server_whose_replies_go_round_in_circles_is_read_to_an_end() -> None:
    def tell(path: str) -> tuple[int, dict[str, str], Any]:
        found = [a_status("2", "3", 2), a_status("3", "2", 2), a_status("1", "1", 2), {"id": 7}, None]
        return 200, {}, {"ancestors": [], "descendants": found} if path.endswith("context") else a_status("1")

    with answers(tell) as url:
        batch = mastodon.fetch(a_client(url), one_thread())
        assert len(batch.posts) == 3


@pytest.mark.parametrize("body", [None, [], {"error": "x"}, {"ancestors": []}, {"descendants": "many"}])
def test_a_context_that_makes_no_sense_is_broken_and_not_empty(body: Any) -> None:
    def tell(path: str) -> tuple[int, dict[str, str], Any]:
        return 200, {}, body if path.endswith("context") else a_status("1")

    with answers(tell) as url:
        with pytest.raises(FetchFailed) as failed:
            mastodon.fetch(a_client(url), one_thread())
        assert failed.value.kind == "broken"
