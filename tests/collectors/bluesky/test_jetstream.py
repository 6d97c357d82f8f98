"""The drain: what it keeps, where it stops, what it says when something is lacking."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from collectors.bluesky.jetstream import LOOK_BACK, Rules, addressed_to, drain_jetstream
from collectors.fetch_types import FetchFailed

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
GROUP = "did:plc:group"
OWN = f"at://{GROUP}/app.bsky.feed.post/3k1"
HELD = "at://did:plc:asker/app.bsky.feed.post/3k2"
NSID = "network.bsky.jetstream.subscribeEvents"
RULES = Rules(now=lambda: NOW, user_agent="Mutuals/test", seconds=5, quiet_seconds=0.3)

mention = {"facets": [{"features": [{"$type": "app.bsky.richtext.facet#mention", "did": GROUP}]}]}
tag = {"facets": [{"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "RiversideCarers"}]}]}


def everybody(_did: str, _record: Any) -> bool:
    return True


def event(seq: int, minutes: float, record: dict[str, Any] | None = None, **more: Any) -> str:
    at = (NOW - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")
    payload = {
        "$type": f"{NSID}#commit", "seq": seq, "time": at, "did": "did:plc:somebody", "operation": "create",
        "collection": "app.bsky.feed.post", "rkey": f"k{seq}", "record": {"text": "Hello", **(record or {})},
    } | more  # fmt: skip
    return json.dumps({"$type": "message", "payload": payload})


def info(name: str) -> str:
    return json.dumps({"$type": "message", "payload": {"$type": f"{NSID}#info", "name": name}})


@contextmanager
def stream(*frames: str | bytes, ends: bool = False, status: int | None = None) -> Iterator[tuple[str, list[str]]]:
    """A Jetstream that sends these frames to everybody who comes, then stays silent or breaks off."""
    paths: list[str] = []

    def refuse(_: ServerConnection, request: Request) -> Response | None:
        paths.append(request.path)
        return Response(status, HTTPStatus(status).phrase, request.headers.__class__()) if status is not None else None

    def talk(connection: ServerConnection) -> None:
        for frame in frames:
            connection.send(frame)
        if ends:
            connection.socket.close()
        else:
            for _ in connection:
                pass

    with serve(talk, "127.0.0.1", 0, process_request=refuse) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}", paths
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (mention, True),
        (tag, True),
        ({"tags": ["riversidecarers"]}, True),
        ({"reply": {"parent": {"uri": OWN}, "root": {"uri": OWN}}}, True),
        ({"reply": {"parent": {"uri": "at://did:plc:y/app.bsky.feed.post/1"}, "root": {"uri": HELD}}}, True),
        ({"embed": {"$type": "app.bsky.embed.record", "record": {"uri": OWN}}}, True),
        ({"text": "@riverside.example.com #RiversideCarers"}, False),  # plain text notifies nobody
        ({"reply": {"parent": {"uri": "at://did:plc:y/app.bsky.feed.post/1"}}}, False),
        ({"embed": {"$type": "app.bsky.embed.record", "record": {"uri": HELD}}}, False),
        ({}, False),
        ({"facets": 7, "tags": "x", "reply": [], "embed": None}, False),
    ],
)
def test_only_what_is_addressed_to_the_group_is_wanted(record: dict[str, Any], expected: bool) -> None:
    is_wanted = addressed_to({GROUP}, ("RiversideCarers",), {HELD})
    assert is_wanted("did:plc:somebody", record) is expected
    assert not is_wanted(GROUP, record)  # the group's own posts are in its feed


def test_the_drain_stops_at_now_and_carries_the_cursor() -> None:
    with stream(event(1, 10), event(2, 5, mention), event(3, 0), event(4, -1, mention)) as (url, paths):
        found = drain_jetstream(url, None, addressed_to({GROUP}, (), ()), RULES)
    assert found.uris == ["at://did:plc:somebody/app.bsky.feed.post/k2"]
    assert (found.events_count, found.reason) == (3, None)
    assert found.cursor == str(int(NOW.timestamp()) * 1_000_000)
    assert found.bytes_count == sum(len(one) for one in (event(1, 10), event(2, 5, mention), event(3, 0)))
    query = parse_qs(urlsplit(paths[0]).query)
    assert (query["collections"], query["kinds"]) == (["app.bsky.feed.post"], ["commit"])
    assert int(query["cursor"][0]) < NOW.timestamp() * 1_000_000


def test_silence_is_the_end_too() -> None:
    with stream(event(1, 10, mention)) as (url, _):
        found = drain_jetstream(url, None, everybody, RULES)
    assert (len(found.uris), found.reason, found.to_at) == (1, None, NOW)


def test_a_stored_cursor_is_sent_and_an_event_that_comes_twice_is_kept_once() -> None:
    cursor = str(int((NOW - timedelta(hours=1)).timestamp()) * 1_000_000)
    with stream(event(1, 60), event(1, 60), event(2, 0)) as (url, paths):
        found = drain_jetstream(url, cursor, everybody, RULES)
    assert f"cursor={cursor}" in paths[0]
    assert len(found.uris) == 2


@pytest.mark.parametrize("frames", [(info("OutdatedCursor"), event(1, 0)), (event(1, 0),)])
def test_a_pause_longer_than_the_stream_looks_back_is_a_gap(frames: tuple[str, ...]) -> None:
    old = str(int((NOW - LOOK_BACK - timedelta(hours=1)).timestamp()) * 1_000_000)
    with stream(*frames) as (url, _):
        found = drain_jetstream(url, old, everybody, RULES)
    assert found.reason is not None
    assert "not known" in found.reason
    assert len(found.uris) == 1  # what there is, is kept


def test_a_stream_that_breaks_off_says_so_and_goes_on_from_there_next_time() -> None:
    with stream(event(1, 10, mention), ends=True) as (url, _):
        found = drain_jetstream(url, None, everybody, RULES)
    assert found.reason is not None
    assert "broke off" in found.reason
    assert found.cursor == str(int((NOW - timedelta(minutes=10)).timestamp()) * 1_000_000)


def test_a_drain_ends_after_the_time_set() -> None:
    ticks = iter(range(0, 1_000, 2))
    rules = Rules(now=lambda: NOW, user_agent="t", seconds=5, quiet_seconds=0.3, monotonic=lambda: next(ticks))
    with stream(*(event(number, 100 - number) for number in range(50))) as (url, _):
        found = drain_jetstream(url, None, everybody, rules)
    assert found.reason is not None
    assert "time" in found.reason
    assert 0 < found.events_count < 50


@pytest.mark.parametrize(
    "frame", ["junk", b"\x00\x01", "[]", "{}", json.dumps({"$type": "message", "payload": {}}),
              event(1, 1, collection="app.bsky.feed.like"), event(1, 1, rkey=7), event(1, 1, did=7, rkey=None)],
)  # fmt: skip
def test_a_frame_that_makes_no_sense_is_passed_over(frame: str | bytes) -> None:
    with stream(frame, event(2, 0)) as (url, _):
        assert drain_jetstream(url, None, everybody, RULES).uris == ["at://did:plc:somebody/app.bsky.feed.post/k2"]


def test_an_error_of_the_stream_is_down() -> None:
    frame = json.dumps({"$type": "error", "error": "ConsumerTooSlow"})
    with stream(frame) as (url, _), pytest.raises(FetchFailed, match="ConsumerTooSlow") as caught:
        drain_jetstream(url, None, everybody, RULES)
    assert caught.value.kind == "down"


@pytest.mark.parametrize(("status", "kind"), [(400, "closed"), (403, "closed"), (429, "limited"), (503, "down")])
def test_a_stream_that_is_refused_says_how(status: int, kind: str) -> None:
    with stream(status=status) as (url, _), pytest.raises(FetchFailed) as caught:
        drain_jetstream(url, None, everybody, RULES)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("url", "kind"), [("ws://127.0.0.1:9", "down"), ("ws://jetstream.example.com", "broken"), ("ftp://x", "broken")]
)
def test_an_address_that_cannot_be_is_told(url: str, kind: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        drain_jetstream(url, None, everybody, RULES)
    assert caught.value.kind == kind


def test_a_cursor_of_another_kind_starts_anew() -> None:
    with stream(event(1, 0)) as (url, paths):
        drain_jetstream(url, "12345", everybody, RULES)
    assert "cursor=12345&" not in paths[0]


def test_a_redirect_is_not_followed() -> None:
    """Where it leads nobody configured: on this very computer another program may listen there."""
    with stream(event(1, 10)) as (inside, asked):

        def send_on(_: ServerConnection, request: Request) -> Response:
            headers = request.headers.__class__()
            headers["Location"] = inside + "/x"
            return Response(302, "Found", headers)

        with serve(lambda _: None, "127.0.0.1", 0, process_request=send_on) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                with pytest.raises(FetchFailed, match="refuses"):
                    drain_jetstream(f"ws://127.0.0.1:{server.socket.getsockname()[1]}", None, everybody, RULES)
            finally:
                server.shutdown()
                thread.join()
    assert not asked
