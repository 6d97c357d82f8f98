"""The Bluesky collector against the sample network, over HTTP."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from collectors import bluesky
from collectors.fetch_types import KNOWN_FOR, FetchFailed
from collectors.sample.servers import BlueskyOptions
from tests.support.bluesky_sample import ASKER, GROUP, HANDLE, NEWS, NOW, PEER, POSTS, QUIET, Sample, ago, post, sample


@pytest.fixture(scope="module")
def shared() -> Iterator[Sample]:
    with sample() as found:
        yield found


def test_a_handle_is_resolved_with_its_counts(shared: Sample) -> None:
    found = bluesky.resolve(shared.client, f"@{HANDLE}")
    assert (found.key, found.handle, found.followers_count) == (GROUP, HANDLE, 120)
    assert found.url == f"https://bsky.app/profile/{HANDLE}"


@pytest.mark.parametrize("handle", ["nobody.example.com", "riverside", "did:plc:nobodynobodynobodynobody"])
def test_an_unknown_handle_is_gone_with_a_cure_and_without_being_repeated(shared: Sample, handle: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        bluesky.resolve(shared.client, handle)
    assert caught.value.kind == "gone"
    assert caught.value.cure is not None
    assert handle not in f"{caught.value.reason} {caught.value.cure}"


def test_the_profile_brings_the_counts_of_the_group(shared: Sample) -> None:
    batch = shared.fetch("profile")
    assert batch.account is not None
    assert batch.account.followers_count == 120


def test_the_back_fill_reads_all_own_posts_and_no_boosts(shared: Sample) -> None:
    batch = shared.fetch("own", mode="backfill")
    assert batch.is_complete
    assert batch.cursor is None
    assert {post.author.key for post in batch.posts} == {GROUP}
    assert {post.uri for post in batch.posts} == {
        shared.uri(one.key) for one in POSTS if one.author == GROUP and one.deleted_at is None
    }
    assert batch.pages_count == 3


def test_a_back_fill_goes_on_where_the_page_limit_stopped_it(shared: Sample) -> None:
    first = shared.fetch("own", mode="backfill", page_limit=1)
    assert (first.is_complete, first.cursor is not None) == (False, True)
    second = shared.fetch("own", mode="backfill", cursor=first.cursor)
    assert second.is_complete
    assert len({post.uri for post in first.posts + second.posts}) == NEWS + 1


def test_the_head_stops_at_a_page_that_holds_nothing_new(shared: Sample) -> None:
    known = frozenset(post.uri for post in shared.fetch("own", mode="backfill").posts)
    assert shared.fetch("own", known=known).pages_count == 1
    newest = shared.uri("answer")
    assert shared.fetch("own", known=known - {newest}).pages_count == 2  # one is new: look at the next page too


def test_the_head_ends_on_a_page_that_reaches_further_back_than_is_known() -> None:
    often = tuple(post(f"o{number}", GROUP, number * 180, str(number)) for number in range(230))  # eight a day
    with sample(often) as found:
        held = found.fetch("own", mode="backfill").posts
        known = frozenset(one.uri for one in held if one.created_at >= NOW - KNOWN_FOR)
        assert found.fetch("own", known=known).pages_count == 1
        assert found.fetch("own", known=known - {found.uri("o0")}).pages_count == 1
        assert found.fetch("own", known=frozenset()).pages_count == 3


def test_a_look_back_ends_at_its_time(shared: Sample) -> None:
    batch = shared.fetch("own", mode="overlap", since=ago(850))
    assert batch.pages_count == 1  # 80 posts are younger, so the first page already reaches further back
    assert batch.is_complete


def test_a_pinned_post_comes_first_and_neither_ends_nor_lengthens_the_reading() -> None:
    with sample(options=BlueskyOptions(pins={GROUP: "news 0"})) as found:
        known = frozenset({found.uri("news 0")})
        batch = found.fetch("own", mode="backfill", known=known)
        assert len({post.uri for post in batch.posts}) == NEWS + 1


def test_mentions_replies_and_quotes_come_from_the_notifications(shared: Sample) -> None:
    batch = shared.fetch("mentions", mode="backfill")
    expected = {shared.uri(key) for key in ("ask", "thanks", "quiet", "quote")}
    assert expected <= {post.uri for post in batch.posts}
    assert shared.uri("deleted") not in {post.uri for post in batch.posts}


def test_nothing_is_ever_marked_as_read(shared: Sample) -> None:
    shared.fetch("mentions", mode="backfill")
    assert not any("updateSeen" in asked.path for asked in shared.servers.bluesky.requests)


def test_reading_is_anonymous_even_when_signed_in(shared: Sample) -> None:
    shared.fetch("mentions", mode="backfill")
    shared.fetch("thread", about=("ask",))
    for asked in shared.servers.bluesky.requests:
        if asked.path.startswith(("/xrpc/app.bsky.feed.getPosts", "/xrpc/app.bsky.feed.getPostThread")):
            assert "authorization" not in asked.headers


def test_an_account_that_wants_no_unauthenticated_readers_is_refusing(shared: Sample) -> None:
    posts = {post.author.key: post.author for post in shared.fetch("thread", about=("news 0",)).posts}
    assert posts[QUIET].is_refusing
    assert not posts[QUIET].is_agreeing
    assert posts[GROUP].is_agreeing


def test_the_hashtag_is_searched_for_signed_in_with_one_request(shared: Sample) -> None:
    before = shared.asked("app.bsky.feed.searchPosts")
    batch = shared.fetch("hashtag", "riversidecarers", known=frozenset({shared.uri("ask")}))
    assert [post.uri for post in batch.posts] == [shared.uri("ask")]
    assert shared.asked("app.bsky.feed.searchPosts") == before + 1


def test_without_an_app_password_mentions_and_search_are_closed_with_the_cure() -> None:
    with sample(is_signed_in=False) as found:
        for kind in ("mentions", "hashtag", "topic"):
            with pytest.raises(FetchFailed) as caught:
                found.fetch(kind, "riversidecarers")
            assert caught.value.kind == "closed"
            assert "app password" in (caught.value.cure or "")
        states = {one.capability: one.state for one in bluesky.probe(found.client, HANDLE)}
        assert states["mentions"] == states["tag feed"] == "needs token"
        assert states["own posts"] == states["threads"] == "open"


def test_a_probe_tries_everything_once(shared: Sample) -> None:
    found = bluesky.probe(shared.client, HANDLE, "riversidecarers")
    assert {one.capability for one in found} == {
        "profile", "own posts", "refresh", "threads", "boosters", "quotes", "mentions", "tag feed",
    }  # fmt: skip
    assert {one.state for one in found} == {"open"}


def test_a_thread_shows_what_was_read_of_every_post(shared: Sample) -> None:
    batch = shared.fetch("thread", about=("ask",))
    assert [post.uri for post in batch.posts] == [shared.uri(key) for key in ("ask", "answer", "thanks")]
    assert {(one.replies_reported, one.replies_fetched) for one in batch.threads} == {(1, 1), (0, 0)}


def test_a_reply_that_the_owner_hid_says_so_in_the_thread_and_by_itself(shared: Sample) -> None:
    in_thread = {post.uri: post.is_hidden for post in shared.fetch("thread", about=("news 0",)).posts}
    alone = {post.uri: post.is_hidden for post in shared.fetch("refresh", about=("hostile", "quiet")).posts}
    assert in_thread[shared.uri("hostile")]
    assert alone == {shared.uri("hostile"): True, shared.uri("quiet"): False}


def test_a_thread_deeper_than_one_answer_is_read_to_its_end() -> None:
    chain = [post("r0", ASKER, 400, reply_to="news 0")]
    chain += [
        post(f"r{number}", (ASKER, PEER)[number % 2], 400 - number, reply_to=f"r{number - 1}")
        for number in range(1, 200)
    ]
    with sample((post("news 0", GROUP, 500), *chain), reactions=()) as found:
        batch = found.fetch("thread", about=("news 0",))
        assert len(batch.posts) == 201
        assert all(one.replies_reported == one.replies_fetched for one in batch.threads)
        short = found.fetch("thread", about=("news 0",), page_limit=1)
        assert not short.is_complete
        assert short.reason is not None


def test_what_is_gone_is_missing_only_when_the_pds_says_so(shared: Sample) -> None:
    batch = shared.fetch("refresh", about=("news 0", "deleted", "deleted own"))
    assert [post.uri for post in batch.posts] == [shared.uri("news 0")]
    assert batch.missing == [shared.uri("deleted"), shared.uri("deleted own")]
    assert batch.refused == []


def test_a_deactivated_account_is_no_deletion() -> None:
    with sample(options=BlueskyOptions(deactivated={PEER: ago(5)})) as found:
        batch = found.fetch("refresh", about=("quote",))
        assert (batch.missing, batch.refused) == ([], [found.uri("quote")])


def test_a_pds_that_does_not_answer_is_no_evidence_of_a_deletion() -> None:
    with sample() as found:
        found.fail("com.atproto.repo.getRecord", "status:503", times=None)
        batch = found.fetch("refresh", about=("deleted",))
        assert (batch.missing, batch.refused) == ([], [found.uri("deleted")])


def test_a_block_between_two_accounts_hides_nothing_from_us() -> None:
    with sample(options=BlueskyOptions(blocks=frozenset({(GROUP, ASKER)}))) as found:
        assert [post.uri for post in found.fetch("refresh", about=("ask",)).posts] == [found.uri("ask")]


def test_a_thread_whose_post_is_gone_is_missing(shared: Sample) -> None:
    batch = shared.fetch("thread", about=("deleted",))
    assert batch.missing == [shared.uri("deleted")]
    assert batch.posts == []


def test_boosters_come_with_their_followers(shared: Sample) -> None:
    batch = shared.fetch("boosters", about=("news 0",))
    assert {(one.account_key, one.followers_count) for one in batch.interactions} == {(ASKER, 10), (PEER, 35)}
    assert {one.kind for one in batch.interactions} == {"boost"}  # the like is nobody's business
    assert not batch.is_interactions_partial


def test_quotes_come_as_posts_and_as_who_quoted(shared: Sample) -> None:
    batch = shared.fetch("quotes", about=("news 0",))
    assert [(post.uri, post.quoted_uri) for post in batch.posts] == [(shared.uri("quote"), shared.uri("news 0"))]
    assert [(one.account_key, one.kind) for one in batch.interactions] == [(PEER, "quote")]


def test_counts_are_those_of_the_network(shared: Sample) -> None:
    seen = shared.fetch("refresh", about=("news 0",)).posts[0]
    assert (seen.boosts_count, seen.likes_count, seen.quotes_count) == (2, 1, 1)


def test_the_drain_keeps_what_is_addressed_to_the_group(shared: Sample) -> None:
    cursor = str(int(ago(120).timestamp()) * 1_000_000)
    batch = shared.fetch("drain", cursor=cursor)
    assert {post.uri for post in batch.posts} == {
        shared.uri(key) for key in ("ask", "thanks", "quiet", "hostile", "quote")
    }
    assert batch.is_complete
    assert batch.bytes_count > 0
    again = shared.fetch("drain", cursor=batch.cursor, known=frozenset(post.uri for post in batch.posts))
    assert again.posts == []


def test_the_drain_is_off_until_it_is_switched_on() -> None:
    with sample() as found:
        found.client.settings = replace(found.client.settings, jetstream="")
        with pytest.raises(FetchFailed, match="switched off"):
            found.fetch("drain")


def test_every_request_is_budgeted_and_its_limits_are_told() -> None:
    with sample() as found:
        found.fetch("own", mode="backfill")
        assert found.spent == [False, True, True]  # cursors are told apart
        remaining, reset_at = found.limits[0]
        assert remaining is not None
        assert 0 < remaining <= 300  # as a share of our own limit
        assert reset_at is not None
        assert abs(reset_at - NOW) <= timedelta(minutes=5)


def test_we_say_who_we_are(shared: Sample) -> None:
    shared.fetch("profile")
    shared.fetch("mentions", mode="backfill")
    agents = {asked.headers["user-agent"] for asked in shared.servers.bluesky.requests if asked.method != "WS"}
    assert agents == {"Mutuals/test (+https://example.org)"}


def test_a_refused_budget_stops_before_anything_is_sent() -> None:
    with sample() as found:
        failure = FetchFailed("limited", "used up", retry_at=NOW)

        def refuse(_is_paged: bool) -> None:
            raise failure

        found.client.appview_wire.spend = refuse
        with pytest.raises(FetchFailed) as caught:
            found.fetch("own")
        assert caught.value is failure
        assert found.asked("app.bsky.feed.getAuthorFeed") == 0
