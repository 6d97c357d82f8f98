"""What volunteers wrote about a case is text about a person too: it goes when the conversation's words go. How it ended stays.

One row per decision that a number needs is left, without a word and without anybody's name.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from duckdb import DuckDBPyConnection

from warehouse.casebook.database import EVENTS
from warehouse.casebook.decisions import FLAGS, OUTCOMES, WAYS
from warehouse.casebook.events import Casebook
from warehouse.privacy.retain import WHEN_NOBODY_SAYS
from warehouse.settings import Group
from warehouse.storage.arrow import naive

# What a number needs of a decision, and of that only what comes from a fixed list, a time or a number: never what was typed.
_STATES: dict[str, tuple[str, ...]] = {
    "is_request": (),
    "not_a_request": (),
    "reopen": (),
    "correct_support": ("support",),
    "flag": ("flag",),
    "undo": ("event_id",),
    **dict.fromkeys(OUTCOMES, ("reason", "at")),
}
_SUPPORTS = ("emotional", "informational", "practical", "unsure")

Case = tuple[str, str]  # group_id, post_id as the casebook writes it


def quiet_requests(
    con: DuckDBPyConnection, casebook: Casebook, groups: Iterable[Group], now: datetime
) -> dict[Case, int]:
    """Cases whose conversation has been quiet for their group's retention → how many of their decisions can still be shortened.

    Of a case that the warehouse does not know, the newest decision says when.
    """
    with casebook.reading() as reading:
        found = reading.execute(sa.select(EVENTS).where(EVENTS.c.post_id != "").order_by(EVENTS.c.event_id)).all()
    cases: dict[Case, list[Any]] = {}
    for row in found:
        cases.setdefault((row.group_id, row.post_id), []).append(row)
    longer = {case: left for case, events in cases.items() if (left := len(_shortened(events)))}
    if not longer:
        return {}
    days = {group.id: group.retention_days for group in groups}
    quiet = con.execute(
        """
        with cases as (
            select unnest($group_ids::varchar[]) as group_id, unnest($post_ids::uuid[]) as post_id,
                   unnest($decided_at::timestamp[]) as decided_at, unnest($days::integer[]) as days
        ),
        last_words as (
            select asked.post_id, max(post.created_at) as last_at
            from stored.posts as asked
            join stored.posts as post on asked.root_id = post.root_id
            where asked.post_id in (select post_id from cases)
            group by asked.post_id
        )
        select group_id, post_id
        from cases
        left join last_words using (post_id)
        where coalesce(last_at, decided_at) + to_days(days) < $now
        """,
        {
            "group_ids": [group_id for group_id, _ in longer],
            "post_ids": [UUID(post_id) for _, post_id in longer],
            "decided_at": [max(naive(datetime.fromisoformat(one.at)) for one in cases[case]) for case in longer],
            "days": [days.get(group_id, WHEN_NOBODY_SAYS) for group_id, _ in longer],
            "now": naive(now),
        },
    ).fetchall()
    return {case: longer[case] for case in ((group_id, str(post_id)) for group_id, post_id in quiet)}


def retain_decisions(casebook: Casebook, cases: Collection[Case], now: datetime) -> int:
    """Shorten what was decided about these cases to how they stand, and see to the bytes. Returns how many decisions changed."""
    changed = 0
    with casebook.writing() as con:
        for group_id, post_id in cases:
            where = (EVENTS.c.group_id == group_id, EVENTS.c.post_id == post_id)
            events = con.execute(sa.select(EVENTS).where(*where).order_by(EVENTS.c.event_id)).all()
            for event_id, kept in _shortened(events).items():
                this = EVENTS.c.event_id == event_id
                con.execute(
                    sa.delete(EVENTS).where(this) if kept is None else sa.update(EVENTS).where(this).values(**kept)
                )
                changed += 1
        if changed:
            casebook.moved(con, now, {"shortened_count": changed})
    casebook.settle_bytes()  # also where nothing changed: last night somebody may have been reading
    return changed


def _shortened(events: Iterable[Any]) -> dict[int, dict[str, Any] | None]:
    """event_id → what is left of it (None: nothing), for those of one case that hold more than a number needs. Oldest first."""
    there: set[int] = set()
    out: dict[int, dict[str, Any] | None] = {}
    for one in events:
        detail = _plain(one.what, one.detail) if one.what in _STATES else None
        if detail is None or (one.what == "undo" and detail.get("event_id") not in there):
            out[one.event_id] = None
            continue
        there.add(one.event_id)
        if one.who or detail != one.detail:
            out[one.event_id] = {"who": "", "detail": detail}
    return out


def _plain(what: str, detail: Mapping[str, Any]) -> dict[str, Any]:
    return {name: detail[name] for name in _STATES[what] if name in detail and _is_plain(name, detail[name])}


def _is_plain(name: str, value: Any) -> bool:
    known: dict[str, tuple[Any, ...]] = {"support": (*_SUPPORTS, None), "flag": (*FLAGS, None), "reason": (*WAYS, None)}
    if name in known:
        return value in known[name]
    if name == "event_id":
        return isinstance(value, int)
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False
