"""What one person has taken on: for themselves, and for nobody else. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from warehouse.deciding import Event, decided, taken_back


@dataclass(frozen=True, slots=True)
class Load:
    """How much somebody looks after, by the name they gave."""

    now_count: int  # theirs at this moment
    taken_count: int  # taken on or handed to them in the period, each request once
    ended_count: int  # requests of which they said in the period how they ended


_ENDINGS = frozenset({"answered_here", "answered_elsewhere", "no_reply_needed", "closed_without_answer"})


def load_of(events: Iterable[Event], who: str, now: datetime, starts_at: datetime, ends_at: datetime) -> Load:
    """One person's load; names are compared as they are written, capitals aside. What was taken back does not count."""
    listed = list(events)
    gone = taken_back(listed)
    standing = [one for one in listed if one.event_id not in gone]
    name = who.casefold()
    held = [
        one
        for one in decided(listed)
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
    return Load(len(held), len(taken), len(ended))
