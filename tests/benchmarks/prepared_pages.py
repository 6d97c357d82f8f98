"""Pages of a group's posts, written by the sample networks and served from memory by a process of its own.

What the benchmark of the collectors reads. The server answers from prepared bytes, so that what is measured is the reader.
"""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from json import dumps
from multiprocessing.connection import Connection
from urllib.parse import parse_qs, urlsplit

import httpx

from collectors.sample.servers import BlueskyOptions, Clock, MastodonOptions, serve
from collectors.sample.world import SampleAccount, SamplePost, SampleReaction, World

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOME, HANDLE = "carers.example", "riverside.example.com"
GROUP, DID = f"riverside@{HOME}", "did:plc:riversideriversideriver"
FEED = "/xrpc/app.bsky.feed.getAuthorFeed"
_TEXT = (
    "Our meeting is on Thursday at seven in the library, come as you are, tea and biscuits are there. Who looks after "
    "somebody at night knows how long the hours can be; this week Margaret tells how she found a sitting service and what "
    "it costs. The forms for the carer's allowance have changed, we have filled one in together, line by line, and you find "
    "it at https://carers.example/forms/allowance-2026 with notes on every question."
)
_WORDS = _TEXT.split()
_NOTE = (
    "A self-help group of people who care for somebody at home. We meet on Thursdays, online and in the library. " * 3
)


@dataclass(slots=True)
class Prepared:
    """Everything one server answers. Paths are without their queries, but for the place in a feed."""

    answers: dict[tuple[str, str], tuple[str, bytes]] = field(default_factory=dict)  # path, cursor → headers, body
    posts: dict[str, bytes] = field(default_factory=dict)  # by the server's own id: for reading counts again
    feed: list[str] = field(default_factory=list)  # the addresses of the feed's pages, for a bare loop
    posts_count: int = 0


def prepare(count: int) -> dict[str, Prepared]:
    """'mastodon' and 'bluesky', each with so many own posts of the group over two years."""
    open_door = MastodonOptions(requests_per_5_minutes=10**7, paged_per_15_minutes=10**7)
    with serve(
        _world(count), clock=Clock.fixed(NOW), mastodon={HOME: open_door},
        bluesky=BlueskyOptions(requests_per_5_minutes=10**7),
    ) as servers, httpx.Client(timeout=60) as client:  # fmt: skip
        mastodon, bluesky = Prepared(), Prepared()
        home, sky = servers.mastodon[HOME].url, servers.bluesky.url
        _keep(mastodon, client.get(f"{home}/api/v2/instance"), home)
        found = client.get(f"{home}/api/v1/accounts/lookup", params={"acct": GROUP})
        _keep(mastodon, found, home)
        page = client.get(
            f"{home}/api/v1/accounts/{found.json()['id']}/statuses", params={"limit": 40, "exclude_reblogs": True}
        )
        while page.json():
            _keep(mastodon, page, home)
            mastodon.feed.append(str(page.url).removeprefix(home))
            mastodon.posts |= {one["id"]: dumps(one, separators=(",", ":")).encode() for one in page.json()}
            page = client.get(page.links["next"]["url"])
        _keep(mastodon, page, home)

        _keep(bluesky, client.get(f"{sky}/xrpc/app.bsky.actor.getProfile", params={"actor": HANDLE}), sky)
        cursor: str | None = ""
        while cursor is not None:
            params = {"actor": DID, "limit": "100", "filter": "posts_with_replies"}
            page = client.get(f"{sky}{FEED}", params=params | ({"cursor": cursor} if cursor else {}))
            _keep(bluesky, page, sky)
            bluesky.feed.append(str(page.url).removeprefix(sky))
            views = [item["post"] for item in page.json()["feed"]]
            bluesky.posts |= {one["uri"]: dumps(one, separators=(",", ":")).encode() for one in views}
            cursor = page.json().get("cursor")
    mastodon.posts_count, bluesky.posts_count = len(mastodon.posts), len(bluesky.posts)
    return {"mastodon": mastodon, "bluesky": bluesky}


def _keep(prepared: Prepared, answer: httpx.Response, url: str) -> None:
    answer.raise_for_status()
    links = answer.headers.get("Link", "").replace(url, "{url}")
    prepared.answers[_place(str(answer.url))] = (f"Link: {links}\r\n" if links else "", answer.content)


def _place(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    asked = parse_qs(parts.query)
    return parts.path.rstrip("/"), (asked.get("cursor") or asked.get("max_id") or [""])[0]


def _world(count: int) -> World:
    """Own posts with all that makes them heavy: tags, links, pictures, warnings, replies to other people, likes."""
    opened = NOW - timedelta(days=800)
    followers = ((opened, 240),)
    people = [
        *(SampleAccount(key, network, home, name, "Riverside Carers", note=_NOTE, created_at=opened, followers=followers)  # type: ignore[arg-type]
          for key, network, home, name in ((GROUP, "mastodon", HOME, GROUP), (DID, "bluesky", "bluesky", HANDLE))),
        *(SampleAccount(f"p{n}@{HOME}", "mastodon", HOME, f"p{n}@{HOME}", f"Person {n}", note=_NOTE, created_at=opened,
                        followers=followers) for n in range(20)),
        *(SampleAccount(f"did:plc:person{n:018d}", "bluesky", "bluesky", f"p{n}.example.com", f"Person {n}", note=_NOTE,
                        created_at=opened, followers=followers) for n in range(20)),
    ]  # fmt: skip
    posts, likes = [], []
    for network, own in (("mastodon", GROUP), ("bluesky", DID)):
        others = [one.key for one in people if one.network == network and one.key != own]
        for n, key in enumerate(others):
            posts.append(SamplePost(f"{network} said {n}", network, key, opened + timedelta(days=n), _words(n)))  # type: ignore[arg-type]
        for n in range(count):
            this, at = f"{network} own {n}", NOW - timedelta(hours=1) - timedelta(days=730) * (count - n) / count
            answered = f"{network} said {n % 20}" if n % 3 == 0 else None
            posts.append(
                SamplePost(
                    this, network, own, at, f"{_words(n)} #RiversideCarers ({n})", tags=("RiversideCarers",),  # type: ignore[arg-type]
                    reply_to=answered, mentions=(others[n % 20],) if answered else (),
                    content_warning="money" if n % 17 == 0 else None, media_alts=("a full room",) if n % 8 == 0 else (),
                )
            )  # fmt: skip
            likes += [SampleReaction(this, others[m], "like", at + timedelta(minutes=5 + m)) for m in range(n % 4)]
    return World(tuple(people), tuple(posts), tuple(likes))


def _words(n: int) -> str:
    return " ".join(_WORDS[(n * 7 + place) % len(_WORDS)] for place in range(20 + n % 15))


@contextmanager
def serving(prepared: Prepared) -> Iterator[str]:
    """Serve from another process. Gives the address; /asked tells how many requests there were."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(prepared, there), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.terminate()
        process.join(10)


def _serve(prepared: Prepared, told: Connection) -> None:
    asyncio.run(_answer(prepared, told))


async def _answer(prepared: Prepared, told: Connection) -> None:
    counted = [0]
    loop = asyncio.get_running_loop()
    ready: dict[tuple[str, str], bytes] = {}  # what is sent, by what is asked
    server = await loop.create_server(lambda: _Line(prepared, ready, counted), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for place, (links, body) in prepared.answers.items():
        ready[place] = _whole(body, links.replace("{url}", f"http://127.0.0.1:{port}"))
    told.send(port)
    await server.serve_forever()


class _Line(asyncio.Protocol):
    """One kept-alive connection: the request line decides, the rest of the head is skipped."""

    def __init__(self, prepared: Prepared, ready: dict[tuple[str, str], bytes], counted: list[int]) -> None:
        self._prepared, self._ready, self._counted = prepared, ready, counted
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, self._read = self._read.partition(b"\r\n\r\n")
            address = head.split(b" ", 2)[1].decode()
            if address == "/asked":
                self._transport.write(_whole(str(self._counted[0]).encode()))
                continue
            self._counted[0] += 1
            self._transport.write(self._ready.get(_place(address)) or self._again(address))

    def _again(self, address: str) -> bytes:
        """Posts by their ids, as refreshing asks for them."""
        asked = parse_qs(urlsplit(address).query)
        ids = [one for name in ("uris", "id[]") for one in asked.get(name, [])]
        if not ids:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}"
        found = b"[" + b",".join(self._prepared.posts[one] for one in ids if one in self._prepared.posts) + b"]"
        return _whole(b'{"posts":' + found + b"}" if "uris" in asked else found)


def _whole(body: bytes, links: str = "") -> bytes:
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
        "X-RateLimit-Limit: 1000000\r\nX-RateLimit-Remaining: 999999\r\nX-RateLimit-Reset: 2026-11-20T12:05:00.000Z\r\n"
        f"{links}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
