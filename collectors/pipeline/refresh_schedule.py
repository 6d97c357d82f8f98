"""When a post's counts and the thread below it are read again. Pure.

The table in docs/networks.md: ever more rarely as a post ages, sooner when its counts move, later when they stand still;
threads in which somebody waits every quarter of an hour.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from warehouse.storage.rows import Due

OPEN_FOR = timedelta(days=30)  # then an open request is closed without an answer

# Age of the post → how often its counts are read.
_TIERS: tuple[tuple[timedelta, timedelta], ...] = (
    (timedelta(hours=2), timedelta(minutes=15)),
    (timedelta(hours=6), timedelta(minutes=30)),
    (timedelta(hours=24), timedelta(hours=2)),
    (timedelta(days=3), timedelta(hours=6)),
    (timedelta(days=7), timedelta(days=1)),
    (timedelta(days=30), timedelta(days=7)),
)
_SWEEP = timedelta(hours=20)  # other people's held text is looked for daily, before 24 h unverified would hide it
_OWN_SWEEP = timedelta(days=7)  # the group's own older posts
_MOVED_UP_AT_MOST_EVERY = timedelta(hours=6)
_UNCHANGED_READS_DOWN = 3
_SECOND_MISS = timedelta(hours=1)  # two misses an hour apart are a deletion


def next_refresh(due: Due, *, is_changed: bool, is_own: bool, now: datetime) -> Due:
    """When to read a post's counts again: its text is held, so that it is looked for as long as it is."""
    unchanged = 0 if is_changed else due.unchanged_count + 1
    age = now - due.created_at
    tier = next((index for index, (until, _) in enumerate(_TIERS) if age < until), len(_TIERS))
    moved_up_at = due.moved_up_at
    if is_changed and tier > 0 and (moved_up_at is None or now - moved_up_at >= _MOVED_UP_AT_MOST_EVERY):
        tier, moved_up_at = tier - 1, now
    elif unchanged >= _UNCHANGED_READS_DOWN:
        tier, unchanged = tier + 1, 0
    every = _TIERS[tier][1] if tier < len(_TIERS) else None
    sweep = _OWN_SWEEP if is_own else _SWEEP
    pause = sweep if every is None else min(every, sweep)
    return replace(
        due, next_at=now + pause, last_at=now, unchanged_count=unchanged, moved_up_at=moved_up_at,
        missed_count=0, missed_at=None,
    )  # fmt: skip


def first_refresh_at(created_at: datetime, now: datetime) -> datetime:
    """When a post that was just read is first read again."""
    age = now - created_at
    every = next((pause for until, pause in _TIERS if age < until), _SWEEP)
    return now + min(every, _SWEEP)


def after_miss(due: Due, now: datetime) -> tuple[Due, bool]:
    """A post that the server says is not there: look again in an hour; the second time it counts as deleted."""
    is_gone = due.missed_at is not None and now - due.missed_at >= _SECOND_MISS
    missed_at = due.missed_at or now
    return replace(
        due, next_at=now + _SECOND_MISS, last_at=now, missed_count=due.missed_count + 1, missed_at=missed_at
    ), is_gone


def thread_interval(age: timedelta, *, is_open: bool) -> timedelta | None:
    """How often the thread below a post of that age is read; None: no more."""
    if is_open and age < timedelta(hours=72):
        return timedelta(minutes=15) if age < timedelta(hours=6) else timedelta(hours=1)
    for until, every in (
        (timedelta(hours=6), timedelta(hours=1)),
        (timedelta(days=1), timedelta(hours=3)),
        (timedelta(days=3), timedelta(hours=6)),
        # Later a new reply shows in the counts of the post it answers, which are read daily, and brings the thread forward.
        (timedelta(days=30), timedelta(days=7)),
    ):
        if age < until:
            return every if not is_open else min(every, timedelta(days=1))
    return None
