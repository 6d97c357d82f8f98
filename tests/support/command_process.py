"""The real command in a process of its own, over the tiny world's servers: for tests of what goes wrong.

As a script it is `mutuals` at another time: python -m tests.app.commanding 2026-09-01T18:30:00+00:00 collect --once
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from app import runtime
from app.cli import entry, privacy, status
from collectors.pipeline import process
from collectors.sample.servers import Clock, SampleServers, start
from tests.support.tiny_world import HOME, WORLD, at

ROOT = Path(__file__).parents[2]
SETTINGS = """
[[groups]]
id = "circle"
name = "The Circle"
mastodon = ["@group@{home}"]
bluesky = ["group.sky.example"]
hashtags = ["CarersCircle"]
team = ["@ben@far.example"]

[bluesky]
appview = "{sky}"
pds = "{sky}"
"""
# Looked at, not found: these differ from run to run.
_WHEN = {"posts": "first_seen_at, verified_at", "accounts": "first_seen_at, last_seen_at", "interactions": "first_seen_at",
         "thread_reads": "attempted_at, read_at", "observations": "observed_at", "account_snapshots": "observed_at"}  # fmt: skip
_TABLES = ("posts", "post_texts", "post_addresses", "post_tags", "post_scope", "accounts", "verdicts", "first_contacts",
           "group_accounts", "thread_reads", "interactions", "observations", "account_snapshots")  # fmt: skip

Done = subprocess.CompletedProcess[str]


def command(*words: str, hours: float | None = None) -> list[str]:
    """What to run; `hours` after noon of the tiny world's first day, or now."""
    if hours is None:
        return [sys.executable, "-m", "app.cli.entry", *words]
    return [sys.executable, "-m", "tests.support.command_process", at(hours).isoformat(), *words]


def mutuals(folder: Path, *words: str, hours: float | None = None, before: tuple[str, ...] = ()) -> Done:
    """Run `mutuals` in that folder to its end. `before`: a command that starts it."""
    return subprocess.run(
        [*before, *command(*words, hours=hours)], cwd=folder, env=environment(), capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def begin(folder: Path, *words: str, hours: float | None = None) -> "subprocess.Popen[str]":
    """Start `mutuals` there, and leave it running."""
    return subprocess.Popen(
        command(*words, hours=hours), cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def environment() -> dict[str, str]:
    """This one's, with the project to be found from any folder and lines as long as they are."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "400"}


def complaint(done: Done) -> str:
    """The one sentence on stderr, without the name of the program."""
    assert done.returncode != 0, done.stdout
    assert "Traceback" not in done.stderr, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("mutuals: ")]
    assert len(lines) == 1, done.stderr
    return lines[0].removeprefix("mutuals: ")


@dataclass(frozen=True)
class Running:
    """The tiny world's servers, and a folder with settings that point at them."""

    servers: SampleServers
    folder: Path

    def mutuals(self, *words: str, hours: float, folder: Path | None = None) -> Done:
        """Run `mutuals` so many hours after noon, by its clock and by the servers'."""
        self.servers.clock.set(at(hours))
        return mutuals(folder or self.folder, *words, hours=hours)

    def settle(self, folder: Path) -> Path:
        """Write the same settings into another folder."""
        folder.mkdir(parents=True, exist_ok=True)
        text = SETTINGS.format(home=HOME, sky=self.servers.bluesky.url)
        text += "".join(
            f'\n[[servers]]\nname = "{name}"\nurl = "{one.url}"\n' for name, one in self.servers.mastodon.items()
        )
        (folder / "mutuals.toml").write_text(text, encoding="utf-8")
        return folder


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """Start the servers."""
    servers = start(WORLD, clock=Clock.fixed(at(0)))
    try:
        one = Running(servers, folder)
        one.settle(folder)
        yield one
    finally:
        servers.stop()


def stored(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row about posts and people, without when it was looked at. Without our lock: nobody else may be at work."""
    with duckdb.connect(str(folder / "mutuals-data" / "warehouse.duckdb")) as con:
        return {
            name: sorted(
                con.execute(
                    f"select * {f'exclude ({_WHEN[name]})' if name in _WHEN else ''} from stored.{name}"
                ).fetchall(),
                key=repr,
            )
            for name in _TABLES
        }


def query(folder: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Rows of the warehouse there; also to change it behind everybody's back. Times are written as UTC, without a zone."""
    plain = [value.replace(tzinfo=None) if isinstance(value, datetime) else value for value in values]
    with duckdb.connect(str(folder / "mutuals-data" / "warehouse.duckdb")) as con:
        return con.execute(sql, plain).fetchall()


if __name__ == "__main__":
    moment = datetime.fromisoformat(sys.argv.pop(1))

    class Stopped(datetime):
        """A clock that stands still."""

        @classmethod
        def now(cls, tz: Any = None) -> "Stopped":  # noqa: ARG003 always UTC
            return moment  # type: ignore[return-value]

    status.datetime = privacy.datetime = runtime.datetime = Stopped  # type: ignore[attr-defined]
    process._now = lambda: moment
    process._OTHERS_TURN = float(os.environ.get("OTHERS_TURN", process._OTHERS_TURN))
    entry.entry()
