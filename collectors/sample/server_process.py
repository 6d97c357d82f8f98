"""The sample networks in a process of their own, so that whoever collects from them has a core to itself.

with serve_apart(partial(community, 2026, start, until), Clock.fixed(start), options, sky) as apart:
    apart.urls["carers.example"], apart.urls["bluesky"]
    apart.clock.set(later)
"""

import contextlib
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

from collectors.sample.clock import Clock
from collectors.sample.servers import BlueskyOptions, MastodonOptions, serve
from collectors.sample.world import World

_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """Servers that run in another process: where each is, by name, and their clock."""

    urls: Mapping[str, str]
    clock: Clock


class SharedClock(Clock):
    """Hands that two processes see. Set in one, read in both; until it is first set it goes with the machine's."""

    def __init__(self, hands: Any) -> None:
        super().__init__()
        self._hands = hands  # a shared double: seconds since 1970, 0 for the machine's own time

    def now(self) -> datetime:
        """What time it is."""
        return datetime.fromtimestamp(self._hands.value, UTC) if self._hands.value else super().now()

    def set(self, at: datetime) -> None:
        """Put the hands to `at`, where they stay."""
        self._hands.value = at.timestamp()


@contextlib.contextmanager
def serve_in_process(
    make_world: Callable[[], World],
    at: datetime | None = None,
    *,
    mastodon: Mapping[str, MastodonOptions] | None = None,
    bluesky: BlueskyOptions | None = None,
) -> Iterator[ServerProcess]:
    """`serving.serve` in another process, which ends with this one. `at`: a clock that stands there until it is set.

    `make_world` is called over there, so it must be importable. Raises TimeoutError when nothing answers in a minute.
    """
    context = multiprocessing.get_context("spawn")
    hands = context.Value("d", at.timestamp() if at else 0.0)
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, hands, make_world, mastodon, bluesky), name="sample servers")
    process.start()
    there.close()
    try:
        if not here.poll(_START_SECONDS):
            raise TimeoutError("the sample servers did not start within a minute")
        yield ServerProcess(here.recv(), SharedClock(hands))
    finally:
        here.close()
        process.join(10)
        if process.is_alive():
            process.kill()


def _serve(
    line: Connection,
    hands: Any,
    make_world: Callable[[], World],
    mastodon: Mapping[str, MastodonOptions] | None,
    bluesky: BlueskyOptions | None,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the other process too, which ends us
    with serve(make_world(), clock=SharedClock(hands), mastodon=mastodon, bluesky=bluesky) as servers:
        line.send({name: one.url for name, one in servers.mastodon.items()} | {"bluesky": servers.bluesky.url})
        with contextlib.suppress(EOFError):
            line.recv()  # nothing ever comes: the line ends when the other process does, however it ends
