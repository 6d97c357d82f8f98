"""What pages read from: the newest snapshot and the casebook, opened once and narrowed to what somebody may see.

The one way from a page to anybody's data, and so the place where roles are enforced. Pages never wait for the collector.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

import pandas as pd
import streamlit as st

from app import runtime
from app.auth import permissions
from app.auth.identity import LOCAL, Identity
from warehouse.casebook.events import Casebook, open_casebook
from warehouse.settings import Group
from warehouse.snapshots.reader import NothingPublished, OlderSnapshot, Reader, open_reader

__all__ = [
    "NothingPublished",
    "OlderSnapshot",
    "RoleReader",
    "casebook_for",
    "casebook_for_mail",
    "reader_for",
    "reset_readers",
]

_readers: dict[tuple[str, frozenset[str] | None], Reader] = {}
_casebooks: list[Casebook] = []
_lock = Lock()


@dataclass(frozen=True, slots=True)
class RoleReader:
    """A reader as one person may use it. Holds only rows of their groups, and asks before each look whether they still may."""

    reader: Reader
    who: Identity
    need: str  # one of ROLES
    group_ids: frozenset[str]

    @property
    def name(self) -> str:
        """Which snapshot it is."""
        return self.reader.name

    @property
    def published_at(self) -> datetime:
        """When that snapshot was published."""
        return self.reader.published_at

    def open_groups(self) -> tuple[Group, ...]:
        """All groups of which they may read with this, as the settings are now."""
        return permissions.groups_open_to(self.who, self.need)

    def frame(
        self,
        sql: str,
        now: datetime,
        *,
        from_date: date | None = None,
        to_date: date | None = None,
        rota_before: Sequence[float] | None = None,
        **params: object,
    ) -> pd.DataFrame:
        """Reader.frame. Raises NotAllowed: their role was taken away, or their sign-in has ended."""
        permissions.require_groups(self.who, self.need, self.group_ids)
        return self.reader.frame(sql, now, from_date=from_date, to_date=to_date, rota_before=rota_before, **params)


def reader_for(need: str = "groupworker", group_id: str = "") -> RoleReader:
    """The newest snapshot for whoever is at this browser. A trustee's has no row that names or quotes anybody.

    Raises NotAllowed where nothing, or `group_id`, is not open to them; NothingPublished, WarehouseError or CasebookError.
    """
    who = permissions.require_identity()
    role = "trustee" if need == "trustee" else "group"
    if who == LOCAL:
        return RoleReader(_reader(role, None), who, need, frozenset())
    group_ids = permissions.require_groups(who, need, frozenset({group_id} if group_id else ()))
    return RoleReader(_reader(role, group_ids), who, need, group_ids)


def _reader(role: str, group_ids: frozenset[str] | None) -> Reader:
    """The one it replaces is only let go of: another session may be in the middle of a query on it."""
    with _lock:
        held = _readers.get((role, group_ids))
        if held is None or held.is_stale():
            if held is not None:
                _readers.clear()
                st.cache_data.clear()  # somebody may have been erased: nothing of the old snapshot is kept
            held = open_reader(runtime.current().settings, role, group_ids)
            _readers[role, group_ids] = held
        return held


def casebook_for(group_ids: Collection[str]) -> Casebook:
    """The casebook that people's decisions go into; for what concerns these groups. Raises NotAllowed or CasebookError."""
    permissions.require_groups(permissions.require_identity(), "groupworker", frozenset(group_ids))
    return casebook_for_mail()


def casebook_for_mail() -> Casebook:
    """The casebook for whoever holds a link of the weekly mail, which is proof enough. Raises CasebookError."""
    with _lock:
        if not _casebooks:
            _casebooks.append(open_casebook(runtime.current().settings))
        return _casebooks[0]


def reset_readers() -> None:
    """Open everything anew: after the settings have changed, and between tests."""
    with _lock:
        _readers.clear()
        _casebooks.clear()
