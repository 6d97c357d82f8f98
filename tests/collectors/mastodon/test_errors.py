"""Every way in which a Mastodon server can fail: the right kind, a plain reason, and the next run repairs it."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from mastodon import MastodonNetworkError
from urllib3.exceptions import NameResolutionError

from collectors import mastodon
from collectors.fetch_types import FetchFailed
from collectors.mastodon.errors import explain_failure
from collectors.sample.servers import SampleServers
from tests.support.mastodon_sample import HOME, NOON, Notes, a_client, about, answers, client_of, the_town, work

FEED = "/api/v1/accounts/*/statuses"


@pytest.fixture(scope="module")
def shared() -> Iterator[SampleServers]:
    with the_town() as servers:
        yield servers


@pytest.fixture
def town(shared: SampleServers) -> Iterator[SampleServers]:
    shared.mastodon[HOME].edge.requests.clear()
    yield shared
    shared.faults.clear()


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ("status:400", "broken", "did not understand us (400)"),
        ("status:401", "closed", "only when signed in (401)"),
        ("status:403", "closed", "does not allow this (403)"),
        ("status:404", "gone", "does not have it (404)"),
        ("status:410", "gone", "does not have it (410)"),
        ("status:422", "closed", "does not allow this (422)"),
        ("status:405", "closed", "does not offer this (405)"),
        ("status:500", "down", "trouble of its own (500)"),
        ("status:502", "down", "trouble of its own (502)"),
        ("status:503", "down", "trouble of its own (503)"),
        ("status:504", "down", "trouble of its own (504)"),
        ("status:521", "down", "trouble of its own (521)"),
        ("429", "limited", "slow down"),
        ("429:no reset", "limited", "slow down"),
        ("429:bad reset", "limited", "slow down"),
        ("disconnect", "down", "the line to the server broke"),
        ("cut", "down", "cut off"),
        ("truncated", "broken", "makes no sense"),
        ("login page", "broken", "login or maintenance page"),
        ("error object", "broken", "makes no sense"),
        ("null", "broken", "makes no sense"),
        ("empty", "broken", "makes no sense"),
        ("redirect loop", "broken", "round in circles"),
    ],
)
def test_a_fault_has_its_kind_and_its_reason_and_the_next_run_repairs_it(
    town: SampleServers, fault: str, kind: str, words: str
) -> None:
    town.faults.add(FEED, fault)
    client = client_of(town)
    with pytest.raises(FetchFailed) as failed:
        mastodon.fetch(client, work("own", page_limit=1))
    assert (failed.value.kind, failed.value.capability) == (kind, "own posts")
    assert words in failed.value.reason
    assert "carers" not in f"{failed.value.reason}{failed.value.cure}"
    assert len(mastodon.fetch(client, work("own", page_limit=1)).posts) == 40


@pytest.mark.parametrize(
    ("fault", "wait"),
    [("429", timedelta(minutes=5)), ("429:no reset", timedelta(minutes=5)), ("429:bad reset", timedelta(minutes=5))],
)
def test_a_limit_says_until_when(town: SampleServers, fault: str, wait: timedelta) -> None:
    """Where the server does not say it, a window of Mastodon's is waited for."""
    town.faults.add(FEED, fault)
    with pytest.raises(FetchFailed) as failed:
        mastodon.fetch(client_of(town), work("own"))
    assert failed.value.retry_at == NOON + wait


def test_an_unreadable_reset_on_a_good_answer_is_a_good_answer(town: SampleServers) -> None:
    town.faults.add(FEED, "bad reset")
    notes = Notes()
    assert mastodon.fetch(client_of(town, notes=notes), work("own", page_limit=1)).posts
    assert notes.limits[-1][1] is None


@pytest.mark.parametrize(("fault", "seconds"), [("stall", 30.0), ("drip", 0.05)])
def test_a_slow_server_meets_the_deadline(town: SampleServers, fault: str, seconds: float) -> None:
    town.faults.add(FEED, fault, seconds=seconds)
    client = client_of(town)
    with pytest.raises(FetchFailed) as failed:
        mastodon.fetch(client, work("own"), deadline_seconds=0.6)
    assert failed.value.kind == "down"
    assert "in time" in failed.value.reason or "too long" in failed.value.reason
    town.faults.clear()
    assert mastodon.fetch(client, work("own", page_limit=1)).posts


@pytest.mark.parametrize(("fault", "count"), [("junk items", 5), ("wrong types", 1), ("bad field", 1)])
def test_bad_items_are_set_aside_and_the_page_is_kept(town: SampleServers, fault: str, count: int) -> None:
    town.faults.add(FEED, fault, field="created_at")
    client = client_of(town)
    batch = mastodon.fetch(client, work("own", page_limit=1))
    assert len(batch.quarantined) == count
    assert len(batch.posts) == (40 if fault == "junk items" else 39)
    assert mastodon.fetch(client, work("own", page_limit=1)).quarantined == []


def test_answers_from_an_old_cache_are_told(town: SampleServers) -> None:
    town.faults.add(FEED, "stale:90000")
    client = client_of(town)
    batch = mastodon.fetch(client, work("own", mode="backfill", page_limit=9))
    assert not batch.is_complete
    assert "25 h old" in (batch.reason or "")
    assert mastodon.fetch(client, work("own", mode="backfill")).is_complete


def test_a_server_that_is_down_at_the_first_question_is_down(town: SampleServers) -> None:
    town.faults.add("/api/v", "status:503", times=None)
    with pytest.raises(FetchFailed) as failed:
        mastodon.probe(client_of(town), "@group@carers.example")
    assert failed.value.kind == "down"


def test_nobody_listening_is_down() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(FetchFailed) as failed:
            mastodon.resolve(a_client(url), "@group@carers.example")
    assert (failed.value.kind, failed.value.reason) == ("down", "the server refused the connection")


def test_a_name_that_does_not_exist_is_said_to_be_that() -> None:
    inner = NameResolutionError("nowhere.example", None, socket.gaierror())  # type: ignore[arg-type]
    error = MastodonNetworkError("Could not complete request")
    error.__context__ = requests.exceptions.ConnectionError(inner)
    told = explain_failure(error, capability="own posts", has_token=False, resets_at=None, now=NOON)
    assert (told.kind, told.reason) == ("down", "no server was found under this name")


def test_a_bad_certificate_is_said_to_be_that() -> None:
    error = MastodonNetworkError("Could not complete request")
    error.__context__ = requests.exceptions.SSLError("bad")
    told = explain_failure(error, capability="own posts", has_token=False, resets_at=None, now=NOON)
    assert "certificate" in told.reason


def test_a_redirect_to_another_host_is_not_followed() -> None:
    """Nobody configured that host, and it must not get our token."""
    elsewhere = {"Location": "http://localhost:9/api/v1/accounts/lookup"}
    with answers(lambda _: (302, elsewhere, b"")) as url, pytest.raises(FetchFailed) as failed:
        mastodon.resolve(a_client(url, token="t"), "@group@carers.example")
    assert (failed.value.kind, failed.value.reason) == ("broken", "the server sends us on to another address")
    assert "[[servers]]" in (failed.value.cure or "")


def test_a_redirect_on_the_same_host_is_followed_and_paid_for() -> None:
    account = {"id": "1", "acct": "group"}

    def tell(path: str) -> tuple[int, dict[str, str], Any]:
        return (200, {}, account) if path.startswith("/here") else (302, {"Location": "/here"}, b"")

    with answers(tell) as url:
        notes = Notes()
        assert mastodon.resolve(a_client(url, notes=notes), "@group@carers.example").key == "group@carers.example"
    assert len(notes.spent) == 3


@pytest.mark.parametrize("body", [b"x" * 40, b"[" * 200_000, b"\xff\xfe", b'"text"', b"7", b"{}"])
def test_an_answer_that_is_no_list_is_broken(body: bytes) -> None:
    def tell(path: str) -> tuple[int, dict[str, str], Any]:
        return 200, {}, {"id": "1", "acct": "group"} if "lookup" in path else body

    with answers(tell) as url, pytest.raises(FetchFailed) as failed:
        mastodon.fetch(a_client(url), work("own"))
    assert failed.value.kind == "broken"


def test_no_error_carries_what_the_server_wrote() -> None:
    """Logs hold ids and reasons, never text or handles."""
    with answers(lambda _: (200, {}, b"<p>my secret words</p>")) as url, pytest.raises(FetchFailed) as failed:
        mastodon.resolve(a_client(url), "@somebody@carers.example")
    told: BaseException | None = failed.value
    assert told is not None
    assert told.__suppress_context__
    while told is not None:
        assert "secret words" not in repr(told)
        told = told.__context__


def test_a_server_that_repeats_its_pages_is_left_alone_after_the_first_repeat() -> None:
    page = [
        {
            "id": str(number),
            "uri": f"https://carers.example/{number}",
            "created_at": NOON.isoformat(),
            "visibility": "public",
            "account": {"id": "1", "acct": "group"},
            "replies_count": 0,
            "reblogs_count": 0,
            "favourites_count": 0,
        }
        for number in range(3)
    ]

    def tell(path: str) -> tuple[int, dict[str, str], Any]:
        link = {"Link": '<http://127.0.0.1/api?max_id=9>; rel="next"'}
        return (200, {}, {"id": "1", "acct": "group"}) if "lookup" in path else (200, link, page)

    with answers(tell) as url:
        batch = mastodon.fetch(a_client(url), work("own", mode="backfill"))
    assert (len(batch.posts), batch.pages_count) == (3, 2)


def test_a_long_list_of_boosters_is_partial() -> None:
    def tell(path: str) -> tuple[int, dict[str, str], Any]:
        link = {"Link": f'<http://127.0.0.1/api?max_id={len(path)}>; rel="next"'}
        return 200, link, [{"id": "1", "acct": "ann", "followers_count": 3}, {"id": "2"}]

    with answers(tell) as url, the_town() as town:
        batch = mastodon.fetch(a_client(url), about("boosters", town, "own1", page_limit=2))
    assert (len(batch.interactions), len(batch.quarantined), batch.is_interactions_partial) == (2, 2, True)
    assert not batch.is_complete


def test_who_quoted_is_read_with_a_token_on_servers_that_tell() -> None:
    quoting = {
        "id": "5",
        "uri": "https://carers.example/5",
        "created_at": NOON.isoformat(),
        "visibility": "public",
        "content": "look",
        "account": {"id": "1", "acct": "ann", "followers_count": 3},
        "quote": {"state": "accepted", "quoted_status": {"visibility": "public", "uri": "https://carers.example/1"}},
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
    }
    with the_town() as town, answers(lambda _: (200, {}, [quoting])) as url:
        job = about("quotes", town, "own1")
        batch = mastodon.fetch(a_client(url, token="t"), job)
        assert [one.kind for one in batch.interactions] == ["quote"]
        assert batch.posts[0].quoted_uri == "https://carers.example/1"
        with pytest.raises(FetchFailed) as failed:
            mastodon.fetch(a_client(url), job)
        assert (failed.value.kind, "token" in (failed.value.cure or "")) == ("closed", True)


def test_a_redirect_to_another_port_of_the_host_is_not_followed() -> None:
    """Another program listens there: on this computer it could be anything."""
    asked: list[str] = []

    def inside(path: str) -> tuple[int, dict[str, str], Any]:
        asked.append(path)
        return 200, {}, {"id": "1", "acct": "group"}

    with (
        answers(inside) as other,
        answers(lambda path: (302, {"Location": other + path}, b"")) as url,
        pytest.raises(FetchFailed) as failed,
    ):
        mastodon.resolve(a_client(url, token="t"), "@group@carers.example")
    assert failed.value.reason == "the server sends us on to another address"
    assert not asked


def test_everything_that_is_asked_of_a_mastodon_server_is_asked_with_get() -> None:
    """We never post, like, follow or mark as read: whatever Mastodon.py is told to do, the session sends no other method."""
    with answers(lambda _: (200, {}, {"id": "1", "acct": "group"})) as url:
        client = a_client(url, token="t")
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            with pytest.raises(FetchFailed, match="only ever reads"):
                client.http.request(method, f"{url}/api/v1/statuses")
        with pytest.raises(FetchFailed, match="only ever reads"):
            client.ask("x", lambda: client.api.status_post("hello"))
