"""Under which time the posts of a batch are stored. An author can change the claim; the first one is kept.

Every table about posts is in the order of its post's `created_at`, so a write needs that time to touch a stretch only.
Posts are named by the numbers of their ids (UUID.int), which hash ten times faster than the ids.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import eq
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.storage.arrow import as_relation, aware, numbers, plain_rows, times


@dataclass(frozen=True, slots=True)
class StoredTimes:
    """What is known of a batch's posts: the time each is (or will be) stored under, and which are held, how."""

    created_at: Mapping[int, datetime]
    held: frozenset[int]
    cards: frozenset[int]  # held as link-only cards
    strangers: frozenset[int] = frozenset()  # named without a time, and not held
    is_as_claimed: bool = True  # every row already carries the time its post is stored under


NOWHERE = StoredTimes({}, frozenset(), frozenset())


def load_stored_times(
    con: DuckDBPyConnection, claims: Mapping[int, datetime], unclaimed: Collection[int] = ()
) -> StoredTimes:
    """Where posts are, by the time they claim or (`unclaimed`) by their id alone. Nobody's posts are left out.

    A post stored under the time it claims costs a look at that stretch; only the others are looked for everywhere
    (70 ms in 10 million posts).
    """
    unclaimed = set(unclaimed) - claims.keys()
    missing: Collection[int] = unclaimed
    held, cards = set[int](), set[int]()
    if claims:
        held, cards = _where_claimed(con, claims)
        missing = unclaimed | (claims.keys() - held) if held or unclaimed else claims.keys()
    elsewhere: dict[int, datetime] = {}
    if missing:
        with as_relation(con, pa.table({"post_id": numbers(missing)})) as new:
            rows = con.execute(
                f"{new.new} select post.post_id, post.created_at, post.is_link_only"  # noqa: S608
                " from stored.posts as post join new on post.post_id = new.post_id",
                new.params,
            ).fetchall()
        elsewhere = {post_id.int: aware(at) for post_id, at, _ in rows}
        cards.update(post_id.int for post_id, _, is_card in rows if is_card)
    strangers = frozenset(unclaimed - elsewhere.keys())
    is_as_claimed = not (elsewhere.keys() & claims.keys())
    return StoredTimes(
        {**claims, **elsewhere} if elsewhere else claims,
        frozenset(held | elsewhere.keys()),
        frozenset(cards),
        strangers,
        is_as_claimed,
    )


def _where_claimed(con: DuckDBPyConnection, claims: Mapping[int, datetime]) -> tuple[set[int], set[int]]:
    """Which posts are held under the time they claim, and which of those as cards."""
    known = list(claims)
    listed = pa.table(
        {"post_id": numbers(known), "created_at": times(list(claims.values())), "n": np.arange(len(known))}
    )
    with as_relation(con, listed) as new:
        found = con.execute(
            f"{new.new} select new.n, post.is_link_only"  # noqa: S608
            " from new join stored.posts as post on post.post_id = new.post_id and post.created_at = new.created_at",
            new.params,
        ).to_arrow_table()
    numbered = found["n"].to_pylist()
    are_cards = found["is_link_only"].to_pylist()
    return {known[n] for n in numbered}, {known[n] for n, is_card in zip(numbered, are_cards, strict=True) if is_card}


def with_stored_times(rows: list[Any], at: Mapping[int, datetime]) -> list[Any]:
    """The same rows under the time their post is stored under."""
    stored = list(map(at.__getitem__, plain_rows(("post_id",), rows)))
    if all(map(eq, plain_rows(("created_at",), rows), stored)):
        return rows
    return [
        row if row.created_at == when else replace(row, created_at=when) for row, when in zip(rows, stored, strict=True)
    ]


def scope_with_stored_times(con: DuckDBPyConnection, rows: list[Any], at: Mapping[int, datetime]) -> list[Any]:
    """The same scope rows under the stored time; the local date, hour and weekday follow it."""
    moved = with_stored_times(rows, at)
    if moved is rows:
        return rows
    groups = con.execute("select group_id, timezone from stored.groups").fetchall()
    zones = {group_id: ZoneInfo(zone) for group_id, zone in groups}
    out = []
    for row, before in zip(moved, rows, strict=True):
        local = row.created_at.astimezone(zones.get(row.group_id, UTC))
        where = {"local_date": local.date(), "local_hour": local.hour, "local_weekday": local.isoweekday()}
        out.append(row if row is before else replace(row, **where))
    return out


def move_zone(con: DuckDBPyConnection, group_id: str, zone: str) -> None:
    """The group lives in another time zone now: write its posts' local dates, hours and weekdays anew."""
    con.execute(
        """
        update stored.post_scope
        set local_date = cast(timezone($zone, timezone('UTC', created_at)) as date),
            local_hour = hour(timezone($zone, timezone('UTC', created_at))),
            local_weekday = isodow(timezone($zone, timezone('UTC', created_at)))
        where group_id = $group_id
        """,
        {"zone": zone, "group_id": group_id},
    )
