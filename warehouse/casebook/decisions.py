"""From the events of the casebook to how a request stands. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from warehouse.storage.rows import Decision

# What somebody can say about how a request ended, and the words the models know it by.
OUTCOMES = {
    "answered_here": "answered here",
    "answered_elsewhere": "answered elsewhere",  # detail: reason (phone, meeting, private), at
    "no_reply_needed": "no reply needed",
    "closed_without_answer": "closed without an answer",
}
# How somebody was answered elsewhere.
WAYS = ("phone", "meeting", "private", "other")
# What can be wrong with an answer. The first two take it out of the answers.
FLAGS = ("misleading", "hostile", "needs a signpost")
CLAIM_LASTS = timedelta(hours=2)  # where a claim does not say until when
_OTHERS = (
    "claim",  # detail: until
    "hand_over",  # detail: to, until, text (for that person)
    "release",
    "is_request",
    "not_a_request",
    "correct_support",  # detail: support
    "reopen",
    "note",  # detail: text
    "snooze",  # detail: until; none wakes it
    "looked_after",  # somebody asked how they are now, or need not
    "flag",  # detail: flag, one of FLAGS; none takes it off
    "undo",  # detail: event_id
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing somebody decided."""

    event_id: int
    group_id: str
    post_id: UUID
    at: datetime
    who: str
    what: str
    detail: Mapping[str, Any]


def event_kinds() -> tuple[str, ...]:
    """Everything that can be decided."""
    return (*_OTHERS, *OUTCOMES)


def decisions_after(events: Iterable[Event]) -> list[Decision]:
    """The state of every request that has events, as they follow each other; what was taken back does not count."""
    listed = sorted(events, key=lambda event: event.event_id)
    gone = undone_event_ids(listed)
    state: dict[tuple[str, UUID], Decision] = {}
    for event in listed:
        key = (event.group_id, event.post_id)
        before = state.get(key, Decision(*key, None, None, None, None, None, None, None, None, event.at))
        after = before if event.event_id in gone else _after(before, event)
        state[key] = replace(after, changed_at=max(before.changed_at, event.at))
    return list(state.values())


def undone_event_ids(events: Iterable[Event]) -> set[int]:
    """Events that an undo took back. An undo that was itself taken back takes back nothing."""
    gone: set[int] = set()
    for event in sorted(events, key=lambda event: event.event_id, reverse=True):
        if event.what == "undo" and event.event_id not in gone:
            gone.add(event.detail["event_id"])
    return gone


def _after(before: Decision, event: Event) -> Decision:
    match event.what:
        case "claim" | "hand_over":
            holds = _time(event.detail.get("until")) or event.at + CLAIM_LASTS
            claimed_by = event.detail.get("to") or event.who
            return replace(before, claimed_by=claimed_by, claimed_at=event.at, claimed_until_at=holds)
        case "release":
            return replace(before, claimed_by=None, claimed_at=None, claimed_until_at=None)
        case "is_request":
            return replace(before, is_request=True)
        case "not_a_request":
            return replace(before, is_request=False)
        case "correct_support":
            return replace(before, support_asked=event.detail.get("support"))
        case "snooze":
            until = _time(event.detail.get("until"))
            return replace(before, snoozed_until_at=until, snoozed_at=event.at if until else None)
        case "looked_after":
            return replace(before, looked_after_at=event.at)
        case "flag":
            return replace(before, flag=event.detail.get("flag"))
        case "reopen":
            is_request = None if before.is_request is False else before.is_request
            return replace(before, is_request=is_request, outcome=None, outcome_at=None, outcome_reason=None)
        case what if what in OUTCOMES:
            return replace(
                before,
                outcome=OUTCOMES[what],
                outcome_at=_time(event.detail.get("at")) or event.at,
                outcome_reason=event.detail.get("reason"),
            )
    return before


def _time(iso: str | None) -> datetime | None:
    return None if iso is None else datetime.fromisoformat(iso)


@dataclass(frozen=True, slots=True)
class Workload:
    """How much somebody looks after, by the name they gave."""

    now_count: int  # theirs at this moment
    taken_count: int  # taken on or handed to them in the period, each request once
    ended_count: int  # requests of which they said in the period how they ended


_ENDINGS = frozenset({"answered_here", "answered_elsewhere", "no_reply_needed", "closed_without_answer"})


def workload_of(events: Iterable[Event], who: str, now: datetime, starts_at: datetime, ends_at: datetime) -> Workload:
    """One person's load; names are compared as they are written, capitals aside. What was taken back does not count."""
    listed = list(events)
    gone = undone_event_ids(listed)
    standing = [one for one in listed if one.event_id not in gone]
    name = who.casefold()
    held = [
        one
        for one in decisions_after(listed)
        if (one.claimed_by or "").casefold() == name
        and one.outcome is None
        and one.claimed_until_at is not None
        and one.claimed_until_at > now
    ]
    inside = [one for one in standing if starts_at <= one.at < ends_at]
    taken = {
        one.post_id
        for one in inside
        if one.what in ("claim", "hand_over") and str(one.detail.get("to") or one.who).casefold() == name
    }
    ended = {one.post_id for one in inside if one.what in _ENDINGS and one.who.casefold() == name}
    return Workload(len(held), len(taken), len(ended))
