"""The Mastodon collector against sample servers over real HTTP: what each kind of work brings."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from collectors import mastodon
from collectors.fetch_types import Batch, FetchFailed
from collectors.sample.servers import SampleServers
from tests.support.mastodon_sample import (
    ANN,
    BO,
    GROUP,
    HANDLE,
    HOME,
    NEW,
    NOON,
    OTHER,
    Notes,
    a_client,
    about,
    before,
    client_of,
    id_of,
    the_town,
    work,
)


@pytest.fixture(scope="module")
def shared() -> Iterator[SampleServers]:
    with the_town() as servers:
        yield servers


@pytest.fixture
def town(shared: SampleServers) -> Iterator[SampleServers]:
    """The town, with the log of requests empty."""
    for one in shared.mastodon.values():
        one.edge.requests.clear()
    yield shared
    shared.faults.clear()


def paths(town: SampleServers, server: str = HOME) -> list[str]:
    return [asked.path for asked in town.mastodon[server].requests if "instance" not in asked.path]


def ids(batch: Batch) -> list[str]:
    return [post.server_post_id for post in batch.posts]


# who is there


def test_a_handle_is_resolved_and_completed_with_the_servers_domain(town: SampleServers) -> None:
    account = mastodon.resolve(client_of(town), HANDLE)
    assert (account.key, account.followers_count, account.is_bot) == (GROUP, 121, False)
    assert account.address == f"https://{HOME}/users/group"


@pytest.mark.parametrize(("handle", "cure"), [("@nobody@carers.example", "spelling"), ("not an address", "@name@")])
def test_a_wrong_handle_is_told_with_the_cure(town: SampleServers, handle: str, cure: str) -> None:
    with pytest.raises(FetchFailed) as failed:
        mastodon.resolve(client_of(town), handle)
    assert failed.value.kind == "gone"
    assert cure in (failed.value.cure or "")
    assert "nobody" not in str(failed.value)


def test_a_server_tells_its_domain_software_and_rules(town: SampleServers) -> None:
    facts = mastodon.facts(client_of(town))
    assert (facts.domain, facts.software) == (HOME, "mastodon")
    assert facts.rules[0].startswith("Be kind")


def test_the_profile_brings_todays_counts(town: SampleServers) -> None:
    batch = mastodon.fetch(client_of(town), work("profile"))
    assert batch.account is not None
    assert (batch.account.followers_count, batch.account.posts_count) == (121, 101)


def test_probing_says_what_is_open_and_what_needs_a_token(town: SampleServers) -> None:
    found = {one.capability: one for one in mastodon.probe(client_of(town), HANDLE, "RiversideCarers")}
    states = {name: one.state for name, one in found.items()}
    assert states.pop("mentions") == states.pop("quotes") == "needs token"
    assert set(states) == {"profile", "own posts", "tag feed", "refresh", "threads", "boosters"}
    assert set(states.values()) == {"open"}
    assert "read-only token" in (found["mentions"].cure or "")


# the group's own posts


def test_the_history_is_read_to_its_end_without_boosts(town: SampleServers) -> None:
    batch = mastodon.fetch(client_of(town), work("own", mode="backfill"))
    assert (len(batch.posts), len(set(ids(batch))), batch.is_complete) == (100, 100, True)
    assert (batch.from_at, batch.to_at) == (before(100), NOON)
    assert id_of(town, "answer") not in ids(batch)


def test_a_long_history_goes_on_where_the_last_run_stopped(town: SampleServers) -> None:
    client, job = client_of(town), work("own", mode="backfill", page_limit=1)
    seen: list[str] = []
    for _ in range(5):
        batch = mastodon.fetch(client, job)
        seen += ids(batch)
        if batch.is_complete:
            break
        assert batch.reason == "there is more than was read"
        job = replace(job, cursor=batch.cursor)
    assert batch.cursor is None
    assert len(seen) == len(set(seen)) == 100


def test_a_fault_in_mid_history_keeps_what_was_read_and_the_next_run_repairs_it(town: SampleServers) -> None:
    town.faults.add("/api/v1/accounts/*/statuses", "status:503", skip=1)
    client = client_of(town)
    first = mastodon.fetch(client, work("own", mode="backfill"))
    assert (len(first.posts), first.is_complete) == (40, False)
    assert "trouble of its own (503)" in (first.reason or "")
    second = mastodon.fetch(client, work("own", mode="backfill", cursor=first.cursor))
    assert second.is_complete
    assert len({*ids(first), *ids(second)}) == 100


def test_the_head_is_one_page_without_a_cursor_while_it_holds_something_known(town: SampleServers) -> None:
    notes = Notes()
    known = frozenset({id_of(town, "own30")})
    batch = mastodon.fetch(client_of(town, notes=notes), work("own", known=known))
    assert (len(batch.posts), batch.pages_count, batch.is_complete) == (40, 1, True)
    assert not any(notes.spent)
    assert "max_id" not in "".join(asked.query for asked in town.mastodon[HOME].requests)


def test_the_head_is_followed_while_whole_pages_are_new(town: SampleServers) -> None:
    notes = Notes()
    batch = mastodon.fetch(client_of(town, notes=notes), work("own", known=frozenset({id_of(town, "own60")})))
    assert (len(batch.posts), batch.pages_count) == (80, 2)
    assert notes.spent.count(True) == 1


def test_more_new_posts_than_pages_allowed_is_told(town: SampleServers) -> None:
    batch = mastodon.fetch(client_of(town), work("own", page_limit=2))
    assert (len(batch.posts), batch.is_complete, batch.cursor) == (80, False, None)


def test_an_overlap_reads_back_to_its_time_whatever_is_known(town: SampleServers) -> None:
    everything = frozenset(id_of(town, f"own{number}") for number in range(1, 101))
    batch = mastodon.fetch(client_of(town), work("own", mode="overlap", since=before(48), known=everything))
    assert {id_of(town, f"own{number}") for number in range(1, 49)} <= set(ids(batch))
    assert (batch.pages_count, batch.from_at, batch.is_complete) == (2, before(48), True)


def test_short_pages_are_not_the_end() -> None:
    with the_town(shorter_pages=7) as town:
        batch = mastodon.fetch(client_of(town), work("hashtag", "RiversideCarers", mode="backfill"))
        assert len(batch.posts) == 101


def test_an_empty_feed_is_complete(town: SampleServers) -> None:
    batch = mastodon.fetch(client_of(town), work("own", f"@{NEW}", mode="backfill", since=before(1)))
    assert batch.is_complete


# tags


def test_a_tag_feed_is_read_without_regard_to_case(town: SampleServers) -> None:
    batch = mastodon.fetch(client_of(town), work("hashtag", "riversidecarers", mode="backfill"))
    assert len(batch.posts) == 101
    assert all("riversidecarers" in post.tags for post in batch.posts)


def test_a_tag_that_nobody_used_is_an_empty_feed(town: SampleServers) -> None:
    batch = mastodon.fetch(client_of(town), work("hashtag", "nobodyusedthis"))
    assert (batch.posts, batch.is_complete) == ([], True)


def test_a_closed_tag_feed_is_asked_once_more_for_local_posts() -> None:
    with the_town(tag_feed="authenticated") as town:
        batch = mastodon.fetch(client_of(town), work("hashtag", "RiversideCarers", mode="backfill"))
        assert len(batch.posts) == 100  # without the one from the other server
        assert batch.capabilities[0].state == "open"
        assert "its own people's" in (batch.capabilities[0].reason or "")


def test_a_tag_feed_closed_in_both_ways_is_closed_with_a_cure() -> None:
    with the_town(tag_feed="disabled", tag_feed_local="disabled") as town:
        with pytest.raises(FetchFailed) as failed:
            mastodon.fetch(client_of(town), work("hashtag", "RiversideCarers"))
        assert (failed.value.kind, failed.value.capability) == ("closed", "tag feed")
        assert len([path for path in paths(town) if "tag" in path]) == 2


def test_a_topic_is_read_back_to_the_last_head_though_nothing_of_it_is_held(town: SampleServers) -> None:
    client = client_of(town)
    first = mastodon.fetch(client, work("topic", "RiversideCarers"))
    assert (len(first.posts), first.is_complete) == (40, False)  # just started: the newest page
    second = mastodon.fetch(client, work("topic", "RiversideCarers"))
    assert (len(second.posts), second.pages_count, second.is_complete) == (40, 1, True)


# mentions


def test_mentions_need_a_token_and_say_so_without_asking(town: SampleServers) -> None:
    with pytest.raises(FetchFailed) as failed:
        mastodon.fetch(client_of(town), work("mentions"))
    assert (failed.value.kind, failed.value.capability) == ("closed", "mentions")
    assert "token" in (failed.value.cure or "")
    assert paths(town) == []


def test_mentions_bring_newcomers_and_quotes_and_never_a_direct_message(town: SampleServers) -> None:
    token = town.mastodon[HOME].app.user_token(GROUP)
    batch = mastodon.fetch(client_of(town, token=token), work("mentions"))
    assert {id_of(town, name) for name in ("ask", "first", "quoting", "edited")} == set(ids(batch))
    assert batch.private_count == 1
    assert not any("direct" in post.text for post in batch.posts)
    assert {asked.method for asked in town.mastodon[HOME].requests} == {"GET"}  # nothing is marked as read


def test_an_app_token_is_nobody_and_told_so(town: SampleServers) -> None:
    token = town.mastodon[HOME].app.app_token()
    with pytest.raises(FetchFailed) as failed:
        mastodon.fetch(client_of(town, token=token), work("mentions"))
    assert failed.value.kind == "closed"


def test_a_token_that_no_longer_works_is_told_so(town: SampleServers) -> None:
    with pytest.raises(FetchFailed) as failed:
        mastodon.fetch(client_of(town, token="old"), work("mentions"))
    assert failed.value.kind == "closed"
    assert "new read-only token" in (failed.value.cure or "")


# known posts


def test_a_refresh_brings_counts_edits_and_what_is_gone(town: SampleServers) -> None:
    job = about("refresh", town, "own24", "edited", "gone", "secret")
    batch = mastodon.fetch(client_of(town), job)
    by_id = {post.server_post_id: post for post in batch.posts}
    own, edited = by_id[id_of(town, "own24")], by_id[id_of(town, "edited")]
    assert (own.boosts_count, own.likes_count, own.replies_count, own.quotes_count) == (2, 1, 1, 1)
    assert (edited.edited_at, edited.text) == (before(1), "@group is")
    assert set(batch.missing) == {id_of(town, "gone"), id_of(town, "secret")}
    assert len(paths(town)) == 3  # one batch, and each of the two once more alone


def test_a_post_that_only_its_reader_may_see_is_withdrawn_for_everybody_else(town: SampleServers) -> None:
    token = town.mastodon[HOME].app.user_token(GROUP)
    batch = mastodon.fetch(client_of(town, token=token), about("refresh", town, "secret"))
    assert (batch.posts, batch.private_count, batch.withdrawn) == ([], 1, [id_of(town, "secret")])


def test_a_refresh_asks_for_twenty_at_a_time(town: SampleServers) -> None:
    batch = mastodon.fetch(client_of(town), about("refresh", town, *(f"own{number}" for number in range(1, 46))))
    assert len(batch.posts) == 45
    assert paths(town) == ["/api/v1/statuses"] * 3


@pytest.mark.parametrize(("status", "where"), [(404, "missing"), (410, "missing"), (401, "refused"), (403, "refused")])
def test_what_a_batch_leaves_out_is_missing_or_refused_as_the_server_says_of_it_alone(
    town: SampleServers, status: int, where: str
) -> None:
    town.faults.add("/api/v1/statuses/", f"status:{status}")
    batch = mastodon.fetch(client_of(town), about("refresh", town, "own1", "gone"))
    assert getattr(batch, where) == [id_of(town, "gone")]
    assert len(batch.posts) == 1


def test_a_server_in_trouble_is_no_evidence_that_a_post_is_gone(town: SampleServers) -> None:
    town.faults.add("/api/v1/statuses/", "status:503")
    with pytest.raises(FetchFailed) as failed:
        mastodon.fetch(client_of(town), about("refresh", town, "own1", "gone"))
    assert failed.value.kind == "down"


def test_boosters_bring_followers_and_nothing_else(town: SampleServers) -> None:
    batch = mastodon.fetch(client_of(town), about("boosters", town, "own24"))
    found = {one.account_key: one.followers_count for one in batch.interactions}
    assert found == {ANN: None, BO: 50}
    assert not batch.is_interactions_partial
    assert {one.kind for one in batch.interactions} == {"boost"}


# manners


def test_every_request_is_asked_of_the_budget_first_and_limits_are_reported(town: SampleServers) -> None:
    notes = Notes()
    mastodon.fetch(client_of(town, notes=notes), work("own", mode="backfill"))
    asked = town.mastodon[HOME].requests
    assert len(asked) == len(notes.spent) == len(notes.limits)
    assert [("max_id" in one.query) for one in asked] == notes.spent
    remaining, resets_at = notes.limits[-1]
    assert remaining is not None
    assert resets_at is not None
    assert NOON < resets_at <= NOON + timedelta(minutes=15)


def test_a_used_up_budget_sends_nothing(town: SampleServers) -> None:
    def refuse(_: bool) -> None:
        raise FetchFailed("limited", "our share is used up", retry_at=NOON)

    client = client_of(town)
    client.http._spend = refuse
    with pytest.raises(FetchFailed) as failed:
        mastodon.fetch(client, work("own"))
    assert (failed.value.kind, failed.value.retry_at) == ("limited", NOON)
    assert list(town.mastodon[HOME].requests) == []


def test_we_say_who_we_are_and_a_stranger_sends_no_token(town: SampleServers) -> None:
    mastodon.fetch(client_of(town), work("profile"))
    for asked in town.mastodon[HOME].requests:
        assert asked.headers["user-agent"] == "Mutuals tests"
        assert "authorization" not in asked.headers


def test_what_is_learnt_of_a_server_is_asked_once(town: SampleServers) -> None:
    client = client_of(town)
    for _ in range(3):
        mastodon.fetch(client, work("own"))
        mastodon.fetch(client, work("hashtag", "RiversideCarers"))
    asked = [one.path for one in town.mastodon[HOME].requests]
    assert sum("instance" in path for path in asked) == 1
    assert sum("lookup" in path for path in asked) == 1


def test_one_line_serves_all_requests(town: SampleServers) -> None:
    client = client_of(town)
    mastodon.fetch(client, work("own", mode="backfill"))
    pools = client.http.get_adapter("http://x").poolmanager.pools  # type: ignore[attr-defined]
    assert [(pools[key].num_connections, pools[key].num_requests) for key in pools.keys()] == [(1, 5)]  # noqa: SIM118


def test_a_post_seen_through_another_server_is_the_same_post(town: SampleServers) -> None:
    home = mastodon.fetch(client_of(town), work("hashtag", "RiversideCarers", mode="backfill"))
    away = mastodon.fetch(client_of(town, OTHER), work("hashtag", "RiversideCarers", OTHER, mode="backfill"))
    both = {post.uri for post in home.posts} & {post.uri for post in away.posts}
    assert len(both) == 1
    by_uri = {post.uri: post for post in away.posts}
    same = next(post for post in home.posts if post.uri in both)
    assert by_uri[same.uri].author.key == same.author.key == BO


def test_nothing_on_mastodon_is_a_drain(town: SampleServers) -> None:
    with pytest.raises(FetchFailed):
        mastodon.fetch(client_of(town), work("drain"))


def test_connecting_sends_nothing() -> None:
    a_client("http://127.0.0.1:9")
