"""GoToSocial and Takahe speak the same API with gaps: each gap closes one capability, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from collectors import mastodon
from collectors.fetch_types import FetchFailed
from collectors.sample.mastodon_server.ids import Flavour
from collectors.sample.servers import SampleServers
from tests.support.mastodon_sample import GROUP, HANDLE, HOME, Notes, about, client_of, id_of, the_town, work


@pytest.fixture(params=["gotosocial", "takahe"])
def town(request: pytest.FixtureRequest) -> Iterator[SampleServers]:
    flavour: Flavour = request.param
    with the_town(flavour=flavour) as servers:
        yield servers


def signed_in(town: SampleServers, notes: Notes | None = None) -> mastodon.Client:
    return client_of(town, token=town.mastodon[HOME].app.user_token(GROUP), notes=notes)


def test_everything_but_quotes_is_open_with_a_token(town: SampleServers) -> None:
    states = {one.capability: one.state for one in mastodon.probe(signed_in(town), HANDLE, "RiversideCarers")}
    assert states.pop("quotes") == "closed"
    assert states.pop("token") == (
        "open" if "gotosocial" in str(town.mastodon[HOME].app.options.flavour) else "unknown"
    )
    assert set(states.values()) == {"open"}
    assert len(states) == 7


def test_the_local_accounts_are_completed_with_the_domain(town: SampleServers) -> None:
    client = signed_in(town)
    assert mastodon.resolve(client, HANDLE).key == GROUP
    assert mastodon.facts(client).software is None
    assert mastodon.facts(client).domain == HOME


def test_a_post_has_no_link_without_a_handle(town: SampleServers) -> None:
    batch = mastodon.fetch(signed_in(town), work("own", page_limit=1))
    assert batch.posts[0].handle_free_link is None
    assert batch.posts[0].link is not None


def test_the_history_is_read_to_its_end_with_ids_of_every_kind(town: SampleServers) -> None:
    client, job = signed_in(town), work("own", mode="backfill", page_limit=2)
    first = mastodon.fetch(client, job)
    second = mastodon.fetch(client, replace(job, cursor=first.cursor))
    assert len({post.server_post_id for post in (*first.posts, *second.posts)}) == 100
    assert (first.is_complete, second.is_complete) == (False, True)


def test_known_posts_are_read_one_by_one_where_there_is_no_batch(town: SampleServers) -> None:
    notes = Notes()
    client = signed_in(town, notes)
    job = about("refresh", town, "own1", "own2", "gone")
    for _ in range(2):
        batch = mastodon.fetch(client, job)
        assert (len(batch.posts), batch.missing) == (2, [id_of(town, "gone")])
        assert batch.posts[0].quotes_count is None
    assert len(notes.spent) == 1 + 2 + 3 + 3 + (2 if "takahe" in str(mastodon.facts(client).version) else 1)


def test_mentions_come_from_the_older_call(town: SampleServers) -> None:
    client = signed_in(town)
    batch = mastodon.fetch(client, work("mentions"))
    assert {id_of(town, name) for name in ("ask", "edited")} <= {post.server_post_id for post in batch.posts}
    town.mastodon[HOME].edge.requests.clear()
    mastodon.fetch(client, work("mentions"))
    assert {asked.path for asked in town.mastodon[HOME].requests} == {"/api/v1/notifications"}


def test_a_thread_is_read_whole(town: SampleServers) -> None:
    batch = mastodon.fetch(signed_in(town), about("thread", town, "own24"))
    assert len(batch.posts) == 4
    assert batch.is_complete


def test_an_unknown_tag_is_an_empty_feed(town: SampleServers) -> None:
    batch = mastodon.fetch(signed_in(town), work("hashtag", "nobodyusedthis"))
    assert (batch.posts, batch.is_complete) == ([], True)


@pytest.mark.parametrize("kind", ["profile", "own", "hashtag", "refresh", "thread", "boosters"])
def test_gotosocial_tells_a_stranger_to_bring_a_token(kind: str) -> None:
    with the_town(flavour="gotosocial") as town:
        job = about(kind, town, "own1", "own2") if kind in ("refresh", "thread", "boosters") else work(kind)
        with pytest.raises(FetchFailed) as failed:
            mastodon.fetch(client_of(town), job)
        assert (failed.value.kind, failed.value.capability is not None) == ("closed", True)
        assert "Add a read-only token" in (failed.value.cure or "")


def test_a_wholly_closed_mastodon_tells_a_stranger_to_bring_a_token() -> None:
    with the_town(is_closed=True) as town:
        found = mastodon.probe(client_of(town), HANDLE)
        assert {one.state for one in found if one.capability in ("profile", "own posts", "tag feed")} == {"needs token"}
