"""What this process shows: settings, clock and what the command line handed in.

Streamlit runs the pages in the server's own process, so a module is all it takes: no environment, no file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.setting_up import LookUp
from warehouse.settings import Settings


def _clock() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Running:
    """Handed in once, when the dashboard starts. Callables that are None are simply not offered on the pages."""

    settings: Settings
    clock: Callable[[], datetime] = _clock
    look_up: LookUp | None = None  # asks the networks about what somebody typed on the set-up page
    explore: Callable[[], str] | None = None  # starts the sample community, returns the address of its dashboard
    reload: Callable[[Path], Settings] | None = None  # reads mutuals.toml again after the set-up page wrote it


_running: list[Running] = []


def start(running: Running) -> None:
    """Say what to show. Called by server.serve before the first page, and by tests."""
    _running[:] = [running]


def current() -> Running:
    """What to show. Raises RuntimeError where a page is run without the `mutuals` command."""
    if not _running:
        raise RuntimeError("the pages are started by the command: mutuals dashboard")
    return _running[0]
