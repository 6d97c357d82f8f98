"""From the rows a store wrote to the prepared rows that must follow: which conversations, which days of which group."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.columns import ids, times
from warehouse.merge import incoming
from warehouse.places import settled
from warehouse.touched import Touched


@dataclass(slots=True)
class Touching:
    """What the writes found out on the way."""

    loud: set[UUID] = field(default_factory=set)  # posts about which something changed
    quiet: set[UUID] = field(default_factory=set)  # posts that were seen again, unchanged
    roots: set[UUID] = field(default_factory=set)
    readings: list[tuple[UUID, datetime]] = field(default_factory=list)  # post, time of the reading
    authors: set[UUID] = field(default_factory=set)  # all their posts count as changed
    groups: set[str] = field(default_factory=set)  # all their posts count as changed
    group_times: set[tuple[str, datetime]] = field(default_factory=set)  # readings of a group's followers


def touched_by(con: DuckDBPyConnection, touching: Touching, created_at: Mapping[UUID, datetime]) -> Touched:
    """What must be prepared anew. A reading touches the day it was made on, a post the day it was written on."""
    out = Touched(roots=set(touching.roots), posts=touching.loud | touching.quiet)
    if touching.authors or touching.groups:
        touching.loud |= _posts_of(con, touching.authors, touching.groups)
    loud = touching.loud | {post_id for post_id, _ in touching.readings}
    out.posts |= loud
    if loud:
        at = settled(con, {one: created_at[one] for one in loud & created_at.keys()}, loud - created_at.keys())
        loud &= at.keys()
        listed = pa.table({"post_id": ids(list(loud)), "created_at": times([at[one] for one in loud])})
        with incoming(con, listed, "loud"):
            out.roots |= {
                root_id
                for (root_id,) in con.execute(
                    "select distinct root_id from stored.posts join loud using (post_id, created_at)"
                ).fetchall()
            }
            out.group_days |= set(
                con.execute(
                    "select distinct group_id, local_date from stored.post_scope join loud using (post_id, created_at)"
                ).fetchall()
            )
        out.group_days |= _reading_days(con, [(one, when, at[one]) for one, when in touching.readings if one in at])
    if touching.group_times:
        out.group_days |= _group_days(con, touching.group_times)
    return out


def move_roots(con: DuckDBPyConnection, moved: Mapping[UUID, UUID], touching: Touching) -> None:
    """Conversations that turned out to be part of a larger one move there as a whole. Both are touched."""
    while moved:
        touching.roots |= {*moved.keys(), *moved.values()}
        with incoming(con, pa.table({"old_id": ids(list(moved)), "new_id": ids(list(moved.values()))}), "moves"):
            found = con.execute(
                "select post_id from stored.posts join moves on root_id = old_id where root_id <> new_id"
            ).fetchall()
            for table in ("posts", "thread_reads"):
                con.execute(
                    f"update stored.{table} as held set root_id = new_id from moves where held.root_id = old_id"  # noqa: S608
                )
        touching.loud |= {post_id for (post_id,) in found}
        moved = {new: moved[new] for new in moved.values() if new in moved and moved[new] != new}


def _posts_of(con: DuckDBPyConnection, authors: Collection[UUID], groups: Collection[str]) -> set[UUID]:
    with incoming(con, pa.table({"author_id": ids(list(authors))}), "authors"):
        found = con.execute(
            """
            select post_id from stored.posts where author_id in (select author_id from authors)
            union
            select post_id from stored.post_scope where group_id in (select unnest($groups::varchar[]))
            """,
            {"groups": list(groups)},
        ).fetchall()
    return {post_id for (post_id,) in found}


def _reading_days(con: DuckDBPyConnection, readings: list[tuple[UUID, datetime, datetime]]) -> set[tuple[str, date]]:
    if not readings:
        return set()
    listed = pa.table(
        {
            "post_id": ids([one for one, _, _ in readings]),
            "observed_at": times([when for _, when, _ in readings]),
            "created_at": times([at for _, _, at in readings]),
        }
    )
    with incoming(con, listed, "readings"):
        return set(
            con.execute(
                """
                select distinct scope.group_id,
                       cast(timezone(coalesce(groups.timezone, 'UTC'), timezone('UTC', readings.observed_at)) as date)
                from readings
                join stored.post_scope as scope using (post_id, created_at)
                left join stored.groups as groups on groups.group_id = scope.group_id
                """
            ).fetchall()
        )


def _group_days(con: DuckDBPyConnection, times_of: Collection[tuple[str, datetime]]) -> set[tuple[str, date]]:
    listed = pa.table(
        {
            "group_id": pa.array([group for group, _ in times_of], pa.string()),
            "observed_at": times([when for _, when in times_of]),
        }
    )
    with incoming(con, listed, "readings"):
        return set(
            con.execute(
                """
                select distinct group_id,
                       cast(timezone(coalesce(groups.timezone, 'UTC'), timezone('UTC', readings.observed_at)) as date)
                from readings
                left join stored.groups as groups using (group_id)
                """
            ).fetchall()
        )
