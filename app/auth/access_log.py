"""The access log: who looked at what kind of page of which group, and when. Never what it showed.

One file a day in the data folder, a line for each look, for the group's organisers alone; after KEPT_DAYS it goes. Where
nobody signs in there is one user, and nothing to log.
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import streamlit as st

from app import runtime
from app.auth.identity import LOCAL, Identity, roles_by_group
from warehouse.settings import Settings
from warehouse.settings.schema import ROLES

log = logging.getLogger(__name__)

KEPT_DAYS = 90
_FOLDER = "access-log"


@dataclass(frozen=True, slots=True)
class Access:
    """One look at one kind of page."""

    at: datetime
    who: str  # the address they signed in with
    role: str
    group: str
    page: str  # a name below views/, or what was taken away


_OF_ALL = frozenset(
    {"across_groups", "what_the_numbers_mean", "first_visit", "who_may", "set_up"}
)  # about no one group


def log_page_view(who: Identity, page: str, group: str) -> None:
    """Write down that somebody opened a page; once while they stay on it. `group`: "" where it shows several at once."""
    if page in _OF_ALL:
        group = ""
    if who == LOCAL or st.session_state.get("noted") == (page, group):
        return
    st.session_state["noted"] = (page, group)
    log_access(who, page, group)


def log_access(who: Identity, page: str, group: str) -> None:
    """Append one look. Where it cannot be written the log says so, and the page is shown all the same."""
    if who == LOCAL:
        return
    process = runtime.current()
    roles_held = roles_by_group(who, process.settings)
    at = process.clock().astimezone(UTC)
    look = Access(
        at, who.address, roles_held.get(group) or max(roles_held.values(), key=ROLES.index, default=""), group, page
    )
    try:
        append_entry(process.settings, look)
    except OSError as error:
        log.warning("the access log cannot be written: %s", error.strerror)


def append_entry(settings: Settings, look: Access) -> None:
    """Append one look to its day's file, readable by its owner alone; the first of a day removes what is too old."""
    folder = settings.data_dir / _FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{look.at:%Y-%m-%d}.jsonl"
    if not file.exists():
        _forget_old(folder, look.at)
    line = json.dumps(asdict(look) | {"at": look.at.isoformat()}, ensure_ascii=True) + "\n"
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as out:
        out.write(line)


def read_entries(settings: Settings) -> Iterator[Access]:
    """All that is held, the newest first. A line that a full disk cut short is left out."""
    for file in _files(settings.data_dir / _FOLDER):
        for line in reversed(file.read_text(encoding="utf-8").splitlines()):
            with suppress(ValueError, TypeError):
                entry = json.loads(line)
                yield Access(**{**entry, "at": datetime.fromisoformat(entry["at"])})


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("????-??-??.jsonl"), reverse=True) if folder.is_dir() else []


def _forget_old(folder: Path, now: datetime) -> None:
    first = f"{now - timedelta(days=KEPT_DAYS):%Y-%m-%d}"
    for file in _files(folder):
        if file.stem < first:
            file.unlink(missing_ok=True)
