"""The servers of the tiny world, started and stopped."""

from collections.abc import Callable, Iterator

import pytest

from collectors.sample.servers import Clock, SampleServers, start
from collectors.sample.world import World
from tests.support.tiny_world import WORLD, at

Starter = Callable[..., SampleServers]


@pytest.fixture
def clock() -> Clock:
    """It is ten hours after noon."""
    return Clock.fixed(at(10))


@pytest.fixture
def serving(clock: Clock) -> Iterator[Starter]:
    """Starts servers of the tiny world, or of another one, and stops them afterwards."""
    running: list[SampleServers] = []

    def go(world: World = WORLD, **options: object) -> SampleServers:
        running.append(start(world, clock=clock, **options))  # type: ignore[arg-type]
        return running[-1]

    yield go
    for servers in running:
        servers.stop()


@pytest.fixture
def servers(serving: Starter) -> SampleServers:
    """The tiny world, served in the ordinary way."""
    return serving()
