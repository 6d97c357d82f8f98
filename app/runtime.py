"""What this process shows: settings, clock and what the command line handed in.

Streamlit runs the pages in the server's own process, so a module is all it takes: no environment, no file.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

import streamlit as st

from app.lookup import AccountLookup
from warehouse.errors import SettingsError
from warehouse.settings import Settings

log = logging.getLogger(__name__)

_RETRY_SECONDS = 5.0


def _clock() -> datetime:
    return datetime.now(UTC)


def _claims() -> Mapping[str, Any]:
    return st.user.to_dict()


@dataclass(slots=True)
class Runtime:
    """Handed in once, when the dashboard starts. Callables that are None are simply not offered on the pages."""

    settings: Settings
    clock: Callable[[], datetime] = _clock
    look_up: AccountLookup | None = None  # asks the networks about what somebody typed on the set-up page
    explore: Callable[[], str] | None = None  # starts the sample community, returns the address of its dashboard
    reload: Callable[[Path], Settings] | None = None  # reads mutuals.toml again; None: what it says stays as it was
    claims: Callable[[], Mapping[str, Any]] = _claims  # what the sign-in says of whoever runs a page
    settings_error: str = ""  # why mutuals.toml as it stands now could not be read: what it said before holds
    _stamp: object = None
    _unreadable: object = None  # the stamp of what could not be read
    _next_try: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def reload_settings(self) -> None:
        """Read mutuals.toml again where it has changed: a role that was taken away must not last until the next start.

        How people sign in stays as it was at the start: a slip there must not open the dashboard to everybody.
        """
        if self.reload is None:
            return
        stamp = _stamp(self.settings.config)
        if stamp == self._stamp:
            return
        with self._lock:
            if stamp == self._stamp or (stamp == self._unreadable and time.monotonic() < self._next_try):
                return
            try:
                new_settings = self.reload(self.settings.config)
            except (SettingsError, OSError) as error:
                # what is wrong may lie in another file, which can be mended without this one changing again
                self._unreadable, self._next_try = stamp, time.monotonic() + _RETRY_SECONDS
                self.settings_error = str(error)
                log.warning("the settings stay as they were: %s", error)
                return
            self._stamp = stamp
            self.settings_error = ""
            secrets = replace(new_settings.secrets, sign_in=self.settings.secrets.sign_in)
            self.settings = replace(new_settings, sign_in=self.settings.sign_in, secrets=secrets)


_running: list[Runtime] = []


def set_current(running: Runtime) -> None:
    """Say what to show. Called by server.serve before the first page, and by tests."""
    _running[:] = [running]


def current() -> Runtime:
    """What to show, by the settings as they are now. Raises RuntimeError where a page is run without the `mutuals` command."""
    if not _running:
        raise RuntimeError("the pages are started by the command: mutuals dashboard")
    _running[0].reload_settings()
    return _running[0]


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return "none"
    return found.st_mtime_ns, found.st_size, found.st_ino
