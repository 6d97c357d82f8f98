"""The group's meetings, events and notes in the casebook: appended changes with who and when; nothing is changed in place."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from warehouse.casebook import Casebook
from warehouse.casebook_place import DATE_EVENTS
from warehouse.dates import Dated, DateEvent, Draft, dates_of, told_of


def dates(casebook: Casebook, group_id: str) -> list[Dated]:
    """What stands, by date."""
    return dates_of(changes(casebook, group_id))


def changes(casebook: Casebook, group_id: str) -> list[DateEvent]:
    """All that was changed, oldest first."""
    with casebook.reading() as con:
        found = con.execute(
            sa.select(DATE_EVENTS).where(DATE_EVENTS.c.group_id == group_id).order_by(DATE_EVENTS.c.event_id)
        ).all()
    return [DateEvent(row.event_id, datetime.fromisoformat(row.at), row.who, row.what, row.detail) for row in found]


def add(casebook: Casebook, group_id: str, who: str, at: datetime, draft: Draft) -> int:
    """Write one down. Raises ValueError for a title that is empty and for a last day before the first."""
    return _append(casebook, group_id, who, at, "add", {"dates": [told_of(draft)]})


def add_all(casebook: Casebook, group_id: str, who: str, at: datetime, drafts: Sequence[Draft]) -> int:
    """Write down what a calendar file held, as one change that can be taken back as one. Raises ValueError."""
    if not drafts:
        raise ValueError("there is nothing to add")
    return _append(casebook, group_id, who, at, "import", {"dates": [told_of(draft) for draft in drafts]})


def remove(casebook: Casebook, group_id: str, who: str, at: datetime, dated: Dated) -> int:
    """Take one off. Twice changes nothing more."""
    return _append(casebook, group_id, who, at, "remove", {"event_id": dated.event_id, "place": dated.place})


def undo(casebook: Casebook, group_id: str, who: str, at: datetime, event_id: int) -> int:
    """Take a change back: what was added goes, what was taken off returns."""
    return _append(casebook, group_id, who, at, "undo", {"event_id": event_id})


def _append(casebook: Casebook, group_id: str, who: str, at: datetime, what: str, detail: dict[str, Any]) -> int:
    if not who.strip():
        raise ValueError("a change needs a name: who makes it?")
    row = {
        "group_id": group_id,
        "at": at.astimezone(UTC).isoformat(),
        "who": who.strip(),
        "what": what,
        "detail": detail,
    }
    with casebook.writing() as con:
        return int(con.execute(sa.insert(DATE_EVENTS).returning(DATE_EVENTS.c.event_id), [row]).scalar_one())
