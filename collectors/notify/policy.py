"""What has to be told to whom now. Pure: who waits, what was told before and the time go in, at most one message comes out.

Something is told when it has waited longer than the group's promise, and when it waited for an hour of a night in which
nobody looks. Each wait is told once for each of the two reasons.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from warehouse.casebook.notifications import TRIES_WITHIN, Notification, load_failures
from warehouse.settings import Person

NIGHT_WAIT = timedelta(hours=1)  # what a peer who is awake may take to answer
_RETRY = timedelta(minutes=20)
_GIVEN_UP = timedelta(hours=6)  # after three tries: now and then, until it works again
_ON_TIME = timedelta(hours=1)  # a digest this near to its time is told in quiet hours too: its time was chosen

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Wait:
    """One request that waits: a row of shown.waits."""

    wait_id: str
    asker: int
    since: datetime
    late_at: datetime


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """How it stands in one group: who waits, and when nobody looked at night."""

    waits: Sequence[Wait]
    uncovered: Sequence[Stretch] = ()
    away: frozenset[str] = frozenset()  # names, in small letters


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One group's line of a message."""

    group_id: str
    kind: str
    waiting_count: int
    longest: timedelta
    about: tuple[str, ...]


def decide_message(
    person: Person, past: Sequence[Notification], groups: Mapping[str, GroupStatus], now: datetime
) -> list[MessageLine]:
    """The lines of a message to this person now; none: nothing is to be told.

    `past` is what was told, or tried, through the same channel; `groups` are those the person looks after.
    """
    notified: dict[str, set[str]] = {}
    for one in past:
        if not one.failure:
            notified.setdefault(one.group_id, set()).update(one.about)
    here = {group_id: one for group_id, one in groups.items() if person.name.casefold() not in one.away}
    reasons = {group_id: _reasons(one, now) for group_id, one in here.items()}
    news = {group_id for group_id, found in reasons.items() if found - notified.get(group_id, set())}
    if not news or not _is_time(person, past, now) or not may_retry(past, now):
        return []
    return [
        _line(group_id, one.waits, reasons[group_id] - notified.get(group_id, set()), bool(person.digest_at), now)
        for group_id, one in here.items()
        if one.waits and (group_id in news or person.digest_at)
    ]


def is_quiet(person: Person, now: datetime) -> bool:
    """Is it in this person's quiet hours, by the clock on their wall?"""
    if not person.quiet_hours:
        return False
    start, end = (time.fromisoformat(part) for part in person.quiet_hours.split("-"))
    clock = now.astimezone(ZoneInfo(person.timezone)).time()
    return start <= clock < end if start < end else clock >= start or clock < end


def _reasons(standing: GroupStatus, now: datetime) -> set[str]:
    late = {f"late:{wait.wait_id}" for wait in standing.waits if wait.late_at <= now}
    night = {
        f"night:{wait.wait_id}" for wait in standing.waits if _alone(wait.since, now, standing.uncovered) >= NIGHT_WAIT
    }
    return late | night


def _alone(since: datetime, now: datetime, uncovered: Iterable[Stretch]) -> timedelta:
    """How long of [since, now) lay in the stretches."""
    shares = (min(end, now) - max(start, since) for start, end in uncovered)
    return sum((share for share in shares if share > timedelta(0)), timedelta(0))


def _is_time(person: Person, past: Sequence[Notification], now: datetime) -> bool:
    if not person.digest_at:
        return not is_quiet(person, now)
    due = digest_due_at(person, now)
    if any(not one.failure and one.kind == "digest" and one.at >= due for one in past):
        return False
    return now - due < _ON_TIME or not is_quiet(person, now)


def digest_due_at(person: Person, now: datetime) -> datetime:
    """The latest time at which a digest was to be told. A clock time that a night skips is the same stretch after midnight."""
    zone, at = ZoneInfo(person.timezone), time.fromisoformat(person.digest_at)
    today = now.astimezone(zone).date()
    due = datetime.combine(today, at, zone).astimezone(now.tzinfo)
    return due if due <= now else datetime.combine(today - timedelta(days=1), at, zone).astimezone(now.tzinfo)


def may_retry(past: Sequence[Notification], now: datetime) -> bool:
    """Three tries over an hour, then one every six hours."""
    failed = load_failures(past)
    if not failed:
        return True
    if len(failed) == 1:
        return now >= failed[0].at + _RETRY
    if len(failed) == 2:
        return now >= failed[0].at + TRIES_WITHIN
    return now >= failed[-1].at + _GIVEN_UP


def _line(group_id: str, waits: Sequence[Wait], about: set[str], is_digest: bool, now: datetime) -> MessageLine:
    kind = "late" if any(one.startswith("late:") for one in about) else "night"
    longest = now - min(wait.since for wait in waits)
    askers = len({wait.asker for wait in waits})
    return MessageLine(group_id, "digest" if is_digest else kind, askers, longest, tuple(sorted(about)))
