"""One open reader per role, renewed when the snapshot has moved on. Pages never wait for the collector."""

from datetime import datetime
from threading import Lock
from typing import Protocol

import pandas as pd
from warehouse.read import open_reader

from app import running


class Reader(Protocol):
    """What the pages use of warehouse.read.Reader."""

    @property
    def name(self) -> str:
        """The snapshot's name: what caches are keyed on."""
        ...

    @property
    def published_at(self) -> datetime:
        """When the snapshot was published."""
        ...

    def is_stale(self) -> bool:
        """Has a newer snapshot been published?"""
        ...

    def frame(self, sql: str, now: datetime, **params: object) -> pd.DataFrame:
        """Run one SELECT at one time."""
        ...


class NothingYet(Exception):
    """No snapshot has been published."""


class CannotRead(Exception):
    """The snapshot cannot be opened. The message names the thing and the cure."""


_open: dict[str, Reader] = {}
_lock = Lock()


def reader(role: str = "group") -> Reader:
    """The reader of the newest snapshot for a role. Raises NothingYet or CannotRead.

    The one it replaces is only let go of: another session may be in the middle of a query on it.
    """
    with _lock:
        held = _open.get(role)
        if held is None or held.is_stale():
            held = open_reader(running.current().settings, role=role)
            _open[role] = held
        return held


def forget() -> None:
    """Open everything anew: after the settings have changed, and between tests."""
    with _lock:
        _open.clear()
