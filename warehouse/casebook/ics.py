"""A calendar file (.ics) → the group's own dates, and what is wrong with it line by line. Pure: nothing is written down here.

Reading is icalendar's work and repeating is recurring-ical-events'. What they do not give is the line of a mistake, so every
event is read by itself: one that is broken costs the others nothing. Only the title, the days and the time are taken.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component

from warehouse.casebook.dates import DateDraft, tidy_text

BYTES_AT_MOST = 1_000_000
DATES_AT_MOST = 500
_SHORT_STEPS = ("FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY")


@dataclass(frozen=True, slots=True)
class IcsProblem:
    """What is wrong, by the line on which it stands (from 1). `why` names a text of the screen's catalogue."""

    line: int
    why: str
    about: str = ""


@dataclass(slots=True)
class IcsFile:
    """What a file holds."""

    drafts: list[DateDraft] = field(default_factory=list)
    problems: list[IcsProblem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Block:
    """One event as it stands in the file."""

    line: int
    lines: tuple[str, ...]

    def text(self) -> str:
        return "\n".join(self.lines)

    def line_of(self, name: str) -> int:
        """Where a property stands, or the event begins."""
        return next((self.line + at for at, line in enumerate(self.lines) if line.upper().startswith(name)), self.line)


def parse_ics(raw: bytes, zone: str, first: date, last: date) -> IcsFile:
    """The dates from `first` to `last` on the clock of `zone`; repeating events once for each time."""
    out = IcsFile()
    if len(raw) > BYTES_AT_MOST:
        out.problems.append(IcsProblem(1, "too_large"))
        return out
    text = raw.decode("utf-8-sig", errors="replace")
    lines = text.splitlines()
    if not any(line.strip().upper() == "BEGIN:VCALENDAR" for line in lines[:50]):
        out.problems.append(IcsProblem(1, "no_calendar"))
        return out
    blocks, zones = _blocks(lines, out)
    for same in _by_uid(blocks):
        good = [block for block in same if _is_sound(block, zones, out)]
        if good:
            out.drafts += _expanded(good, zones, ZoneInfo(zone), first, last, out)
    out.drafts.sort(key=lambda draft: (draft.first, draft.clock, draft.title))
    if len(out.drafts) > DATES_AT_MOST:
        out.problems.append(IcsProblem(1, "too_many", str(DATES_AT_MOST)))
        del out.drafts[DATES_AT_MOST:]
    if not blocks and not out.problems:
        out.problems.append(IcsProblem(1, "no_event"))
    out.problems.sort(key=lambda problem: problem.line)
    return out


def _blocks(lines: list[str], out: IcsFile) -> tuple[list[_Block], str]:
    """The events, and the time zones they may name."""
    blocks: list[_Block] = []
    zones: list[str] = []
    begun: tuple[int, str] | None = None
    for at, line in enumerate(lines):
        said = line.strip().upper()
        if said in ("BEGIN:VEVENT", "BEGIN:VTIMEZONE"):
            if begun:
                out.problems.append(IcsProblem(begun[0] + 1, "no_end"))
            begun = (at, said.removeprefix("BEGIN:"))
        elif begun and said == f"END:{begun[1]}":
            if begun[1] == "VEVENT":
                blocks.append(_Block(begun[0] + 1, tuple(lines[begun[0] : at + 1])))
            else:
                zones += lines[begun[0] : at + 1]
            begun = None
    if begun:
        out.problems.append(IcsProblem(begun[0] + 1, "no_end"))
    return blocks, "\n".join(zones)


def _by_uid(blocks: Iterable[_Block]) -> Iterator[list[_Block]]:
    """A repeating event and the times that were moved share a UID."""
    found: dict[str, list[_Block]] = {}
    for block in blocks:
        uid = next((line for line in block.lines if line.upper().startswith("UID:")), f"line {block.line}")
        found.setdefault(uid, []).append(block)
    yield from found.values()


def _is_sound(block: _Block, zones: str, out: IcsFile) -> bool:
    before = len(out.problems)
    try:
        event = _calendar([block], zones).walk("VEVENT")[0]
    except (ValueError, IndexError, KeyError, AttributeError):
        out.problems.append(IcsProblem(block.line, "unreadable"))
        return False
    for name, _ in event.errors:
        if name in (None, "DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID"):
            out.problems.append(IcsProblem(block.line_of(name) if name else block.line, "bad_line", name or ""))
    if not event.errors and "DTSTART" not in event:
        out.problems.append(IcsProblem(block.line, "no_start"))
    elif str(event.get("STATUS", "")).upper() == "CANCELLED":
        out.problems.append(IcsProblem(block.line, "cancelled"))
    elif any(step in block.text().upper() for step in _SHORT_STEPS):
        out.problems.append(IcsProblem(block.line_of("RRULE"), "too_often"))
    elif not tidy_text(str(event.get("SUMMARY", ""))):
        out.problems.append(IcsProblem(block.line, "no_title"))
    if len(out.problems) > before:
        return False
    start, named = event.decoded("DTSTART"), event["DTSTART"].params.get("TZID")
    if "DTEND" in event and _is_before(event.decoded("DTEND"), start):
        out.problems.append(IcsProblem(block.line_of("DTEND"), "ends_before"))
        return False
    if named and isinstance(start, datetime) and start.tzinfo is None:
        out.problems.append(IcsProblem(block.line_of("DTSTART"), "unknown_zone", tidy_text(str(named))))
    return True


def _expanded(
    blocks: list[_Block], zones: str, zone: ZoneInfo, first: date, last: date, out: IcsFile
) -> Iterator[DateDraft]:
    try:
        found = recurring_ical_events.of(_calendar(blocks, zones)).between(first, last + timedelta(days=1))
    except (ValueError, KeyError, TypeError, OverflowError):
        out.problems.append(IcsProblem(blocks[0].line, "unreadable"))
        return
    if not found:
        out.problems.append(IcsProblem(blocks[0].line, "outside"))
    for event in found[: DATES_AT_MOST + 1]:
        draft = _draft(event, zone)
        if first <= draft.first <= last:
            yield draft


def _is_before(end: date, start: date) -> bool:
    """Ends before it begins, as far as the two can be compared."""
    try:
        return end < start
    except TypeError:  # a day and a time, or a time with a zone and one without
        return False


def _draft(event: Component, zone: ZoneInfo) -> DateDraft:
    """One time of an event, on the group's clock."""
    start, end = event.decoded("DTSTART"), event.decoded("DTEND") if "DTEND" in event else None
    title, uid = tidy_text(str(event.get("SUMMARY", ""))), str(event.get("UID", ""))
    if not isinstance(start, datetime):  # whole days; the end is the day after the last
        return DateDraft("event", title, start, start if end is None else max(end - timedelta(days=1), start), "", uid)
    begins = _local(start, zone)
    ends_at = max(_local(end, zone), begins) if isinstance(end, datetime) else begins
    if ends_at > begins:
        ends_at -= timedelta(microseconds=1)  # what ends at midnight is not on the next day
    return DateDraft("meeting", title, begins.date(), ends_at.date(), f"{begins:%H:%M}", uid)


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    """On the group's clock; a time without a zone is already."""
    return (at if at.tzinfo is None else at.astimezone(zone)).replace(tzinfo=None)


def _calendar(blocks: Iterable[_Block], zones: str) -> Component:
    inside = "\n".join(block.text() for block in blocks)
    return Calendar.from_ical(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-\n{zones}\n{inside}\nEND:VCALENDAR\n")
