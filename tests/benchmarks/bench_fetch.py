"""How fast the collectors read, beside a bare loop over the same pages. Run by hand:

    python -m tests.benchmarks.bench_collecting [posts]

A process of its own serves prepared pages from memory over loopback. Per network, in posts a second: a bare httpx loop, with
and without parsing the JSON; the collector's fetch alone; whole cycles (fetch, gate, normalise, store, models) into a
warehouse that is new and into one that holds the other network's posts. Then cycles in which nothing is new.
"""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx

from collectors.fetch_types import Network, Work
from collectors.pipeline import cycle
from collectors.pipeline.connections import Connections
from collectors.pipeline.context import Collector
from tests.benchmarks.prepared_pages import DID, GROUP, HANDLE, HOME, NOW, Prepared, prepare, serving
from warehouse.casebook.events import open_casebook
from warehouse.settings import Bluesky, Group, Server, Settings
from warehouse.storage.connection import open_warehouse
from warehouse.storage.keys import load_key

TIMES = 3
NETWORKS: tuple[Network, ...] = ("bluesky", "mastodon")


@dataclass(frozen=True)
class Took:
    """Seconds by the wall's clock and by the processor's (all threads of this process)."""

    wall: float
    cpu: float


def timed(action: Callable[[], object]) -> Took:
    started, worked = time.perf_counter(), time.process_time()
    action()
    return Took(time.perf_counter() - started, time.process_time() - worked)


def say(label: str, posts: int, best: Took, bare: Took | None = None) -> None:
    ratio = f"{bare.wall / best.wall:7.2f} x bare ({bare.cpu / best.cpu:.2f} by processor time)" if bare else ""
    sys.stdout.write(
        f"  {label:<44} {posts / best.wall:9,.0f} posts/s {best.cpu * 1000:8.0f} ms of processor time {ratio}\n"
    )
    sys.stdout.flush()


def best_of(action: Callable[[], Took], times: int = TIMES) -> Took:
    took = [action() for _ in range(times)]
    return Took(min(one.wall for one in took), min(one.cpu for one in took))


def bare(url: str, prepared: Prepared, *, is_parsing: bool) -> None:
    """Nothing but httpx."""
    with httpx.Client() as client:
        for address in prepared.feed:
            answer = client.get(url + address)
            if is_parsing:
                answer.json()


@dataclass
class Clock:
    """Stands still unless moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@contextmanager
def collector(
    folder: Path, urls: dict[Network, str], networks: tuple[Network, ...], clock: Clock
) -> Iterator[Collector]:
    """A collector on a data folder that looks at these networks, as a process has it."""
    settings = Settings(
        groups=(
            Group(
                "riverside", "Riverside Carers", retention_days=10_000,
                mastodon=(f"@{GROUP}",) if "mastodon" in networks else (),
                bluesky=(HANDLE,) if "bluesky" in networks else (),
            ),
        ),
        servers=(Server(HOME, urls["mastodon"], 10**6, 10**6),),
        bluesky=Bluesky(appview=urls["bluesky"], pds=urls["bluesky"], requests_per_hour=10**7),
        data_dir=folder,
    )  # fmt: skip
    casebook = open_casebook(settings)
    networks_of_it = Connections(settings, clock.now, pause=lambda _: None)
    try:
        yield Collector(
            settings=settings, key=load_key(folder), networks=networks_of_it, casebook=casebook,
            open_warehouse=lambda: open_warehouse(settings), now=clock.now, pause=lambda _: None, is_publishing=False,
        )  # fmt: skip
    finally:
        networks_of_it.close()
        casebook.close()


def fetching(urls: dict[Network, str], network: Network, prepared: Prepared) -> Took:
    """The collector's fetch of the whole feed, and nothing else."""
    with TemporaryDirectory() as folder, collector(Path(folder), urls, (network,), Clock()) as ready:
        server, target = (HOME, f"@{GROUP}") if network == "mastodon" else ("bluesky", DID)
        work = Work("w", "riverside", network, server, "own", target, mode="backfill", page_limit=10_000)
        client = ready.networks.client(network, server, ready.settings.groups[0])
        took = timed(lambda: client.fetch(work))
        assert len(client.fetch(work).posts) == prepared.posts_count
        return took


def storing(urls: dict[Network, str], network: Network, prepared: Prepared, *, is_new: bool) -> Took:
    """Whole cycles until every post is stored."""
    other: Network = "mastodon" if network == "bluesky" else "bluesky"
    with TemporaryDirectory() as folder:
        if not is_new:
            with collector(Path(folder), urls, (other,), Clock()) as ready:
                until_done(ready)
        with collector(Path(folder), urls, (network,), Clock()) as ready:
            took = timed(lambda: until_done(ready))
            with ready.open_warehouse() as con:
                held = con.execute("select count(*) from stored.posts where network = $network", {"network": network})
                assert held.fetchall() == [(prepared.posts_count,)]
            return took


def until_done(ready: Collector) -> None:
    while cycle.run_cycle(ready).posts_count:
        pass


def nothing_new(urls: dict[Network, str], times: int = 7) -> None:
    """Cycles every five minutes in which nothing has come, on both networks at once."""
    clock = Clock()
    with TemporaryDirectory() as folder, collector(Path(folder), urls, NETWORKS, clock) as ready:
        until_done(ready)
        for is_publishing in (False, True):
            ready.is_publishing = is_publishing
            requests, took = zip(*(one_cycle(urls, ready, clock) for _ in range(times)), strict=True)
            wall, cpu = sorted(one.wall * 1000 for one in took), min(one.cpu * 1000 for one in took)
            sys.stdout.write(
                f"nothing new{', published' if is_publishing else ''}: best {wall[0]:.0f} ms, median {median(wall):.0f} ms"
                f" ({cpu:.0f} ms of processor time), {min(requests)} to {max(requests)} requests\n"
            )


def one_cycle(urls: dict[Network, str], ready: Collector, clock: Clock) -> tuple[int, Took]:
    """Five minutes later: how many requests, and how long."""
    clock.at += timedelta(minutes=5)
    before = asked(urls)
    took = timed(lambda: cycle.run_cycle(ready))
    return asked(urls) - before, took


def asked(urls: dict[Network, str]) -> int:
    return sum(int(httpx.get(f"{url}/asked").text) for url in urls.values())


def main(count: int) -> None:
    """Print the figures for so many posts on each network."""
    logging.disable(logging.CRITICAL)
    prepared = prepare(count)
    with serving(prepared["bluesky"]) as sky, serving(prepared["mastodon"]) as home:
        urls: dict[Network, str] = {"bluesky": sky, "mastodon": home}
        for network in NETWORKS:
            pages = prepared[network]
            size = sum(len(body) for _, body in pages.answers.values()) / len(pages.answers)
            sys.stdout.write(
                f"{network}: {pages.posts_count:,} posts on {len(pages.feed)} pages of {size / 1000:.0f} kB\n"
            )
            plain = best_of(lambda: timed(lambda: bare(urls[network], pages, is_parsing=False)))  # noqa: B023 called at once
            parsed = best_of(lambda: timed(lambda: bare(urls[network], pages, is_parsing=True)))  # noqa: B023 called at once
            say("a bare httpx loop", pages.posts_count, plain)
            say("a bare httpx loop, JSON parsed", pages.posts_count, parsed, plain)
            say("fetch alone", pages.posts_count, best_of(lambda: fetching(urls, network, pages)), plain)  # noqa: B023 called at once
            for is_new in (True, False):
                took = best_of(lambda: storing(urls, network, pages, is_new=is_new))  # noqa: B023 called at once
                say(f"cycles into a {'new' if is_new else 'warm'} warehouse", pages.posts_count, took, plain)
        nothing_new(urls)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
