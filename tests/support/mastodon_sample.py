"""A small town on a few Mastodon-API servers, a client for each, and a server of single answers for what it lacks."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from collectors import mastodon
from collectors.fetch_types import KnownPost, Work
from collectors.sample.servers import Clock, MastodonOptions, SampleServers, serve
from collectors.sample.world import SampleAccount, SamplePost, SampleReaction, World
from warehouse.settings import Server

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOME, OTHER = "carers.example", "other.example"
GROUP, ANN, BO, NEW = f"group@{HOME}", f"ann@{HOME}", f"bo@{OTHER}", f"new@{OTHER}"
HANDLE = f"@{GROUP}"


def before(hours: float) -> datetime:
    return NOON - timedelta(hours=hours)


def a_person(key: str, **more: Any) -> SampleAccount:
    return SampleAccount(key, "mastodon", key.partition("@")[2], key, key.partition("@")[0], **more)


def a_post(key: str, author: str, hours: float, text: str = "Hello", **more: Any) -> SamplePost:
    """`hours` before noon. Known on the home server at once."""
    at = before(hours)
    more = {"known_from": {} if author.endswith(HOME) else {HOME: at}, **more}
    return SamplePost(key, "mastodon", author, at, text, **more)


PEOPLE = (
    a_person(GROUP, followers=((before(900), 120), (before(1), 121))),
    a_person(ANN, followers=((before(900), -1),), note="quiet please #nobot"),
    a_person(BO, followers=((before(900), 50),)),
    a_person(NEW, followers=((before(900), 2),), created_at=before(30)),
)
OWN = tuple(a_post(f"own{number}", GROUP, number, tags=("RiversideCarers",)) for number in range(1, 101))
TALK = (
    a_post("ask", ANN, 20, "@group help?", reply_to="own24", mentions=(GROUP,)),
    a_post("answer", BO, 19, "@ann here", reply_to="ask", mentions=(ANN,)),
    a_post("whisper", BO, 18.5, "@ann private", reply_to="ask", mentions=(ANN,), visibility="private"),
    a_post("thanks", ANN, 18, "@bo thanks", reply_to="answer", mentions=(BO,), visibility="unlisted"),
    a_post("first", NEW, 5, "@group hello", mentions=(GROUP,)),
    a_post("secret", NEW, 4, "@group direct", mentions=(GROUP,), visibility="direct"),
    a_post("quoting", BO, 3, "look", quote_of="own24"),
    a_post("edited", BO, 2, "@group was", mentions=(GROUP,), edited_at=before(1), edited_text="@group is"),
    a_post("gone", BO, 2, "@group gone", mentions=(GROUP,), deleted_at=before(1)),
    a_post("tagged", BO, 6, "at the meeting", tags=("RiversideCarers",)),
)
REACTIONS = (
    SampleReaction("own24", ANN, "boost", before(20)),
    SampleReaction("own24", BO, "boost", before(19)),
    SampleReaction("answer", GROUP, "boost", before(10)),
    SampleReaction("own24", NEW, "like", before(4)),
)
TOWN = World(PEOPLE, (*OWN, *TALK), REACTIONS)


@dataclass(slots=True)
class Notes:
    """What a client told the budget."""

    spent: list[bool] = field(default_factory=list)
    limits: list[tuple[int | None, datetime | None]] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)


@contextlib.contextmanager
def the_town(world: World = TOWN, **home: Any) -> Iterator[SampleServers]:
    """The servers of the town; the home server is set up as told. Limits are out of the way unless told."""
    home = {"requests_per_5_minutes": 100_000, "paged_per_15_minutes": 100_000, **home}
    with serve(world, clock=Clock.fixed(NOON), mastodon={HOME: MastodonOptions(**home)}) as servers:
        yield servers


def a_client(
    url: str, server: str = HOME, *, token: str | None = None, now: datetime = NOON, notes: Notes | None = None
) -> mastodon.Client:
    notes = notes or Notes()
    return mastodon.connect(
        Server(server, url),
        token=token,
        user_agent="Mutuals tests",
        spend=notes.spent.append,
        limits=lambda remaining, resets_at: notes.limits.append((remaining, resets_at)),
        now=lambda: now,
        sleep=notes.slept.append,
    )


def client_of(servers: SampleServers, server: str = HOME, **more: Any) -> mastodon.Client:
    return a_client(servers.mastodon[server].url, server, **more)


def work(kind: str, target: str = HANDLE, server: str = HOME, **more: Any) -> Work:
    return Work(f"riverside/mastodon/{server}/{kind}/{target}", "riverside", "mastodon", server, kind, target, **more)


def id_of(servers: SampleServers, key: str, server: str = HOME) -> str:
    """That server's own id of a post of the town."""
    return servers.mastodon[server].app.status_id(key)


def about(kind: str, servers: SampleServers, *keys: str, server: str = HOME, **more: Any) -> Work:
    """Work about known posts."""
    posts = tuple(KnownPost(id_of(servers, key, server), None, NOON) for key in keys)
    return work(kind, "", server, posts=posts, **more)


Told = tuple[int, dict[str, str], Any]  # status, headers, body (JSON, or bytes as they are)


@contextlib.contextmanager
def answers(tell: Callable[[str], Told]) -> Iterator[str]:
    """A server that answers every path (with its query) as it is told. Gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/api/v2/instance"):
                status, headers, body = 200, {}, {"domain": HOME, "version": "4.5.0", "api_versions": {"mastodon": 7}}
            else:
                status, headers, body = tell(self.path)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response_only(status)
            date = NOON.strftime("%a, %d %b %Y %H:%M:%S GMT")
            for name, value in {"Date": date, "Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
