"""A warehouse, the tiny world's servers and the real collectors, to run cycles at chosen hours."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from collectors.pipeline import cycle
from collectors.pipeline.connections import Connections
from collectors.pipeline.context import Collector, Outcome
from collectors.sample.servers import Clock, SampleServers, start
from collectors.sample.world import World
from tests.support.tiny_world import HOME, WORLD, at
from warehouse.casebook.events import open_casebook
from warehouse.settings import Bluesky, Group, Server, Settings
from warehouse.storage.connection import open_warehouse
from warehouse.storage.keys import load_key

TEXTS = ("stored.post_texts", "stored.accounts", "stored.post_addresses")


@dataclass
class Cycling:
    """One collector on one data folder."""

    servers: SampleServers
    settings: Settings
    con: duckdb.DuckDBPyConnection
    collector: Collector

    def at(self, hours: float) -> Outcome:
        """Run a cycle so many hours after noon on the tiny world's first day."""
        self.servers.clock.set(at(hours))
        return cycle.run_cycle(self.collector)

    def rows(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        """What the warehouse says."""
        return self.con.execute(sql, params).fetchall()

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables about posts and people, in an order of their own; without when a thing was looked at."""
        ignoring = {
            "posts": "exclude (first_seen_at, verified_at)",
            "accounts": "exclude (first_seen_at, last_seen_at)",
            "thread_reads": "exclude (attempted_at, read_at)",
            "interactions": "exclude (first_seen_at)",
        }
        tables = ("posts", "post_texts", "post_addresses", "post_tags", "post_scope", "accounts", "verdicts",
                  "first_contacts", "group_accounts", "thread_reads", "interactions")  # fmt: skip
        return {
            name: sorted(self.rows(f"select * {ignoring.get(name, '')} from stored.{name}"), key=repr)
            for name in tables
        }

    def words(self) -> str:
        """Every text anywhere in the stored and prepared tables."""
        columns = self.rows(
            "select table_schema || '.' || table_name, column_name from information_schema.columns"
            " where data_type = 'VARCHAR' and table_schema in ('stored', 'prepared', 'frozen')"
        )
        found = [str(self.rows(f"select list(distinct {column}) from {table}")) for table, column in columns]
        return "\n".join(found)


def settings_for(servers: SampleServers, data_dir: Path) -> Settings:
    """A group on both networks, seen as anybody sees it."""
    group = Group(
        id="circle",
        name="The Circle",
        mastodon=(f"@group@{HOME}",),
        bluesky=("group.sky.example",),
        hashtags=("CarersCircle",),
        team=("@ben@far.example",),
    )
    return Settings(
        groups=(group,),
        servers=tuple(Server(name, one.url) for name, one in servers.mastodon.items()),
        bluesky=Bluesky(appview=servers.bluesky.url, pds=servers.bluesky.url),
        data_dir=data_dir,
    )


@contextmanager
def cycling(data_dir: Path, world: World = WORLD, first: datetime | None = None, **changes: Any) -> Iterator[Cycling]:
    """Start the servers and open the warehouse; `changes` to the settings."""
    servers = start(world, clock=Clock.fixed(first or at(0)))
    settings = replace(settings_for(servers, data_dir), **changes)
    casebook = open_casebook(settings)
    try:
        with open_warehouse(settings) as con:

            @contextmanager
            def opened() -> Iterator[duckdb.DuckDBPyConnection]:
                yield con

            collector = Collector(
                settings=settings,
                key=load_key(data_dir),
                networks=Connections(settings, servers.clock.now, pause=lambda _: None),
                casebook=casebook,
                open_warehouse=opened,
                now=servers.clock.now,
                pause=lambda _: None,
                is_publishing=False,
            )
            try:
                yield Cycling(servers, settings, con, collector)
            finally:
                collector.networks.close()
    finally:
        casebook.close()
        servers.stop()
