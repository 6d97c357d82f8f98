"""Who looks when: weekly slots by the hour on the group's wall clock, times away, and where nobody looks. Pure.

A week has 168 hours, numbered from Monday 00:00. A slot that ends before it begins goes on after midnight.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

DAY_HOURS, WEEK_HOURS = 24, 168
_NIGHT = (21, 8)  # from … to …, on the wall clock
_STEP = timedelta(minutes=15)  # every zone's hours begin at a multiple of it
_LOOK_BACK = timedelta(hours=24)  # whoever waits longer is late by then

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class RotaEvent:
    """One change of the rota."""

    event_id: int
    at: datetime
    who: str
    what: str  # 'add_slot', 'add_away', 'remove'
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """Somebody looks on these weekdays (1 Monday to 7 Sunday) from one hour (0 to 23) to another (1 to 24, or past midnight)."""

    event_id: int
    person: str
    weekdays: tuple[int, ...]
    start: int
    end: int

    def hours(self) -> int:
        """How long it is; the same hour twice is a whole day."""
        return (self.end - self.start - 1) % DAY_HOURS + 1


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody does not look on these days, both included."""

    event_id: int
    person: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Rota:
    """Who looks when, as it stands. `since`: when the first slot was written down."""

    slots: tuple[Slot, ...] = ()
    aways: tuple[Away, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Hours of the week in which nobody looks, beginning at the same time on these weekdays."""

    weekdays: tuple[int, ...]
    start: int  # hour of the day
    hours: int

    def indexes(self) -> set[int]:
        """The hours of the week it is made of."""
        return {
            ((day - 1) * DAY_HOURS + self.start + hour) % WEEK_HOURS
            for day in self.weekdays
            for hour in range(self.hours)
        }


def rota_after(events: Iterable[RotaEvent]) -> Rota:
    """The rota as the events leave it."""
    listed = sorted(events, key=lambda event: event.event_id)
    gone = {event.detail["event_id"] for event in listed if event.what == "remove"}
    standing = [event for event in listed if event.event_id not in gone]
    slots = tuple(
        Slot(one.event_id, one.detail["person"], tuple(one.detail["weekdays"]), one.detail["start"], one.detail["end"])
        for one in standing
        if one.what == "add_slot"
    )
    aways = tuple(
        Away(
            one.event_id,
            one.detail["person"],
            date.fromisoformat(one.detail["first"]),
            date.fromisoformat(one.detail["last"]),
        )
        for one in standing
        if one.what == "add_away"
    )
    return Rota(slots, aways, min((one.at for one in listed if one.what == "add_slot"), default=None))


def people_on_duty(rota: Rota) -> dict[int, tuple[str, ...]]:
    """Hour of the week → who looks then in an ordinary week; hours in which nobody does are not there."""
    found: dict[int, list[str]] = {}
    for slot in rota.slots:
        for day in slot.weekdays:
            for hour in range(slot.hours()):
                names = found.setdefault(((day - 1) * DAY_HOURS + slot.start + hour) % WEEK_HOURS, [])
                if slot.person not in names:
                    names.append(slot.person)
    return {index: tuple(names) for index, names in found.items()}


def on_duty_at(rota: Rota, local: datetime) -> tuple[str, ...]:
    """Who looks at a time on the group's wall clock; who is away on the day the slot begins does not."""
    found = []
    for slot in rota.slots:
        passed = (local.hour - slot.start) % DAY_HOURS
        began = local.date() if local.hour >= slot.start else local.date() - timedelta(days=1)
        if (
            began.isoweekday() in slot.weekdays
            and passed < slot.hours()
            and slot.person.casefold() not in away_on(rota, began)
        ):
            found.append(slot.person)
    return tuple(dict.fromkeys(found))


def away_on(rota: Rota, day: date) -> frozenset[str]:
    """Who is away that day, in small letters."""
    return frozenset(one.person.casefold() for one in rota.aways if one.first <= day <= one.last)


def uncovered_nights(rota: Rota, zone: str, now: datetime) -> list[Stretch]:
    """When nobody looked in a night of the last 24 hours. None where there is no rota: then nobody was expected to."""
    if not rota.slots or rota.since is None:
        return []
    wall, found = ZoneInfo(zone), list[Stretch]()
    at = _floor(max(now - _LOOK_BACK, rota.since))
    while at < now:
        local = at.astimezone(wall)
        if (local.hour >= _NIGHT[0] or local.hour < _NIGHT[1]) and not on_duty_at(rota, local):
            if found and found[-1][1] == at:
                found[-1] = (found[-1][0], at + _STEP)
            else:
                found.append((at, at + _STEP))
        at += _STEP
    return found


def uncovered_gaps(rota: Rota) -> list[Gap]:
    """Where nobody looks in an ordinary week: the same hours of several days are one gap. The longest first."""
    covered = people_on_duty(rota).keys()
    if not covered:
        return [Gap((1,), 0, WEEK_HOURS)]
    begins = [index for index in range(WEEK_HOURS) if index not in covered and (index - 1) % WEEK_HOURS in covered]
    days: dict[tuple[int, int], list[int]] = {}
    for index in begins:
        key = (index % DAY_HOURS, _length(index, covered))
        days.setdefault(key, []).append(index // DAY_HOURS + 1)
    found = [Gap(tuple(those), start, hours) for (start, hours), those in days.items()]
    return sorted(found, key=lambda gap: (-gap.hours, gap.weekdays, gap.start))


def rota_hours_before(rota: Rota) -> list[float]:
    """For each hour of the week the hours before it in which somebody is down to look; at the end all of the week's (169)."""
    covered = people_on_duty(rota)
    return list(accumulate((1.0 if index in covered else 0.0 for index in range(WEEK_HOURS)), initial=0.0))


def requests_in_gaps(gap: Gap, asked: Mapping[int, int]) -> int:
    """How many requests came in those hours. `asked`: hour of the week → how many."""
    return sum(asked.get(index, 0) for index in gap.indexes())


def _length(begin: int, covered: Collection[int]) -> int:
    return next(hours for hours in range(1, WEEK_HOURS + 1) if (begin + hours) % WEEK_HOURS in covered)


def _floor(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def names_in_rota(rota: Rota) -> Sequence[str]:
    """Everybody on the rota, in the order of the alphabet."""
    return sorted({slot.person for slot in rota.slots} | {one.person for one in rota.aways}, key=str.casefold)
