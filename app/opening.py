"""One open reader per role, renewed when the snapshot has moved on, and the casebook. Pages never wait for the collector."""

from threading import Lock

import streamlit as st

from app import running
from warehouse.casebook import Casebook, open_casebook
from warehouse.read import NothingPublished, OlderSnapshot, Reader, open_reader

__all__ = ["NothingPublished", "OlderSnapshot", "Reader", "casebook", "forget", "reader"]

_readers: dict[str, Reader] = {}
_casebooks: list[Casebook] = []
_lock = Lock()


def reader(role: str = "group") -> Reader:
    """The reader of the newest snapshot for a role. Raises NothingPublished, WarehouseError or CasebookError.

    The one it replaces is only let go of: another session may be in the middle of a query on it.
    """
    with _lock:
        held = _readers.get(role)
        if held is None or held.is_stale():
            _readers.pop(role, None)
            if held is not None:
                st.cache_data.clear()  # somebody may have been erased: nothing of the old snapshot is kept
            held = open_reader(running.current().settings, role=role)
            _readers[role] = held
        return held


def casebook() -> Casebook:
    """The casebook that people's decisions go into. Raises CasebookError."""
    with _lock:
        if not _casebooks:
            _casebooks.append(open_casebook(running.current().settings))
        return _casebooks[0]


def forget() -> None:
    """Open everything anew: after the settings have changed, and between tests."""
    with _lock:
        _readers.clear()
        _casebooks.clear()
