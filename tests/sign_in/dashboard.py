"""Two groups in a real warehouse, and the real `mutuals dashboard` over them, with the settings a test writes.

As a script: python -m tests.sign_in.serving <data folder> builds the two groups, by the clock on the wall: a token's times
are real, so all times here must be.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.sign_in.provider import SECRET
from tests.support import village

SECONDS_TO_NOTICE = 90  # a page looks every 15; a machine that runs other things meanwhile takes its time
ROOT = Path(__file__).parents[2]
# Words and names that only people who answer may see, of each group
RIVERSIDE = (
    "They sent me in circles",
    "Third night without sleep",
    "appeal a decision of the council",
    "marit",
    "tomasz",
)
HILLSIDE = ("a ramp for the Hillside stairs", "odalys")
GROUPS = """
[[groups]]
id = "riverside"
name = "Riverside Carers’ Circle"
mastodon = ["@riverside@carers.example"]

[[groups]]
id = "hillside"
name = "Hillside Friends"
mastodon = ["@hillside@carers.example"]
"""
ROLES = """
[[roles]]
role = "organiser"
who = "dee@riverside.example"
name = "Dee"

[[roles]]
role = "groupworker"
who = "hal@riverside.example"
groups = ["riverside"]
name = "Hal"

[[roles]]
role = "trustee"
who = "tess@riverside.example"
groups = ["riverside"]

[[roles]]
role = "groupworker"
claim = "groups=mutuals-volunteers"
groups = ["hillside"]
"""


class Served:
    """A dashboard that runs."""

    def __init__(self, folder: Path, port: int, more: Sequence[str]) -> None:
        self.folder = folder
        self.config = folder / "mutuals.toml"
        self.address = f"http://127.0.0.1:{port}"
        settings = [
            "--config",
            str(self.config),
            "--data-dir",
            str(folder),
            "--port",
            str(port),
            "--log-level",
            "debug",
        ]
        self._command = [sys.executable, "-m", "app.cli.entry", "dashboard", *settings, *more]
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        env = os.environ | {"MUTUALS_SIGN_IN_SECRET": SECRET}
        with (self.folder / "said").open("ab") as said:
            return subprocess.Popen(self._command, cwd=ROOT, env=env, stdout=said, stderr=subprocess.STDOUT)

    def wait(self) -> None:
        """Until it answers. Raises RuntimeError with its last words where it ended instead."""
        for _ in range(300):
            if self._process.poll() is not None:
                raise RuntimeError(f"the dashboard ended before it was ready: {self.said()}")
            try:
                if httpx.get(f"{self.address}/healthz").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError(f"the dashboard was not ready after 30 seconds: {self.said()}")

    def stop(self) -> None:
        """End it as an init system does."""
        self._process.terminate()
        self._process.wait(20)

    def start_again(self) -> None:
        """End it, and start it over the same folder."""
        self.stop()
        self._process = self._start()
        self.wait()

    def said(self) -> str:
        """All that it wrote to its log and its terminal so far."""
        return (self.folder / "said").read_text(errors="replace")

    def change(self, old: str, new: str) -> None:
        """Edit mutuals.toml as an editor does."""
        text = self.config.read_text()
        assert old in text
        beside = self.config.with_suffix(".new")
        beside.write_text(text.replace(old, new))
        beside.replace(self.config)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sign_in(dashboard: str, provider: str, *more: str) -> str:
    """Settings for signing in with a provider."""
    lines = (f'[app]\ndashboard_url = "{dashboard}"', f'[sign_in]\nprovider = "{provider}"', 'client_id = "mutuals"')
    return "\n".join((*lines, *more, ""))


@contextmanager
def served(built: Path, folder: Path, port: int, settings: str, *more: str) -> Iterator[Served]:
    """Run the command over a copy of what was built. `more`: further arguments."""
    shutil.copytree(built, folder, dirs_exist_ok=True)
    (folder / "mutuals.toml").write_text(settings)
    running = Served(folder, port, more)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


def build(folder: Path) -> None:
    """A published snapshot of two groups, with a queue and twenty weeks of history each."""
    from warehouse.ingest.store import store
    from warehouse.settings import Group
    from warehouse.snapshots.publish import publish
    from warehouse.storage.connection import open_warehouse
    from warehouse.transform.freeze import freeze
    from warehouse.transform.prepare import prepare

    village.NOW = now = datetime.now(UTC)
    village.OPENED = now - timedelta(days=150)
    riverside, hillside = village.Village(), village.Village("hillside")
    riverside.collecting()
    riverside.queue()
    riverside.history()
    hillside.post("stairs", "odalys", 6, "Can anybody tell me how to get a ramp for the Hillside stairs please?")
    settings = village.settings(
        folder,
        Group("riverside", "Riverside Carers’ Circle", mastodon=("@riverside@carers.example",)),
        Group("hillside", "Hillside Friends", mastodon=("@hillside@carers.example",)),
    )
    with open_warehouse(settings) as con:
        con.execute("begin")
        for one in (riverside, hillside):
            prepare(con, store(con, one.rows), now)
        freeze(con, now)
        con.execute("commit")
        publish(con, settings, now)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
