"""What people decide: claims, marks, outcomes, notes. Appended events with who and when; the state is read out of them.

Small and transactional, written by the dashboard: SQLite in the data folder, or PostgreSQL by URL. Nothing is ever changed
in place, so everything can be taken back and shown with its author; erasing is the one way out (secure_delete is on).
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from warehouse.casebook.database import (
    EVENTS,
    WRITES,
    clear_deleted_bytes,
    create_tables,
    explain_database_error,
    open_engine,
)
from warehouse.casebook.decisions import Event, decisions_after, event_kinds
from warehouse.errors import CasebookError
from warehouse.settings import Settings
from warehouse.storage.rows import Decision

__all__ = ["Casebook", "CasebookConflict", "CasebookError", "open_casebook"]

_ERASED = "erased"


class CasebookConflict(Exception):
    """Somebody else decided first."""

    def __init__(self, event: Event) -> None:
        super().__init__(f"{event.who} was quicker: {event.what.replace('_', ' ')} at {event.at:%H:%M} UTC")
        self.event = event


@dataclass(slots=True)
class Casebook:
    """People's decisions, open. Safe for threads."""

    _engine: sa.Engine
    _place: str  # for messages; never a password

    def version(self) -> int:
        """Moves with every decision by anybody."""
        with self.reading() as con:
            return int(con.execute(sa.select(sa.func.coalesce(sa.func.max(EVENTS.c.event_id), 0))).scalar_one())

    def decisions(self, now: datetime | None = None) -> list[Decision]:
        """How every request stands that somebody decided about; `now`: as it stood then."""
        return decisions_after(event for event in self._events() if now is None or event.at <= now)

    def history(self, group_id: str, post_id: UUID | str) -> list[Event]:
        """All that was decided about one request, oldest first, what was taken back included."""
        return self._events(EVENTS.c.group_id == group_id, EVENTS.c.post_id == str(post_id))

    def events(self, group_id: str) -> list[Event]:
        """All that was decided for a group, oldest first, what was taken back included."""
        return self._events(EVENTS.c.group_id == group_id)

    def names(self, group_id: str) -> list[str]:
        """Who decided something for a group, or was handed something: the newest first."""
        events = self.events(group_id)
        named = [name for event in reversed(events) for name in (event.who, event.detail.get("to")) if name]
        return list(dict.fromkeys(named))

    def record(self, *, group_id: str, **event_fields: Any) -> int:
        """Append a decision for one group, as record_for does; returns its event_id."""
        return self.record_for((group_id,), **event_fields)[0]

    def record_for(
        self,
        group_ids: Collection[str],
        *,
        post_id: UUID | str,
        who: str,
        what: str,
        at: datetime,
        detail: Mapping[str, Any] | None = None,
        expected_version: int | None = None,
    ) -> list[int]:
        """Append a decision about a post, for each of the groups it is addressed to, or for none; returns the event_ids.

        `what` is one of decisions.event_kinds().

        `expected_version` is the version() the person was looking at: if somebody else decided about this request since,
        nothing is recorded and CasebookConflict says who, what and when. Raises ValueError for an unknown `what`.
        """
        if what not in event_kinds():
            raise ValueError(f"unknown decision {what!r}; one of: {', '.join(event_kinds())}")
        if not who.strip():
            raise ValueError("a decision needs a name: who decides?")
        with self.writing() as con:
            if expected_version is not None:
                since = self._select(con, EVENTS.c.group_id.in_(group_ids), EVENTS.c.post_id == str(post_id))
                others = [one for one in since if one.event_id > expected_version and one.who != who]
                if others:
                    raise CasebookConflict(others[-1])
            event_fields = (str(post_id), who, what, at, dict(detail or {}))
            return [self._append(con, group_id, *event_fields) for group_id in group_ids]

    def undo(self, event_id: int, who: str, at: datetime | None = None) -> int:
        """Take one decision back (also one that took another back). Returns the new event's id. LookupError: no such event."""
        with self.writing() as con:
            found = self._select(con, EVENTS.c.event_id == event_id)
            if not found:
                raise LookupError(f"there is no decision {event_id} to take back")
            one = found[0]
            when = at or datetime.now(UTC)
            return self._append(con, one.group_id, str(one.post_id), who, "undo", when, {"event_id": event_id})

    def erase(self, post_ids: Collection[UUID], at: datetime) -> int:
        """Remove all that was decided and noted about these posts, for good. Returns how many events went."""
        with self.writing() as con:
            gone = con.execute(sa.delete(EVENTS).where(EVENTS.c.post_id.in_([str(one) for one in post_ids]))).rowcount
            if gone:
                self._append(con, "", "", "", _ERASED, at, {"events_count": gone})
        if gone:
            self.settle_bytes()
        return gone

    def settle_bytes(self) -> bool:
        """What was deleted leaves the files too, at once. False: somebody reads for too long; the next night tries again."""
        with explain_database_error(self._place):
            return clear_deleted_bytes(self._engine)

    def moved(self, con: sa.Connection, at: datetime, detail: dict[str, Any]) -> None:
        """Within `writing`: something beside the decisions changed, so everybody looks again. Says nothing of whom."""
        self._append(con, "", "", "", _ERASED, at, detail)

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _events(self, *where: sa.ColumnElement[bool]) -> list[Event]:
        with self.reading() as con:
            return self._select(con, *where)

    def _select(self, con: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Event]:
        found = con.execute(sa.select(EVENTS).where(EVENTS.c.what != _ERASED, *where).order_by(EVENTS.c.event_id)).all()
        return [
            Event(
                row.event_id,
                row.group_id,
                UUID(row.post_id),
                datetime.fromisoformat(row.at),
                row.who,
                row.what,
                row.detail,
            )
            for row in found
        ]

    def _append(
        self, con: sa.Connection, group_id: str, post_id: str, who: str, what: str, at: datetime, detail: dict[str, Any]
    ) -> int:
        row = {
            "group_id": group_id,
            "post_id": post_id,
            "who": who.strip(),
            "what": what,
            "at": _iso(at),
            "detail": detail,
        }
        return int(con.execute(sa.insert(EVENTS).returning(EVENTS.c.event_id), [row]).scalar_one())

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read with; for the modules that keep tables of their own here."""
        with explain_database_error(self._place), self._engine.connect() as con:
            yield con

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One writer at a time, so that ids go up in the order in which they become visible."""
        with (
            explain_database_error(self._place),
            self._engine.connect().execution_options(**WRITES) as con,
            con.begin(),
        ):
            if self._engine.dialect.name == "postgresql":
                con.execute(sa.text("lock table events in exclusive mode"))
            yield con


def open_casebook(settings: Settings) -> Casebook:
    """Open the casebook, made new where there is none. Raises CasebookError."""
    if settings.casebook_url:
        url = sa.make_url(settings.casebook_url)
        url = url.set(drivername="postgresql+psycopg") if url.drivername in ("postgres", "postgresql") else url
    else:
        url = sa.URL.create("sqlite", database=str(settings.data_dir / "casebook.sqlite"))
    place = url.render_as_string(hide_password=True)
    with explain_database_error(place):
        engine = open_engine(url, settings)
        try:
            create_tables(engine, place)
        except BaseException:
            engine.dispose()
            raise
    return Casebook(engine, place)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
