"""What the collector reads of a real Bluesky network, compared with what was written to it.

Runs where .ci/bluesky-network has installed one; skipped elsewhere.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors import bluesky
from collectors.fetch_types import Batch, FetchFailed, Kind, KnownPost, SeenPost, Work
from tests.bluesky_network.conftest import Network
from tests.bluesky_network.conversation import DEEP, Evening
from tests.bluesky_network.pds_client import Json
from warehouse.settings import Bluesky

pytestmark = pytest.mark.bluesky


class Reader:
    """The group's collector."""

    def __init__(self, network: Network, evening: Evening, session_file: Path, password: str | None) -> None:
        self.evening = evening
        self.spent = 0
        self.session_file = session_file
        self.client = bluesky.connect(
            Bluesky(appview=network.appview, pds=network.pds),
            handle="riverside.test", password=password, session_file=session_file, user_agent="Mutuals/test",
            spend=self._spend, limits=lambda *_: None, now=lambda: datetime.now(UTC),
        )  # fmt: skip

    def _spend(self, _is_paged: bool) -> None:
        self.spent += 1

    def fetch(self, kind: Kind, target: str | None = None, about: tuple[str, ...] = (), **more: Any) -> Batch:
        posts = tuple(KnownPost(self.evening.uri(name), self.evening.uri(name), datetime.now(UTC)) for name in about)
        target = target or self.evening.group.did
        return bluesky.fetch(
            self.client, Work("s", "riverside", "bluesky", "bluesky", kind, target, posts=posts, **more)
        )

    def names(self, batch: Batch) -> set[str]:
        """The posts of a batch by the names they have in the evening."""
        known = {post["uri"]: name for name, post in self.evening.posts.items()}
        return {known[post.uri] for post in batch.posts if post.uri in known}


@pytest.fixture(scope="module")
def reader(network: Network, evening: Evening, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Signed in with an app password."""
    made = Reader(network, evening, tmp_path_factory.mktemp("session") / "s", evening.group.app_password())
    yield made
    made.client.close()


def assert_as_written(post: SeenPost, record: Json) -> None:
    """Text, language, reply, mentions and tags, item by item."""
    features = [feature for facet in record.get("facets", ()) for feature in facet["features"]]
    assert post.text == record["text"]
    assert post.language == record["langs"][0].partition("-")[0]
    assert post.is_reply == ("reply" in record)
    assert post.parent_server_post_id == (record["reply"]["parent"]["uri"] if "reply" in record else None)
    assert post.mentioned_keys == {feature["did"] for feature in features if "did" in feature}
    assert post.tags == {feature["tag"].lower() for feature in features if "tag" in feature}


def test_the_group_is_found_with_its_counts(reader: Reader) -> None:
    found = bluesky.resolve(reader.client, "@riverside.test")
    assert found.key == reader.evening.group.did
    assert (found.handle, found.following_count, found.posts_count) == (
        "riverside.test", 1, len(reader.evening.group.written),
    )  # fmt: skip
    assert found.followers_count in (2, 3)  # the account that left may or may not count


def test_nobody_is_gone(reader: Reader) -> None:
    with pytest.raises(FetchFailed) as caught:
        bluesky.resolve(reader.client, "nobody.test")
    assert caught.value.kind == "gone"


def test_everything_a_collector_needs_is_open(reader: Reader) -> None:
    assert {one.state for one in bluesky.probe(reader.client, "riverside.test", "riversidecarers")} == {"open"}


def test_every_own_post_is_read_as_it_was_written_and_nothing_else(reader: Reader) -> None:
    batch = reader.fetch("own", mode="backfill")
    assert {post.uri for post in batch.posts} == set(reader.evening.group.written)
    for post in batch.posts:
        assert_as_written(post, reader.evening.group.written[post.uri])


def test_an_imported_post_and_a_wrong_clock_are_told_apart_from_the_others(reader: Reader) -> None:
    posts = {post.uri: post for post in reader.fetch("own", mode="backfill").posts}
    old, future = posts[reader.evening.uri("old")], posts[reader.evening.uri("future")]
    assert old.created_at == datetime(2014, 5, 1, tzinfo=UTC)
    assert old.indexed_at is not None
    assert datetime.now(UTC) - old.indexed_at < timedelta(minutes=10)
    assert datetime.now(UTC) - future.created_at < timedelta(minutes=10)


def test_pictures_and_labels_are_read(reader: Reader) -> None:
    seen = next(post for post in reader.fetch("own").posts if post.uri == reader.evening.uri("pictures"))
    assert (seen.media_count, seen.alt_text_count, seen.content_warning) == (2, 1, "graphic images")


def test_signed_in_every_mention_reply_and_quote_is_found(reader: Reader) -> None:
    batch = reader.fetch("mentions", mode="backfill")
    # The network tells nobody of a reply that the thread's owner has hidden, nor of an account that left.
    assert reader.names(batch) == {"ask", "quiet ask", "quote", "friendly", "below deleted"}
    written = {uri: record for person in reader.evening.people for uri, record in person.written.items()}
    for post in batch.posts:
        assert_as_written(post, written[post.uri])
    # Of the long talk, written in two pieces, the network tells the group of those replies only whose parent it had
    # already read: the first at least, and at most every reply the asker wrote. Which depends on the order it read them.
    talk = [post for post in batch.posts if post.text.startswith("and then, ")]
    assert len(batch.posts) == 5 + len(talk)
    assert {post.author.key for post in talk} == {reader.evening.asker.did}
    assert "and then, 0" in {post.text for post in talk}
    assert len(talk) <= DEEP / 2


def test_who_wants_no_unauthenticated_readers_is_shown_by_the_network_and_refusing_to_us(reader: Reader) -> None:
    refusing = {post.author.key for post in reader.fetch("mentions", mode="backfill").posts if post.author.is_refusing}
    assert refusing == {reader.evening.quiet.did}


def test_the_hashtag_is_found_by_search(reader: Reader) -> None:
    assert reader.names(reader.fetch("hashtag", "riversidecarers")) == {"tagged"}


def test_a_thread_of_ninety_replies_below_each_other_is_read_whole(reader: Reader) -> None:
    batch = reader.fetch("thread", about=("ask",))
    assert len(batch.posts) == 3 + DEEP
    assert {"ask", "answer", "peer answer", "deepest"} <= reader.names(batch)
    assert all(one.replies_reported == one.replies_fetched for one in batch.threads)
    assert batch.is_complete


def test_a_hidden_reply_says_so_wherever_it_is_read(reader: Reader) -> None:
    hostile = reader.evening.uri("hostile")
    thread = reader.fetch("thread", about=("welcome",))
    assert {post.uri for post in thread.posts if post.is_hidden} == {hostile}
    assert {post.uri for post in reader.fetch("refresh", about=("hostile", "friendly")).posts if post.is_hidden} == {
        hostile
    }


def test_what_stands_below_a_deleted_post_is_lost_from_the_thread_but_not_by_itself(reader: Reader) -> None:
    assert reader.names(reader.fetch("thread", about=("welcome",))) == {"welcome", "also", "hostile", "friendly"}
    alone = reader.fetch("thread", about=("below deleted",))
    assert reader.names(alone) == {"below deleted"}
    assert alone.posts[0].parent_server_post_id == reader.evening.uri("deleted")


def test_counts_are_what_people_did(reader: Reader) -> None:
    seen = reader.fetch("refresh", about=("welcome",)).posts[0]
    # The network counts direct replies that are still there.
    assert (seen.replies_count, seen.boosts_count, seen.likes_count, seen.quotes_count) == (3, 2, 1, 1)


def test_deleted_is_missing_and_deactivated_is_not(reader: Reader) -> None:
    batch = reader.fetch("refresh", about=("welcome", "deleted", "deleted own", "left"))
    assert reader.names(batch) == {"welcome"}
    assert batch.missing == [reader.evening.uri("deleted"), reader.evening.uri("deleted own")]
    assert batch.refused == [reader.evening.uri("left")]


def test_a_thread_below_a_deleted_post_is_missing(reader: Reader) -> None:
    assert reader.fetch("thread", about=("deleted",)).missing == [reader.evening.uri("deleted")]


def test_boosters_and_quotes_are_those_who_did(reader: Reader) -> None:
    boosts = reader.fetch("boosters", about=("welcome",)).interactions
    assert {(one.account_key, one.followers_count) for one in boosts} == {
        (reader.evening.peer.did, 2), (reader.evening.asker.did, 0),
    }  # fmt: skip
    assert reader.names(reader.fetch("quotes", about=("welcome",))) == {"quote"}


def test_a_token_that_the_pds_no_longer_takes_is_renewed(reader: Reader) -> None:
    signed_in = reader.client.signed_in
    assert signed_in is not None
    reader.fetch("mentions")
    assert signed_in.session is not None
    assert signed_in.client is not None
    head, _, signature = signed_in.session.access_jwt.rpartition(".")
    signed_in.session.access_jwt = f"{head}.{signature[::-1]}"
    signed_in.client.login(session_string=signed_in.session.encode(), fetch_bsky_profile=False)
    reader.session_file.unlink()
    assert reader.fetch("mentions").is_complete
    assert reader.session_file.exists()


def test_reading_without_a_password_sees_everything_but_mentions_and_search(
    network: Network, evening: Evening, tmp_path: Path
) -> None:
    anonymous = Reader(network, evening, tmp_path / "s", None)
    states = {one.capability: one.state for one in bluesky.probe(anonymous.client, "riverside.test")}
    assert states.pop("mentions") == states.pop("tag feed") == "needs token"
    assert set(states.values()) == {"open"}
    assert len(anonymous.fetch("own", mode="backfill").posts) == len(evening.group.written)
    anonymous.client.close()
