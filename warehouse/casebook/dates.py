"""Meetings, events and notes on dates that the group wrote down: what stands after all changes. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from warehouse.casebook.changes import append_change, load_change_rows
from warehouse.casebook.database import DATE_EVENTS
from warehouse.casebook.events import Casebook

KINDS = ("meeting", "event", "note")
LONGEST = 80  # characters of a title


@dataclass(frozen=True, slots=True)
class DateEvent:
    """One change: something was added, imported, taken off, or a change was taken back."""

    event_id: int
    at: datetime
    who: str
    what: str  # 'add' and 'import' (detail: dates), 'remove' (detail: event_id, place), 'undo' (detail: event_id)
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DateDraft:
    """Something on one or several days of the group, not yet written down. `clock`: HH:MM on the group's clock, or ''."""

    kind: str
    title: str
    first: date
    last: date
    clock: str = ""
    uid: str = ""  # of the calendar it came from

    def is_like(self, other: "DateDraft") -> bool:
        """The same thing, so that a file imported twice adds nothing."""
        return (self.title, self.first, self.clock) == (other.title, other.first, other.clock)


@dataclass(frozen=True, slots=True)
class DateEntry:
    """Something that stands in the group's book of dates: the `place`th of what one change added."""

    event_id: int
    place: int
    draft: DateDraft


def entries_after(events: Iterable[DateEvent]) -> list[DateEntry]:
    """What stands after all changes, by date. An undo that was itself taken back takes back nothing."""
    listed = sorted(events, key=lambda one: one.event_id)
    gone: set[int] = set()
    for one in reversed(listed):
        if one.what == "undo" and one.event_id not in gone:
            gone.add(one.detail["event_id"])
    standing = [one for one in listed if one.event_id not in gone]
    removed = {(one.detail["event_id"], one.detail["place"]) for one in standing if one.what == "remove"}
    found = [
        DateEntry(one.event_id, place, parse_draft(entry_json))
        for one in standing
        if one.what in ("add", "import")
        for place, entry_json in enumerate(one.detail["dates"])
        if (one.event_id, place) not in removed
    ]
    return sorted(found, key=lambda one: (one.draft.first, one.draft.clock, one.draft.title, one.event_id, one.place))


def parse_draft(entry_json: Mapping[str, Any]) -> DateDraft:
    """As it stands in the book → as it is used."""
    return DateDraft(
        entry_json["kind"],
        entry_json["title"],
        date.fromisoformat(entry_json["first"]),
        date.fromisoformat(entry_json["last"]),
        entry_json["clock"],
        entry_json["uid"],
    )


def draft_to_json(draft: DateDraft) -> dict[str, str]:
    """As it is written into the book. Raises ValueError for what cannot stand there."""
    title = tidy_text(draft.title)
    if not title:
        raise ValueError("a date needs a few words that say what it is")
    if draft.kind not in KINDS:
        raise ValueError(f"unknown kind {draft.kind!r}; one of: {', '.join(KINDS)}")
    if draft.last < draft.first:
        raise ValueError("the last day lies before the first")
    return {
        "kind": draft.kind, "title": title, "first": draft.first.isoformat(), "last": draft.last.isoformat(),
        "clock": draft.clock, "uid": draft.uid[:200],
    }  # fmt: skip


def tidy_text(title: str) -> str:
    """A title on one line, without control characters, of at most LONGEST characters."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in title).split())[:LONGEST].strip()


def load_dates(casebook: Casebook, group_id: str) -> list[DateEntry]:
    """What stands, by date."""
    return entries_after(load_changes(casebook, group_id))


def load_changes(casebook: Casebook, group_id: str) -> list[DateEvent]:
    """All that was changed, oldest first."""
    return [DateEvent(*row) for row in load_change_rows(casebook, DATE_EVENTS, group_id)]


def add_date(casebook: Casebook, group_id: str, who: str, at: datetime, draft: DateDraft) -> int:
    """Write one down. Raises ValueError for a title that is empty and for a last day before the first."""
    return append_change(casebook, DATE_EVENTS, group_id, who, at, "add", {"dates": [draft_to_json(draft)]})


def add_dates(casebook: Casebook, group_id: str, who: str, at: datetime, drafts: Sequence[DateDraft]) -> int:
    """Write down what a calendar file held, as one change that can be taken back as one. Raises ValueError."""
    if not drafts:
        raise ValueError("there is nothing to add")
    return append_change(
        casebook, DATE_EVENTS, group_id, who, at, "import", {"dates": [draft_to_json(draft) for draft in drafts]}
    )


def remove_date(casebook: Casebook, group_id: str, who: str, at: datetime, dated: DateEntry) -> int:
    """Take one off. Twice changes nothing more."""
    return append_change(
        casebook, DATE_EVENTS, group_id, who, at, "remove", {"event_id": dated.event_id, "place": dated.place}
    )


def undo_change(casebook: Casebook, group_id: str, who: str, at: datetime, event_id: int) -> int:
    """Take a change back: what was added goes, what was taken off returns."""
    return append_change(casebook, DATE_EVENTS, group_id, who, at, "undo", {"event_id": event_id})
