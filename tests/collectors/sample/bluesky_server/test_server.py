"""What Bluesky shows, and to whom."""

import pytest

from collectors.sample.servers import BlueskyOptions, Clock, SampleServers
from collectors.sample.world import SampleReaction, World
from tests.collectors.sample.conftest import Starter
from tests.support.tiny_world import ACCOUNTS, CAT, CLIENT, DAN, NOON, SKY, Sky, at, post


@pytest.fixture
def sky(servers: SampleServers) -> Sky:
    return Sky(servers)


@pytest.fixture
def signed_in(servers: SampleServers) -> Sky:
    return Sky(servers, "group.sky.example")


def test_an_actor_is_found_by_handle_and_by_did_and_only_the_profile_has_counts(sky: Sky) -> None:
    by_handle, by_did = (sky.get("app.bsky.actor.getProfile", actor=name).json() for name in ("group.sky.example", SKY))
    assert by_handle == by_did
    assert (by_did["followersCount"], by_did["postsCount"]) == (55, 2)
    assert sky.get("com.atproto.identity.resolveHandle", handle="group.sky.example").json() == {"did": SKY}


def test_a_missing_or_deactivated_actor_is_400_not_404(serving: Starter) -> None:
    sky = Sky(serving(bluesky=BlueskyOptions(deactivated={DAN: at(8)})))
    missing = sky.get("app.bsky.actor.getProfile", actor="nobody.example")
    assert (missing.status_code, missing.json()["error"]) == (400, "InvalidRequest")
    gone = sky.get("app.bsky.actor.getProfile", actor=DAN)
    assert (gone.status_code, gone.json()["error"]) == (400, "AccountDeactivated")
    profiles = sky.get("app.bsky.actor.getProfiles", actors=[DAN, CAT, "nobody.example"]).json()["profiles"]
    assert [one["did"] for one in profiles] == [CAT]


def test_a_feed_is_sorted_by_the_earlier_of_claim_and_arrival_so_an_import_lands_deep(sky: Sky) -> None:
    assert sky.feed(SKY) == ["one", "root", "import"]  # "one" is a repost
    body = sky.get("app.bsky.feed.getAuthorFeed", actor=SKY).json()["feed"]
    assert body[0]["reason"]["by"]["did"] == SKY
    assert body[2]["post"]["record"]["createdAt"] < body[2]["post"]["indexedAt"]


def test_an_import_is_unseen_before_it_arrives(sky: Sky, clock: Clock) -> None:
    clock.set(at(4))
    assert sky.feed(SKY) == ["one", "root"]


def test_cursors_lead_to_the_end_and_a_short_page_is_not_it(sky: Sky) -> None:
    pages, cursor = [], None
    while True:
        params = {"cursor": cursor} if cursor else {}
        body = sky.get("app.bsky.feed.getAuthorFeed", actor=DAN, limit=1, **params).json()
        pages.append(sky.keys([item["post"] for item in body["feed"]]))
        cursor = body.get("cursor")
        if cursor is None:
            break
    assert [] in pages[:-1]  # where the deleted post and the repost taken back were
    assert [key for page in pages for key in page] == sky.feed(DAN) == ["plain", "mention", "hidden", "two"]


def test_filters_leave_out_replies_and_keep_whole_threads_of_the_author(serving: Starter) -> None:
    posts = (post("a", SKY, 1), post("b", SKY, 2, reply_to="a"), post("c", CAT, 3), post("d", SKY, 4, reply_to="c"))
    sky = Sky(serving(World(ACCOUNTS, posts, ())))
    assert sky.feed(SKY) == ["d", "b", "a"]
    assert sky.feed(SKY, filter="posts_no_replies") == ["a"]
    assert sky.feed(SKY, filter="posts_and_author_threads") == ["b", "a"]
    assert sky.feed(SKY, filter="posts_and_author_threads", limit=1) == []  # dropped: its top is on the next page


def test_a_pinned_post_can_come_first(serving: Starter) -> None:
    sky = Sky(serving(bluesky=BlueskyOptions(pins={SKY: "import"})))
    assert sky.feed(SKY, includePins="true") == ["import", "one", "root", "import"]
    assert sky.feed(SKY) == ["one", "root", "import"]


def test_facets_are_in_bytes_and_tags_without_a_place_in_the_text_stand_apart(sky: Sky) -> None:
    root, one = sky.get("app.bsky.feed.getPosts", uris=[sky.uri("root"), sky.uri("one")]).json()["posts"]
    assert root["record"]["tags"] == ["unseen"]
    text = root["record"]["text"].encode()
    index = root["record"]["facets"][0]["index"]
    assert text[index["byteStart"] : index["byteEnd"]].decode() == "#Carers"
    mention, link = one["record"]["facets"]
    text = one["record"]["text"].encode()
    assert text[mention["index"]["byteStart"] : mention["index"]["byteEnd"]].decode() == "@group.sky.example"
    assert (mention["features"][0]["did"], link["features"][0]["uri"]) == (SKY, "https://example.org/x")


def test_a_name_that_is_not_in_the_text_is_no_mention(sky: Sky) -> None:
    plain = sky.get("app.bsky.feed.getPosts", uris=[sky.uri("plain")]).json()["posts"][0]
    assert "facets" not in plain["record"]


def test_twenty_five_posts_may_be_asked_for_and_missing_ones_are_left_out(sky: Sky) -> None:
    wanted = [sky.uri("root"), sky.uri("gone"), f"at://{SKY}/app.bsky.feed.post/nothing"]
    assert sky.keys(sky.get("app.bsky.feed.getPosts", uris=wanted).json()["posts"]) == ["root"]
    response = sky.get("app.bsky.feed.getPosts", uris=[f"at://{SKY}/x/{number}" for number in range(26)])
    assert (response.status_code, response.json()["error"]) == (400, "InvalidRequest")


def test_a_changed_record_has_a_new_cid(sky: Sky, clock: Clock) -> None:
    edited = sky.get("app.bsky.feed.getPosts", uris=[sky.uri("three")]).json()["posts"][0]
    clock.set(at(5))
    before = sky.get("app.bsky.feed.getPosts", uris=[sky.uri("three")]).json()["posts"][0]
    assert (before["record"]["text"], edited["record"]["text"]) == ("thanks", "thank you")
    assert before["cid"] != edited["cid"]


def test_counts_follow_the_clock(sky: Sky, clock: Clock) -> None:
    names = ("replyCount", "repostCount", "likeCount", "quoteCount")
    now = sky.get("app.bsky.feed.getPosts", uris=[sky.uri("root")]).json()["posts"][0]
    assert [now[name] for name in names] == [2, 0, 1, 1]
    clock.set(at(4))
    then = sky.get("app.bsky.feed.getPosts", uris=[sky.uri("root")]).json()["posts"][0]
    assert [then[name] for name in names] == [3, 1, 1, 0]


def test_a_thread_hangs_together_and_what_is_below_a_deleted_post_has_vanished(sky: Sky) -> None:
    body = sky.get("app.bsky.feed.getPostThread", uri=sky.uri("root")).json()
    replies = body["thread"]["replies"]
    assert sky.keys([one["post"] for one in replies]) == ["hidden", "one"]
    assert replies[1]["replies"][0]["replies"][0]["post"]["uri"] == sky.uri("three")
    orphan = sky.get("app.bsky.feed.getPostThread", uri=sky.uri("orphan")).json()["thread"]
    assert orphan["parent"]["$type"] == "app.bsky.feed.defs#notFoundPost"
    missing = sky.get("app.bsky.feed.getPostThread", uri=sky.uri("gone"))
    assert (missing.status_code, missing.json()["error"]) == (400, "NotFound")


def test_a_leaf_where_the_depth_ends_has_no_replies_though_it_counts_some(serving: Starter) -> None:
    chain = [post(f"p{number}", SKY, number, reply_to=f"p{number - 1}" if number else None) for number in range(9)]
    sky = Sky(serving(World(ACCOUNTS, tuple(chain), ())))

    def depth(node: dict) -> int:  # type: ignore[type-arg]
        return 1 + depth(node["replies"][0]) if node.get("replies") else 0

    def leaf(node: dict) -> dict:  # type: ignore[type-arg]
        return leaf(node["replies"][0]) if node.get("replies") else node

    whole = sky.get("app.bsky.feed.getPostThread", uri=sky.uri("p0")).json()["thread"]
    assert depth(whole) == 6
    assert "replies" not in leaf(whole)
    assert leaf(whole)["post"]["replyCount"] == 1
    rest = sky.get("app.bsky.feed.getPostThread", uri=leaf(whole)["post"]["uri"], parentHeight=1).json()["thread"]
    assert (depth(rest), leaf(rest)["replies"], "parent" in rest["parent"]) == (2, [], False)


def test_hidden_replies_stand_in_the_threadgate_of_the_root(sky: Sky, clock: Clock) -> None:
    root = sky.get("app.bsky.feed.getPosts", uris=[sky.uri("root")]).json()["posts"][0]
    assert root["threadgate"]["record"]["hiddenReplies"] == [sky.uri("hidden")]
    clock.set(at(4.5))
    assert "threadgate" not in sky.get("app.bsky.feed.getPosts", uris=[sky.uri("root")]).json()["posts"][0]


def test_labels_are_told_but_the_posts_are_served_anyway(sky: Sky) -> None:
    one, two = sky.get("app.bsky.feed.getPosts", uris=[sky.uri("one"), sky.uri("two")]).json()["posts"]
    assert [label["val"] for label in one["author"]["labels"]] == ["!no-unauthenticated"]
    labels = {label["val"]: label for label in two["labels"]}
    assert set(labels) == {"graphic-media", "porn", "nudity"}
    assert labels["porn"]["neg"] is True
    assert labels["nudity"]["exp"] == "2026-08-01T00:00:00Z"


def test_a_block_looks_like_a_deletion_to_the_one_blocked_and_not_to_strangers(serving: Starter) -> None:
    servers = serving(bluesky=BlueskyOptions(blocks=frozenset([(SKY, DAN)])))
    stranger, user = Sky(servers), Sky(servers, SKY)
    uris = [stranger.uri("mention")]
    assert len(stranger.get("app.bsky.feed.getPosts", uris=uris).json()["posts"]) == 1
    assert user.get("app.bsky.feed.getPosts", uris=uris).json()["posts"] == []
    assert user.get("app.bsky.feed.getAuthorFeed", actor=DAN).json()["error"] == "BlockedActor"
    node = user.get("app.bsky.feed.getPostThread", uri=user.uri("one")).json()["thread"]["replies"][0]
    assert node["$type"] == "app.bsky.feed.defs#blockedPost"


def test_quotes_likes_and_reposts_are_listed_and_paged(serving: Starter) -> None:
    likes = tuple(
        SampleReaction("root", who, kind, at(1 + number))
        for kind in ("like", "boost")
        for number, who in enumerate((CAT, DAN))
    )
    quotes = tuple(post(f"q{number}", CAT, 2 + number, quote_of="root") for number in range(3))
    sky = Sky(serving(World(ACCOUNTS, (post("root", SKY, 0), *quotes), likes)))
    uri = sky.uri("root")
    first = sky.get("app.bsky.feed.getQuotes", uri=uri, limit=2).json()
    rest = sky.get("app.bsky.feed.getQuotes", uri=uri, limit=2, cursor=first["cursor"]).json()
    assert (sky.keys(first["posts"]), sky.keys(rest["posts"]), "cursor" in rest) == (["q2", "q1"], ["q0"], False)
    first = sky.get("app.bsky.feed.getRepostedBy", uri=uri, limit=1).json()
    rest = sky.get("app.bsky.feed.getRepostedBy", uri=uri, limit=1, cursor=first["cursor"]).json()
    assert [one["did"] for one in first["repostedBy"] + rest["repostedBy"]] == [DAN, CAT]
    assert "followersCount" not in first["repostedBy"][0]
    assert [one["actor"]["did"] for one in sky.get("app.bsky.feed.getLikes", uri=uri).json()["likes"]] == [DAN, CAT]


def test_the_search_is_closed_to_strangers_with_a_page_and_open_to_users(sky: Sky, signed_in: Sky) -> None:
    closed = sky.get("app.bsky.feed.searchPosts", q="#carers")
    assert (closed.status_code, closed.headers["content-type"].partition(";")[0]) == (403, "text/html")
    found = signed_in.get("app.bsky.feed.searchPosts", q="#carers", since=NOON.isoformat()).json()
    assert signed_in.keys(found["posts"]) == ["root"]
    found = signed_in.get("app.bsky.feed.searchPosts", q="naps", tag="nothing").json()
    assert found["posts"] == []


def test_notifications_are_for_the_signed_in_and_tell_of_real_mentions_only(sky: Sky, signed_in: Sky) -> None:
    refused = sky.get("app.bsky.notification.listNotifications")
    assert (refused.status_code, refused.json()["error"]) == (401, "AuthMissing")
    told = signed_in.get("app.bsky.notification.listNotifications").json()["notifications"]
    posts = [(one["reason"], signed_in.keys([one])[0]) for one in told if one["reason"] not in ("like", "repost")]
    assert posts == [
        ("mention", "mention"), ("quote", "quote"), ("reply", "hidden"), ("reply", "orphan"),
        ("reply", "three"), ("reply", "two"), ("reply", "one"),
    ]  # fmt: skip
    only = signed_in.get("app.bsky.notification.listNotifications", reasons=["quote"]).json()["notifications"]
    assert [one["reason"] for one in only] == ["quote"]


def test_the_pds_tells_whether_a_record_is_really_gone(sky: Sky) -> None:
    def record(key: str) -> dict:  # type: ignore[type-arg]
        did, _, rest = sky.uri(key).removeprefix("at://").partition("/")
        collection, _, name = rest.partition("/")
        return sky.get("com.atproto.repo.getRecord", repo=did, collection=collection, rkey=name).json()  # type: ignore[no-any-return]

    assert record("root")["value"]["text"].startswith("Grüße")
    assert record("gone")["error"] == "RecordNotFound"


def test_signing_in_needs_the_app_password_and_is_limited_to_thirty_tries(servers: SampleServers, clock: Clock) -> None:
    url = f"{servers.bluesky.url}/xrpc/com.atproto.server.createSession"
    tries = [CLIENT.post(url, json={"identifier": SKY, "password": "wrong"}).status_code for _ in range(31)]
    assert tries == [401] * 30 + [429]
    clock.set(at(10.1))
    right = CLIENT.post(url, json={"identifier": SKY, "password": servers.bluesky.app.app_password(SKY)})
    assert right.json()["did"] == SKY
    assert right.headers["ratelimit-policy"] == "30;w=300"


def test_a_run_out_token_is_400_and_a_refresh_token_works_once(servers: SampleServers) -> None:
    base, app = f"{servers.bluesky.url}/xrpc/com.atproto.server.", servers.bluesky.app
    session = CLIENT.post(f"{base}createSession", json={"identifier": SKY, "password": app.app_password(SKY)}).json()
    app.expire_sessions()
    old = CLIENT.get(f"{base}getSession", headers={"Authorization": f"Bearer {session['accessJwt']}"})
    assert (old.status_code, old.json()["error"]) == (400, "ExpiredToken")
    refresh = {"Authorization": f"Bearer {session['refreshJwt']}"}
    new = CLIENT.post(f"{base}refreshSession", headers=refresh).json()
    again = CLIENT.post(f"{base}refreshSession", headers=refresh)
    assert (again.status_code, again.json()["error"]) == (400, "ExpiredToken")
    fresh = CLIENT.get(f"{base}getSession", headers={"Authorization": f"Bearer {new['accessJwt']}"})
    assert fresh.json()["didDoc"]["service"][0]["serviceEndpoint"] == servers.bluesky.url


def test_limits_are_told_in_every_answer_and_the_one_too_many_is_429(serving: Starter) -> None:
    sky = Sky(serving(bluesky=BlueskyOptions(requests_per_5_minutes=2)))
    answers = [sky.get("app.bsky.actor.getProfile", actor=SKY) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [one.headers["ratelimit-remaining"] for one in answers] == ["1", "0", "0"]
    assert answers[2].json()["error"] == "RateLimitExceeded"
    assert int(answers[2].headers["ratelimit-reset"]) == int(at(10).timestamp()) + 300


def test_bad_parameters_are_400_and_unknown_methods_501(sky: Sky) -> None:
    assert sky.get("app.bsky.feed.getAuthorFeed", actor=SKY, limit=101).status_code == 400
    assert sky.get("app.bsky.feed.getAuthorFeed", actor=SKY, cursor="junk!").status_code == 400
    assert sky.get("app.bsky.feed.getAuthorFeed").json()["error"] == "InvalidRequest"
    assert sky.get("app.bsky.notification.updateSeen").status_code == 501
