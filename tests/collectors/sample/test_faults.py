"""Everything docs/networks.md lists can be made to happen, so often and no oftener; the libraries see it as listed there."""

import time

import httpx
import pytest
from atproto import Client, Request
from atproto.exceptions import (
    BadRequestError,
    InvokeTimeoutError,
    ModelError,
    NetworkError,
    RateLimitExceededError,
    RequestException,
    UnauthorizedError,
)
from mastodon import Mastodon
from mastodon.errors import (
    MastodonAPIError,
    MastodonError,
    MastodonNetworkError,
    MastodonNotFoundError,
    MastodonRatelimitError,
    MastodonServerError,
    MastodonUnauthorizedError,
)

from collectors.sample.servers import Fault, SampleServers
from tests.support.tiny_world import CLIENT, HOME, SKY, Fedi, Sky

TAG = "/api/v1/timelines/tag"
FEED = "/xrpc/app.bsky.feed.getAuthorFeed"


def tag(servers: SampleServers) -> list[object]:
    client = Mastodon(
        api_base_url=servers.mastodon[HOME].url,
        ratelimit_method="throw",
        version_check_mode="none",
        request_timeout=(1, 0.5),
        user_agent="mutuals-tests",
    )
    return client.timeline_hashtag("carers", limit=40)  # type: ignore[no-any-return]


def feed(servers: SampleServers) -> object:
    request = Request(timeout=0.5)
    try:
        return Client(f"{servers.bluesky.url}/xrpc", request=request).app.bsky.feed.get_author_feed({"actor": SKY})
    finally:
        request.close()


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        ("status:401", MastodonUnauthorizedError),
        ("status:403", MastodonAPIError),
        ("status:404", MastodonNotFoundError),
        ("status:410", MastodonAPIError),
        ("status:422", MastodonAPIError),
        ("status:500", MastodonServerError),
        ("status:502", MastodonServerError),
        ("status:503", MastodonServerError),
        ("429", MastodonRatelimitError),
        ("429:no reset", MastodonRatelimitError),
        ("429:bad reset", MastodonRatelimitError),
        ("bad reset", MastodonRatelimitError),
        ("stall", MastodonNetworkError),
        ("disconnect", MastodonNetworkError),
        ("cut", MastodonNetworkError),
        ("truncated", MastodonAPIError),
        ("login page", MastodonAPIError),
        ("redirect loop", MastodonError),
    ],
)
def test_mastodon_py_raises_and_the_next_request_works(
    servers: SampleServers, kind: str, raised: type[Exception]
) -> None:
    servers.faults.add(TAG, kind)
    with pytest.raises(raised):
        tag(servers)
    servers.faults.clear()
    assert len(tag(servers)) == 1


def test_mastodon_py_returns_nonsense_without_an_error_where_the_server_talks_nonsense(servers: SampleServers) -> None:
    servers.faults.add(TAG, "error object")
    assert tag(servers) == ["error"]
    servers.faults.add(TAG, "null")
    assert tag(servers) is None
    servers.faults.add(TAG, "junk items")
    assert len(tag(servers)) == 6


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        ("status:400", BadRequestError),
        ("status:401", UnauthorizedError),
        ("status:403", UnauthorizedError),
        ("status:404", RequestException),
        ("status:500", RequestException),
        ("status:502", NetworkError),
        ("status:503", RequestException),
        ("429", RateLimitExceededError),
        ("429:no reset", RateLimitExceededError),
        ("stall", InvokeTimeoutError),
        ("disconnect", httpx.RemoteProtocolError),
        ("cut", httpx.RemoteProtocolError),
        ("truncated", ValueError),
        ("login page", ModelError),
        ("redirect loop", httpx.TooManyRedirects),
        ("bad field", ModelError),
        ("wrong types", ModelError),
        ("junk items", ModelError),
        ("null", Exception),
        ("error object", ModelError),
    ],
)
def test_the_sdk_raises_and_the_next_request_works(servers: SampleServers, kind: str, raised: type[Exception]) -> None:
    servers.faults.add(FEED, kind)
    with pytest.raises(raised):
        feed(servers)
    servers.faults.clear()
    assert feed(servers)


def test_a_fault_happens_so_often_and_after_so_many(servers: SampleServers) -> None:
    fault = servers.faults.add(TAG, "status:503", times=2, skip=1)
    home = Fedi(servers)
    assert [home.get("/timelines/tag/carers").status_code for _ in range(5)] == [200, 503, 503, 200, 200]
    assert fault.hits == 2


def test_a_fault_is_for_one_server_one_path_or_a_pattern(servers: SampleServers) -> None:
    servers.faults.add("/api/v1/statuses/*/context", "status:500", times=None, server=HOME)
    home = Fedi(servers)
    assert home.get(f"/statuses/{home.id('ask')}/context").status_code == 500
    assert home.get(f"/statuses/{home.id('ask')}").status_code == 200
    away = Fedi(servers, "far.example")
    assert away.get(f"/statuses/{away.id('ask')}/context").status_code == 200


def test_one_bad_item_leaves_the_others_whole(servers: SampleServers) -> None:
    sky = Sky(servers)
    servers.faults.add(FEED, "bad field", item=1)
    posts = [item["post"] for item in sky.get("app.bsky.feed.getAuthorFeed", actor=SKY).json()["feed"]]
    assert ["indexedAt" in one for one in posts] == [True, False, True]
    servers.faults.add(TAG, "wrong types")
    assert Fedi(servers).get("/timelines/tag/carers").json()[0]["account"] == "nobody"


def test_an_answer_may_come_from_a_cache_of_yesterday(servers: SampleServers) -> None:
    servers.faults.add("/api/v1/accounts/lookup", "stale:28800")
    response = Fedi(servers).get("/accounts/lookup", acct="group")
    assert (response.headers["age"], response.headers["date"]) == ("28800", "Tue, 01 Sep 2026 14:00:00 GMT")
    assert response.json()["followers_count"] == 120


def test_a_dripping_answer_beats_a_timeout_per_read(servers: SampleServers) -> None:
    servers.faults.add(TAG, "drip", seconds=0.01)
    started, parts = time.monotonic(), 0
    with httpx.stream("GET", f"{servers.mastodon[HOME].url}{TAG}/carers", timeout=0.5) as response:
        for _ in response.iter_raw():
            parts += 1
            if time.monotonic() - started > 1:
                break
    assert parts > 5
    assert time.monotonic() - started > 0.9


def test_stopping_does_not_wait_for_a_stall(servers: SampleServers) -> None:
    servers.faults.add(TAG, "stall", seconds=600)
    with pytest.raises(httpx.ReadTimeout):
        CLIENT.get(f"{servers.mastodon[HOME].url}{TAG}/carers", timeout=0.2)
    started = time.monotonic()
    servers.stop()
    assert time.monotonic() - started < 3


def test_an_unknown_kind_of_fault_is_named() -> None:
    with pytest.raises(ValueError, match="unknown kind of fault 'gremlin'"):
        Fault("/", "gremlin")


def test_a_server_that_is_down_refuses(servers: SampleServers) -> None:
    servers.stop()
    with pytest.raises(httpx.ConnectError):
        Fedi(servers).get("/instance")


def test_every_request_is_written_down(servers: SampleServers) -> None:
    Fedi(servers).get("/timelines/tag/carers", limit=40)
    asked = servers.mastodon[HOME].requests[-1]
    assert (asked.method, asked.path, asked.query) == ("GET", "/api/v1/timelines/tag/carers", "limit=40")
