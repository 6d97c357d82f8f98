"""The rota in the casebook: appended changes with who and when; nothing is changed in place."""

from collections.abc import Collection
from datetime import date, datetime

from warehouse.casebook.changes import append_change, load_change_rows
from warehouse.casebook.database import ROTA_EVENTS
from warehouse.casebook.events import Casebook
from warehouse.casebook.rota import Rota, RotaEvent, rota_after


def load_rota(casebook: Casebook, group_id: str) -> Rota:
    """Who looks when, as it stands."""
    return rota_after(load_rota_changes(casebook, group_id))


def load_rota_changes(casebook: Casebook, group_id: str) -> list[RotaEvent]:
    """All that was changed, oldest first."""
    return [RotaEvent(*row) for row in load_change_rows(casebook, ROTA_EVENTS, group_id)]


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
    return append_change(casebook, ROTA_EVENTS, group_id, who, at, "add_slot", detail)


def add_away(casebook: Casebook, group_id: str, who: str, at: datetime, *, person: str, first: date, last: date) -> int:
    """Somebody does not look from one day to another, both included. Raises ValueError."""
    if last < first:
        raise ValueError("the last day away lies before the first")
    detail = {"person": _named(person), "first": first.isoformat(), "last": last.isoformat()}
    return append_change(casebook, ROTA_EVENTS, group_id, who, at, "add_away", detail)


def remove_entry(casebook: Casebook, group_id: str, who: str, at: datetime, event_id: int) -> int:
    """Take a slot or a time away off. Twice changes nothing more."""
    return append_change(casebook, ROTA_EVENTS, group_id, who, at, "remove", {"event_id": event_id})


def _named(person: str) -> str:
    name = " ".join(person.split())
    if not name:
        raise ValueError("who looks? a name is missing")
    return name
