"""The two client libraries read what the sample servers say, in the typed way too."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC

import pytest
from atproto import Client, Request, models
from atproto.exceptions import UnauthorizedError
from atproto_jetstream import JetstreamClient
from mastodon import Mastodon
from mastodon.errors import (
    MastodonNotFoundError,
    MastodonRatelimitError,
    MastodonUnauthorizedError,
)

from collectors.sample.servers import Clock, MastodonOptions, SampleServers
from tests.collectors.sample.conftest import Starter
from tests.support.tiny_world import ANN, BEN, CAT, GROUP, HOME, SKY, Sky, at


def library(servers: SampleServers, token: str | None = None) -> Mastodon:
    return Mastodon(
        api_base_url=servers.mastodon[HOME].url,
        access_token=token,
        ratelimit_method="throw",
        version_check_mode="none",
        request_timeout=(5, 5),
        user_agent="mutuals-tests",
    )


@pytest.fixture
def bluesky(servers: SampleServers) -> Iterator[Callable[[], Client]]:
    """Makes clients of the sample Bluesky, and closes their lines afterwards."""
    requests: list[Request] = []

    def client() -> Client:
        requests.append(Request())
        return Client(f"{servers.bluesky.url}/xrpc", request=requests[-1])

    yield client
    for request in requests:
        request.close()


def test_mastodon_py_reads_everything_a_stranger_may_see(servers: SampleServers) -> None:
    client = library(servers)
    group = client.account_lookup("group")
    assert group.followers_count == 121
    assert client.instance_v2().version == "4.5.2"
    assert client.instance_v1().uri == HOME
    welcome = client.timeline_hashtag("Carers", limit=40)[0]
    assert welcome.created_at.astimezone(UTC) == at(0)
    assert len(client.status_context(welcome.id).descendants) == 3
    assert [one.acct for one in client.status_reblogged_by(welcome.id)] == [BEN]
    assert len(client.statuses([welcome.id, "1"])) == 1
    assert client.status(welcome.id).quotes_count == 1
    assert [one.acct for one in client.accounts([group.id])] == ["group"]


def test_mastodon_py_pages_down_and_up(servers: SampleServers) -> None:
    client = library(servers)
    ann = client.account_lookup(ANN)
    page = client.account_statuses(ann.id, limit=1)
    seen = []
    while page:
        seen += [one.id for one in page]
        page = client.fetch_next(page)
    assert seen == [servers.mastodon[HOME].app.status_id(key) for key in ("below", "thanks", "ask")]
    oldest = client.account_statuses(ann.id, limit=1, min_id=seen[2])
    assert [one.id for one in oldest] == [seen[1]]
    assert [one.id for one in client.fetch_previous(oldest)] == [seen[0]]


def test_mastodon_py_reads_a_users_notifications_in_groups(servers: SampleServers) -> None:
    client = library(servers, servers.mastodon[HOME].app.user_token(GROUP))
    assert {one.type for one in client.notifications()} == {"mention", "favourite", "reblog", "quote"}
    found = client.grouped_notifications(limit=40)
    assert len(found.statuses) == len({one.status_id for one in found.notification_groups})
    assert client.me().acct == "group"


def test_mastodon_py_raises_what_it_raises_on_the_real_thing(serving: Starter) -> None:
    servers = serving(mastodon={HOME: MastodonOptions(requests_per_5_minutes=3)})
    client = library(servers)
    with pytest.raises(MastodonNotFoundError):
        client.status("1")
    with pytest.raises(MastodonUnauthorizedError):
        client.notifications()
    client.account_lookup("group")
    with pytest.raises(MastodonRatelimitError):
        client.account_lookup("group")


@pytest.mark.parametrize("flavour", ["gotosocial", "takahe"])
def test_mastodon_py_reads_other_software_too(serving: Starter, flavour: str) -> None:
    servers = serving(mastodon={HOME: MastodonOptions(flavour=flavour)})  # type: ignore[arg-type]
    client = library(servers, servers.mastodon[HOME].app.user_token(GROUP))
    page = client.account_statuses(client.account_lookup(ANN).id, limit=1)
    assert [one.id for one in page] == [servers.mastodon[HOME].app.status_id("below")]
    assert [one.id for one in client.fetch_next(page)] == [servers.mastodon[HOME].app.status_id("thanks")]
    assert client.notifications()


def test_the_sdk_reads_every_good_answer_into_its_models(servers: SampleServers, bluesky: Callable[[], Client]) -> None:
    client, sky = bluesky(), Sky(servers)
    uri = sky.uri("root")
    feed, actor = client.app.bsky.feed, client.app.bsky.actor
    assert actor.get_profile({"actor": SKY}).followers_count == 55
    assert len(actor.get_profiles({"actors": [SKY, CAT]}).profiles) == 2
    assert len(feed.get_author_feed({"actor": SKY}).feed) == 3
    post = feed.get_posts({"uris": [uri]}).posts[0]
    assert isinstance(post.record, models.AppBskyFeedPost.Record)
    assert post.record.facets[0].features[0].tag == "Carers"
    thread = feed.get_post_thread({"uri": uri}).thread
    assert thread.replies[1].replies[0].post.labels
    assert isinstance(
        feed.get_post_thread({"uri": sky.uri("orphan")}).thread.parent, models.AppBskyFeedDefs.NotFoundPost
    )
    quote = feed.get_quotes({"uri": uri}).posts[0]
    assert isinstance(quote.embed, models.AppBskyEmbedRecordWithMedia.View)
    assert feed.get_likes({"uri": uri}).likes[0].actor.did == CAT
    assert feed.get_reposted_by({"uri": sky.uri("one")}).reposted_by[0].did == SKY
    assert client.com.atproto.identity.resolve_handle({"handle": "group.sky.example"}).did == SKY
    assert client.com.atproto.server.describe_server().did
    did, collection, key = uri.removeprefix("at://").split("/")
    record = client.com.atproto.repo.get_record({"repo": did, "collection": collection, "rkey": key})
    assert record.value.text == post.record.text


def test_the_sdk_signs_in_moves_to_the_pds_and_takes_its_session_up_again(
    servers: SampleServers, bluesky: Callable[[], Client]
) -> None:
    client = bluesky()
    assert client.login(SKY, servers.bluesky.app.app_password(SKY)).did == SKY
    told = client.app.bsky.notification.list_notifications().notifications
    assert {one.reason for one in told} == {"mention", "quote", "reply", "like"}
    assert client.app.bsky.feed.search_posts({"q": "#carers"}).posts
    again = bluesky()
    again.login(session_string=client.export_session_string())
    assert again.me.handle == "group.sky.example"
    with pytest.raises(UnauthorizedError):
        bluesky().app.bsky.feed.search_posts({"q": "x"})


def test_the_sdk_sees_raw_pages_as_they_are(bluesky: Callable[[], Client]) -> None:
    client = bluesky()
    params = models.AppBskyFeedGetAuthorFeed.Params(actor=SKY)
    raw = client.invoke_query("app.bsky.feed.getAuthorFeed", params=params)
    assert len(raw.content["feed"]) == 3


def drained(servers: SampleServers, count: int, **params: object) -> list[object]:
    """The first `count` messages of the stream."""
    found: list[object] = []
    base = servers.bluesky.url.replace("http", "ws") + "/xrpc"
    client = JetstreamClient(params or None, base_uri=base, recv_timeout=5, compress=False)  # type: ignore[arg-type]

    def on_message(message: object) -> None:
        found.append(message)
        if len(found) == count:
            client.stop()

    worker = threading.Thread(target=client.start, args=(on_message,), daemon=True)
    worker.start()
    worker.join(10)
    client.stop()
    return found


def test_jetstream_replays_from_a_moment_up_to_now_in_order(servers: SampleServers) -> None:
    since = int(at(5).timestamp() * 1_000_000)
    found = drained(servers, 6, cursor=since, collections=["app.bsky.feed.post"])
    kinds = [(one.operation, one.did) for one in found]  # type: ignore[attr-defined]
    assert len(found) == 6
    assert ("delete", "did:plc:dan") in kinds
    assert ("update", CAT) in kinds
    assert found == sorted(found, key=lambda one: one.seq)  # type: ignore[attr-defined]
    mention = found[-2]
    assert mention.record["text"].startswith("hey @GROUP")  # type: ignore[attr-defined]


def test_jetstream_goes_on_with_what_happens_next_and_filters_by_did(servers: SampleServers, clock: Clock) -> None:
    clock.set(at(4.5))
    threading.Timer(0.5, clock.set, [at(7)]).start()
    found = drained(servers, 1, dids=[SKY])
    assert [one.operation for one in found] == ["create"]  # type: ignore[attr-defined]


def test_jetstream_looks_back_thirty_six_hours_and_says_when_that_was_not_enough(
    servers: SampleServers, clock: Clock
) -> None:
    clock.set(at(40))
    found = drained(servers, 2, cursor=int(at(1).timestamp() * 1_000_000), collections=["app.bsky.feed.post"])
    assert found[0].name == "OutdatedCursor"  # type: ignore[attr-defined]
    assert found[1].record["text"] == "below a deleted post"  # type: ignore[attr-defined]
