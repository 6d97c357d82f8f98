"""A small group on the sample Bluesky, and clients that read it: shared by the tests of the Bluesky collector."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collectors import bluesky
from collectors.fetch_types import Batch, Kind, KnownPost, Work
from collectors.sample.servers import BlueskyOptions, Clock, SampleServers, serve
from collectors.sample.world import SampleAccount, SamplePost, SampleReaction, World
from warehouse.settings import Bluesky

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
GROUP = "did:plc:groupgroupgroupgroupgrou"
ASKER = "did:plc:askeraskeraskeraskeraske"
PEER = "did:plc:peerpeerpeerpeerpeerpeer"
QUIET = "did:plc:quietquietquietquietquie"
HANDLE = "riverside.example.com"
NEWS = 230  # the group's own posts: three pages


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def post(key: str, author: str, minutes: float, text: str = "Hello", **more: Any) -> SamplePost:
    return SamplePost(key, "bluesky", author, ago(minutes), text, **more)


def account(did: str, handle: str, followers: int, **more: Any) -> SampleAccount:
    return SampleAccount(did, "bluesky", "bluesky", handle, handle, followers=((ago(9_999), followers),), **more)


ACCOUNTS = (
    account(GROUP, HANDLE, 120),
    account(ASKER, "asker.example.com", 10),
    account(PEER, "peer.example.com", 35),
    account(QUIET, "quiet.example.com", 2, labels=("!no-unauthenticated",)),
)
ASK = f"@{HANDLE} how does respite work? #RiversideCarers"
POSTS = (
    *(post(f"news {number}", GROUP, 1_000 - number, f"news {number}") for number in range(NEWS)),
    post("ask", ASKER, 100, ASK, mentions=(GROUP,), tags=("RiversideCarers",)),
    post("answer", GROUP, 95, reply_to="ask"),
    post("thanks", ASKER, 90, reply_to="answer"),
    post("quiet", QUIET, 50, reply_to="news 0"),
    post("hostile", PEER, 45, reply_to="news 0", hidden_at=ago(40)),
    post("quote", PEER, 40, quote_of="news 0"),
    post("deleted", PEER, 35, reply_to="news 0", deleted_at=ago(10)),
    post("deleted own", GROUP, 30, deleted_at=ago(10)),
)
REACTIONS = (
    SampleReaction("news 0", ASKER, "boost", ago(30)),
    SampleReaction("news 0", PEER, "boost", ago(30)),
    SampleReaction("news 0", QUIET, "like", ago(30)),
    SampleReaction("ask", GROUP, "boost", ago(20)),
)


@dataclass(slots=True)
class Sample:
    """The running servers, a client, and what the budget heard."""

    servers: SampleServers
    client: bluesky.Client
    spent: list[bool] = field(default_factory=list)
    limits: list[tuple[int | None, datetime | None]] = field(default_factory=list)

    def uri(self, key: str) -> str:
        return self.servers.bluesky.app.uri(key)

    def fetch(self, kind: Kind, target: str = GROUP, *, about: tuple[str, ...] = (), **more: Any) -> Batch:
        return bluesky.fetch(self.client, self.work(kind, target, about=about, **more), deadline_seconds=10)

    def work(self, kind: Kind, target: str = GROUP, *, about: tuple[str, ...] = (), **more: Any) -> Work:
        posts = tuple(KnownPost(self.uri(key), self.uri(key), NOW) for key in about)
        return Work(f"riverside/{kind}", "riverside", "bluesky", "bluesky", kind, target, posts=posts, **more)

    def fail(self, method: str, kind: str, **more: Any) -> None:
        self.servers.faults.add(f"/xrpc/{method}", kind, **more)

    def asked(self, method: str) -> int:
        return sum(asked.path == f"/xrpc/{method}" for asked in self.servers.bluesky.requests)


@contextmanager
def sample(
    posts: tuple[SamplePost, ...] = POSTS,
    *,
    reactions: tuple[SampleReaction, ...] = REACTIONS,
    options: BlueskyOptions | None = None,
    is_signed_in: bool = True,
    session_file: Path | None = None,
    **more: Any,
) -> Iterator[Sample]:
    """The group's Bluesky, and a client of the group's."""
    world = World(ACCOUNTS, tuple(sorted(posts, key=lambda one: one.created_at)), reactions)
    with serve(world, clock=Clock.fixed(NOW), bluesky=options) as servers:
        spent: list[bool] = []
        limits: list[tuple[int | None, datetime | None]] = []
        url = servers.bluesky.url
        client = bluesky.connect(
            Bluesky(appview=url, pds=url, jetstream=url.replace("http", "ws")),
            handle=HANDLE if is_signed_in else None,
            password=servers.bluesky.app.app_password(GROUP) if is_signed_in else None,
            session_file=session_file,
            user_agent="Mutuals/test (+https://example.org)",
            spend=spent.append,
            limits=lambda remaining, reset_at: limits.append((remaining, reset_at)),
            now=lambda: NOW,
            hashtags=("RiversideCarers",),
            **more,
        )
        try:
            yield Sample(servers, client, spent, limits)
        finally:
            client.close()
