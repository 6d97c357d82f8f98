"""The sample networks on loopback: every Mastodon-API server and Bluesky, each on a port of its own, in one thread.

with serve(world, clock=Clock.fixed(t)) as servers:
    servers.mastodon["carers.example"].url
    servers.bluesky.url
    servers.faults.add("/api/v1/timelines/tag", "status:503", times=2)
"""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import uvicorn

from collectors.sample.bluesky_server.server import BlueskyOptions, BlueskyServer
from collectors.sample.bluesky_server.server import failing as bluesky_failing
from collectors.sample.clock import Clock
from collectors.sample.faults import Fault, Faults
from collectors.sample.mastodon_server.ids import Ids
from collectors.sample.mastodon_server.server import MastodonOptions, MastodonServer, Token
from collectors.sample.mastodon_server.server import failing as mastodon_failing
from collectors.sample.middleware import Failing, LoggedRequest, ServerMiddleware
from collectors.sample.world import World
from collectors.sample.world_index import WorldIndex

__all__ = [
    "BlueskyOptions",
    "Clock",
    "Fault",
    "Faults",
    "MastodonOptions",
    "SampleServers",
    "ServerAddress",
    "Token",
    "serve",
    "start",
]

App = TypeVar("App", MastodonServer, BlueskyServer)


@dataclass(frozen=True, slots=True)
class ServerAddress(Generic[App]):
    """One server that runs: where it is, what it is, what it was asked."""

    name: str  # its domain, or "bluesky"
    url: str
    app: App
    edge: ServerMiddleware

    @property
    def requests(self) -> list[LoggedRequest]:
        """What it was asked so far, oldest first (the last ten thousand)."""
        return list(self.edge.requests)


@dataclass(slots=True)
class SampleServers:
    """All of them. `stop()` ends them; `serve()` does that by itself."""

    mastodon: dict[str, ServerAddress[MastodonServer]]
    bluesky: ServerAddress[BlueskyServer]
    faults: Faults
    clock: Clock
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _thread: threading.Thread | None = None
    _loop: asyncio.AbstractEventLoop | None = None

    def stop(self) -> None:
        """Close every line and every port, and wait for it."""
        if self._loop is not None and self._thread is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(10)

    def _edges(self) -> list[ServerMiddleware]:
        return [*(one.edge for one in self.mastodon.values()), self.bluesky.edge]


def _port(host: str, port: int) -> socket.socket:
    # the protocol is named because asyncio turns off Nagle only where it is: 40 ms an answer otherwise
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    return listener


def _server(edge: ServerMiddleware) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            edge,
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            date_header=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )


def start(
    world: World,
    *,
    clock: Clock | None = None,
    mastodon: Mapping[str, MastodonOptions] | None = None,
    bluesky: BlueskyOptions | None = None,
    ports: Mapping[str, int] | None = None,
    host: str = "127.0.0.1",
) -> SampleServers:
    """Start the servers of every domain in the world (and of `mastodon`), and Bluesky.

    `ports`: name → port; a free one otherwise.
    Raises OSError when a port is taken.
    """
    time, faults, options = clock or Clock.real(), Faults(), dict(mastodon or {})
    index = WorldIndex(world, "mastodon")
    homes = {account.key: account.home for account in index.accounts.values()}
    flavours = {domain: one.flavour for domain, one in options.items()}
    ids = Ids(index.posts.values(), index.reactions, homes, flavours)
    sockets: list[socket.socket] = []

    def edged(name: str, app: App, failing: Failing, reset_header: str) -> ServerAddress[App]:
        listener = _port(host, (ports or {}).get(name, 0))
        sockets.append(listener)
        url = f"http://{host}:{listener.getsockname()[1]}"
        return ServerAddress(name, url, app, ServerMiddleware(name, app, time, faults, failing, reset_header))

    try:
        domains = {
            domain: edged(
                domain, MastodonServer(domain, index, ids, options.get(domain)), mastodon_failing, "X-RateLimit-Reset"
            )
            for domain in sorted({*homes.values(), *options})
        }
        app = BlueskyServer(WorldIndex(world, "bluesky"), bluesky)
        sky = edged("bluesky", app, bluesky_failing, "RateLimit-Reset")
    except OSError:
        for listener in sockets:
            listener.close()
        raise
    app.login.url = sky.url
    servers = SampleServers(domains, sky, faults, time)
    _run(servers, sockets)
    return servers


def _run(servers: SampleServers, sockets: list[socket.socket]) -> None:
    """One thread with one loop for all; returns when every server answers.

    uvicorn's own serve() looks every tenth of a second whether it should stop: too slow for hundreds of tests.
    """
    edges = servers._edges()
    ready = threading.Event()

    async def run() -> None:
        servers._loop = asyncio.get_running_loop()
        running = [_server(edge) for edge in edges]
        for server, listener in zip(running, sockets, strict=True):
            server.config.load()
            server.lifespan = server.config.lifespan_class(server.config)
            await server.startup(sockets=[listener])
        ready.set()
        await servers._stopping.wait()
        for edge in edges:
            edge.closing.set()
        await asyncio.gather(*(server.shutdown(sockets=[one]) for server, one in zip(running, sockets, strict=True)))

    servers._thread = threading.Thread(target=lambda: asyncio.run(run()), name="sample servers", daemon=True)
    servers._thread.start()
    if not ready.wait(30):
        raise TimeoutError("the sample servers did not start within 30 seconds")


@contextlib.contextmanager
def serve(
    world: World,
    *,
    clock: Clock | None = None,
    mastodon: Mapping[str, MastodonOptions] | None = None,
    bluesky: BlueskyOptions | None = None,
    ports: Mapping[str, int] | None = None,
) -> Iterator[SampleServers]:
    """`start`, and stop at the end of the block."""
    servers = start(world, clock=clock, mastodon=mastodon, bluesky=bluesky, ports=ports)
    try:
        yield servers
    finally:
        servers.stop()
