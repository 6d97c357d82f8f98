"""The rota in the casebook: appended changes with who and when; nothing is changed in place."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from warehouse.casebook.database import ROTA_EVENTS
from warehouse.casebook.events import Casebook
from warehouse.casebook.rota import Rota, RotaEvent, rota_after


def load_rota(casebook: Casebook, group_id: str) -> Rota:
    """Who looks when, as it stands."""
    return rota_after(load_rota_changes(casebook, group_id))


def load_rota_changes(casebook: Casebook, group_id: str) -> list[RotaEvent]:
    """All that was changed, oldest first."""
    with casebook.reading() as con:
        found = con.execute(
            sa.select(ROTA_EVENTS).where(ROTA_EVENTS.c.group_id == group_id).order_by(ROTA_EVENTS.c.event_id)
        ).all()
    return [RotaEvent(row.event_id, datetime.fromisoformat(row.at), row.who, row.what, row.detail) for row in found]


def add_slot(
    casebook: Casebook,
    group_id: str,
    who: str,
    at: datetime,
    *,
    person: str,
    weekdays: Collection[int],
    start: int,
    end: int,
) -> int:
    """Somebody looks on these weekdays (1 to 7) from one hour (0 to 23) to another (1 to 24). Raises ValueError."""
    if not weekdays or not set(weekdays) <= set(range(1, 8)):
        raise ValueError("a slot needs at least one day of the week")
    if not (0 <= start <= 23 and 1 <= end <= 24) or start == end:
        raise ValueError("a slot begins at an hour from 0 to 23 and ends at another, at the latest at 24")
    detail = {"person": _named(person), "weekdays": sorted(set(weekdays)), "start": start, "end": end}
    return _append(casebook, group_id, who, at, "add_slot", detail)


def add_away(casebook: Casebook, group_id: str, who: str, at: datetime, *, person: str, first: date, last: date) -> int:
    """Somebody does not look from one day to another, both included. Raises ValueError."""
    if last < first:
        raise ValueError("the last day away lies before the first")
    detail = {"person": _named(person), "first": first.isoformat(), "last": last.isoformat()}
    return _append(casebook, group_id, who, at, "add_away", detail)


def remove_entry(casebook: Casebook, group_id: str, who: str, at: datetime, event_id: int) -> int:
    """Take a slot or a time away off. Twice changes nothing more."""
    return _append(casebook, group_id, who, at, "remove", {"event_id": event_id})


def _named(person: str) -> str:
    name = " ".join(person.split())
    if not name:
        raise ValueError("who looks? a name is missing")
    return name


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
        return int(con.execute(sa.insert(ROTA_EVENTS).returning(ROTA_EVENTS.c.event_id), [row]).scalar_one())
