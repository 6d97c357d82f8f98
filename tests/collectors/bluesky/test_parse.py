"""What the parsers make of Bluesky's JSON, sense and nonsense."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import from_json

from collectors.bluesky.parse import Frame, Unreadable, read_account, read_labels, read_post, read_posts
from collectors.bluesky.thread import DEPTH, read_tree
from collectors.bluesky.timestamps import read_indexed
from collectors.fetch_types import SeenAccount, SeenPost

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
FRAME = Frame("https://bsky.app", NOW)
DID = "did:plc:askeraskeraskeraskeraske"
URI = f"at://{DID}/app.bsky.feed.post/3mwrr4zdu5t2c"
OTHER = "at://did:plc:groupgroupgroupgroupgrou/app.bsky.feed.post/3mwrr4zdu5t2d"


def a_view(**changes: Any) -> dict[str, Any]:
    """A postView; `record` and `author` are laid over the usual ones."""
    author = {"did": DID, "handle": "asker.example.com", "labels": []} | changes.pop("author", {})
    record = {
        "$type": "app.bsky.feed.post", "text": "Hello", "createdAt": "2026-10-01T10:00:00.000Z", "langs": ["en"],
    } | changes.pop("record", {})  # fmt: skip
    return {
        "uri": URI, "cid": "bafy", "author": author, "record": record, "indexedAt": "2026-10-01T10:00:01.000Z",
        "replyCount": 1, "repostCount": 2, "likeCount": 3, "quoteCount": 4, "labels": [],
    } | changes  # fmt: skip


def read(**changes: Any) -> SeenPost:
    return read_post(a_view(**changes), FRAME)


def label(value: str, **more: Any) -> dict[str, Any]:
    return {"src": DID, "uri": DID, "val": value, "cts": "2026-01-01T00:00:00Z"} | more


def test_a_post_is_read_with_its_counts_and_links() -> None:
    post = read()
    assert (post.replies_count, post.boosts_count, post.likes_count, post.quotes_count) == (1, 2, 3, 4)
    assert post.link == "https://bsky.app/profile/asker.example.com/post/3mwrr4zdu5t2c"
    assert post.handle_free_link == f"https://bsky.app/profile/{DID}/post/3mwrr4zdu5t2c"
    assert (post.visibility, post.server, post.server_post_id) == ("public", "bluesky", URI)


def test_a_reply_names_its_parent_and_the_top_of_the_conversation() -> None:
    top = "at://did:plc:top/app.bsky.feed.post/1"
    post = read(record={"reply": {"parent": {"uri": OTHER, "cid": "x"}, "root": {"uri": top, "cid": "x"}}})
    assert (post.is_reply, post.parent_server_post_id, post.root_server_post_id) == (True, OTHER, top)


def test_a_handle_that_the_network_could_not_verify_is_not_linked() -> None:
    assert read(author={"handle": "handle.invalid"}).link == f"https://bsky.app/profile/{DID}/post/3mwrr4zdu5t2c"


def test_only_real_mentions_count() -> None:
    facet = {"index": {}, "features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:x"}]}
    assert read(record={"text": "@x", "facets": [facet]}).mentioned_keys == {"did:plc:x"}
    assert read(record={"text": "@riverside.example.com"}).mentioned_keys == frozenset()


def test_tags_come_from_facets_and_from_the_record_without_case() -> None:
    facet = {"index": {}, "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "#RiversideCarers"}]}
    assert read(record={"facets": [facet], "tags": ["CARERS", "ÉTÉ", ""]}).tags == {"riversidecarers", "carers", "été"}


@pytest.mark.parametrize(
    "claim", ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "yesterday", "2026-10-01", "2026-10-01T09:00:00", None, 7,
              "2031-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"],
)  # fmt: skip
def test_a_junk_claim_of_a_time_gives_way_to_the_networks(claim: Any) -> None:
    assert read(record={"createdAt": claim}).created_at == datetime(2026, 10, 1, 10, 0, 1, tzinfo=UTC)


def test_a_claim_in_another_zone_is_turned_into_utc() -> None:
    post = read(record={"createdAt": "2026-10-01T11:30:00+02:00"})
    assert post.created_at == datetime(2026, 10, 1, 9, 30, tzinfo=UTC)


def test_an_imported_post_is_told_by_its_record_key() -> None:
    stated = datetime(2014, 5, 1, tzinfo=UTC)
    found = read_indexed(stated, "3mwrr4zdu5t2c", NOW)
    assert abs(found - datetime(2026, 10, 1, 2, 0, tzinfo=UTC)) < timedelta(hours=1)
    assert read_indexed(stated, "self", NOW) == stated
    assert read_indexed(stated, "0000000000000", NOW) == stated
    assert read_indexed(stated, "zzzzzzzzzzzzz", NOW) == stated  # a key from the future proves nothing


def test_labels_respect_being_taken_back_and_running_out() -> None:
    assert read_labels([label("bot")], NOW) == {"bot"}
    assert read_labels([label("bot"), label("bot", neg=True)], NOW) == frozenset()
    assert read_labels([label("bot"), label("bot", neg=True, src="did:plc:other")], NOW) == {"bot"}
    assert read_labels([label("bot", exp="2026-09-30T00:00:00Z")], NOW) == frozenset()
    assert read_labels([label("bot", exp="2026-10-02T00:00:00Z")], NOW) == {"bot"}


def test_an_author_who_wants_no_unauthenticated_readers_is_refusing() -> None:
    author = read(author={"labels": [label("!no-unauthenticated")]}).author
    assert (author.is_refusing, author.is_agreeing) == (True, False)
    assert read().author.is_agreeing


def test_a_bot_says_so_by_label() -> None:
    assert read(author={"labels": [label("bot")]}).author.is_bot


def test_labels_fold_and_hide_a_post() -> None:
    assert (
        read(labels=[label("graphic-media"), label("!warn")]).content_warning == "marked as sensitive, graphic images"
    )
    assert read(labels=[label("!hide")]).is_hidden
    assert read(labels=[label("spam")]).content_warning is None
    assert read().content_warning is None


def test_pictures_are_counted_with_their_descriptions() -> None:
    images = {"$type": "app.bsky.embed.images", "images": [{"alt": "A table"}, {"alt": " "}, {}]}
    assert (read(record={"embed": images}).media_count, read(record={"embed": images}).alt_text_count) == (3, 1)
    both = {"$type": "app.bsky.embed.recordWithMedia", "media": images, "record": {"record": {"uri": OTHER}}}
    post = read(record={"embed": both})
    assert (post.media_count, post.quoted_uri) == (3, OTHER)


def test_a_quote_of_a_post_is_one_and_of_a_list_is_none() -> None:
    def quoting(uri: str) -> dict[str, Any]:
        return {"embed": {"$type": "app.bsky.embed.record", "record": {"uri": uri}}}

    assert read(record=quoting(OTHER)).quoted_uri == OTHER
    assert read(record=quoting("at://did:plc:x/app.bsky.graph.list/3k")).quoted_uri is None


def test_a_quote_that_the_quoted_author_detached_is_none() -> None:
    record = {"embed": {"$type": "app.bsky.embed.record", "record": {"uri": OTHER}}}
    detached = {"$type": "app.bsky.embed.record#view", "record": {"$type": "app.bsky.embed.record#viewDetached"}}
    assert read(record=record, embed=detached).quoted_uri is None


@pytest.mark.parametrize(
    ("langs", "expected"),
    [(["pt-BR", "en"], "pt"), (["EN"], "en"), ([], None), (None, None), (["x"], None), ([7], None)],
)
def test_the_first_language_is_the_language(langs: Any, expected: str | None) -> None:
    assert read(record={"langs": langs}).language == expected


def test_text_is_made_storable_without_losing_its_sense() -> None:
    assert read(record={"text": "a\0b 💙 \ud800"}).text == "ab 💙 ?"


@pytest.mark.parametrize(
    "view",
    [
        None, [], "post", {}, a_view(uri=None), a_view(uri="at://did:plc:x/app.bsky.graph.list/3k"),
        a_view(uri=f"at://{DID}/app.bsky.feed.post/"), a_view(uri=OTHER), a_view(indexedAt=None), a_view(indexedAt="soon"),
        a_view(record={"text": 7}), a_view(record={"$type": "app.bsky.feed.like"}), a_view(author={"did": None}),
        a_view(author={"handle": ""}), a_view(likeCount="many"), a_view(likeCount=-1), a_view(likeCount=True),
    ],
)  # fmt: skip
def test_a_post_that_cannot_be_used_is_quarantined_and_its_neighbours_are_kept(view: Any) -> None:
    seen, bad = read_posts([a_view(), view, a_view()], FRAME)
    assert (len(seen), len(bad)) == (2, 1)
    assert bad[0].reason
    assert "Hello" not in bad[0].reason


def test_the_same_author_is_read_once_a_page_unless_something_changed() -> None:
    seen, _ = read_posts([a_view(), a_view(), a_view(author={"labels": [label("bot")]})], FRAME)
    assert seen[0].author is seen[1].author
    assert [post.author.is_bot for post in seen] == [False, False, True]


NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from([DID, URI, OTHER, "app.bsky.feed.post", "2026-10-01T10:00:00Z", "app.bsky.embed.record", "bot"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["$type", "uri", "did", "handle", "author", "record", "text", "facets", "features", "tag", "tags", "embed",
             "images", "media", "labels", "val", "exp", "src", "reply", "parent", "root", "indexedAt", "createdAt",
             "langs", "replyCount", "post", "replies", "thread", "threadgate", "hiddenReplies"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@given(NONSENSE)
def test_no_nonsense_breaks_the_parsers(view: Any) -> None:
    for parse in (lambda: read_post(view, FRAME), lambda: read_account(view, FRAME)):
        with suppress(Unreadable):  # and nothing else
            assert isinstance(parse(), (SeenPost, SeenAccount))
    read_tree(view, FRAME)
    read_posts([view, {"post": view}], FRAME)


@given(
    st.sampled_from(["author", "record", "labels", "embed", "indexedAt", "uri", "likeCount", "threadgate"]), NONSENSE
)
def test_one_nonsense_field_is_read_or_quarantined(name: str, value: Any) -> None:
    view = a_view()
    view[name] = value
    seen, bad = read_posts([view], FRAME)
    assert len(seen) + len(bad) == 1
    for post in seen:
        f"{post}".encode()  # whatever is kept can be stored


@given(st.sampled_from(["text", "facets", "tags", "embed", "reply", "langs", "createdAt"]), NONSENSE)
@settings(max_examples=200)
def test_one_nonsense_field_of_the_record_is_read_or_quarantined(name: str, value: Any) -> None:
    seen, bad = read_posts([a_view(record={name: value})], FRAME)
    assert len(seen) + len(bad) == 1


def a_node(number: int, *replies: dict[str, Any], count: int | None = None, is_cut: bool = False) -> dict[str, Any]:
    uri = f"at://{DID}/app.bsky.feed.post/{number}"
    view = a_view(uri=uri, replyCount=len(replies) if count is None else count)
    return {"$type": "app.bsky.feed.defs#threadViewPost", "post": view} | ({} if is_cut else {"replies": list(replies)})


def test_a_tree_tells_what_was_shown_and_where_it_was_cut() -> None:
    deleted = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": OTHER, "notFound": True}
    blocked = {"$type": "app.bsky.feed.defs#blockedPost", "uri": OTHER, "blocked": True, "author": {"did": DID}}
    cut = a_node(2, count=4, is_cut=True)
    tree = read_tree({"thread": a_node(1, cut, deleted, blocked, a_node(3), count=4)}, FRAME)
    assert {one.server_post_id[-1]: (one.replies_reported, one.replies_fetched) for one in tree.threads} == {
        "1": (4, 2), "2": (4, 0), "3": (0, 0),
    }  # fmt: skip
    assert [uri[-1] for uri in tree.cut] == ["2"]


def test_what_stands_above_the_anchor_is_a_strangers_conversation() -> None:
    thread = a_node(1) | {"parent": a_node(9)}
    assert [post.uri[-1] for post in read_tree({"thread": thread}, FRAME).posts] == ["1"]


def test_below_a_post_that_cannot_be_read_the_others_are_still_read() -> None:
    bad = a_node(2, a_node(3))
    bad["post"]["indexedAt"] = None
    tree = read_tree({"thread": a_node(1, bad)}, FRAME)
    assert [post.uri[-1] for post in tree.posts] == ["1", "3"]
    assert len(tree.quarantined) == 1


def test_hidden_replies_are_marked() -> None:
    hidden = f"at://{DID}/app.bsky.feed.post/2"
    gate = {"record": {"$type": "app.bsky.feed.threadgate", "hiddenReplies": [hidden]}}
    tree = read_tree({"thread": a_node(1, a_node(2)), "threadgate": gate}, FRAME)
    assert {post.uri[-1]: post.is_hidden for post in tree.posts} == {"1": False, "2": True}


@pytest.mark.parametrize("anchor", [{"$type": "app.bsky.feed.defs#blockedPost", "uri": URI}, None, [], {"post": 7}])
def test_an_anchor_that_is_not_shown_is_said_so(anchor: Any) -> None:
    tree = read_tree({"thread": anchor}, FRAME)
    assert (tree.is_anchor_shown, tree.posts) == (False, [])


def test_a_thread_of_any_depth_is_walked() -> None:
    node = a_node(0)
    for number in range(1, 5_000):
        node = a_node(number, node)
    assert len(read_tree({"thread": node}, FRAME).posts) == 5_000


def test_the_depth_asked_for_is_one_that_the_sdk_can_read() -> None:
    node = a_node(0)
    for number in range(1, DEPTH + 1):
        node = a_node(number, node)
    assert from_json(json.dumps({"thread": node}))
    for number in range(20):
        node = a_node(number, node)
    with pytest.raises(ValueError, match="recursion"):
        from_json(json.dumps({"thread": node}))


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": [{"src": DID, "val": "!no-unauthenticated"}]},
        {
            "record": {
                "labels": {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "!no-unauthenticated"}]}
            }
        },
    ],
)
def test_one_post_that_is_not_for_everybody_says_so_of_itself_alone(changes: dict[str, Any]) -> None:
    view = a_view(labels=changes.get("labels", []))
    view["record"] = {**view["record"], **changes.get("record", {})}
    post = read_post(view, FRAME)
    assert post.is_refused
    assert not post.author.is_refusing
