"""From the rows a store wrote to the prepared rows that must follow: which conversations, which days of which group."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.ingest.post_times import StoredTimes, load_stored_times
from warehouse.storage.arrow import as_relation, ids, numbers, times
from warehouse.storage.batch import Touched


@dataclass(slots=True)
class AffectedCollector:
    """What the writes found out on the way. Posts and people by the numbers of their ids."""

    out: Touched = field(default_factory=Touched)
    new: set[int] = field(default_factory=set)  # posts whose day and conversation are already in `out`
    loud: set[int] = field(default_factory=set)  # posts about which something changed
    readings: list[tuple[int, datetime]] = field(default_factory=list)  # post, time of the reading
    authors: set[int] = field(default_factory=set)  # all their posts count as changed
    groups: set[str] = field(default_factory=set)  # all their posts count as changed
    group_times: set[tuple[str, datetime]] = field(default_factory=set)  # readings of a group's followers


def affected_by(con: DuckDBPyConnection, touching: AffectedCollector, held: StoredTimes) -> Touched:
    """What must be prepared anew. A reading touches the day it was made on, a post the day it was written on.

    Of a conversation in which only counts moved, only those of the group's own posts are prepared.
    """
    out, loud = touching.out, touching.loud - touching.new
    if touching.authors or touching.groups:
        loud |= _posts_of(con, touching.authors, touching.groups)
    counted = {post for post, _ in touching.readings} - touching.new - loud
    at = held.created_at
    if missing := (loud | counted) - at.keys():
        at = {**at, **load_stored_times(con, {}, missing).created_at}
    if loud := loud & at.keys():
        _conversations(con, loud, at, out)
    if counted := counted & at.keys():
        _counted(con, counted, at, out)
    out.group_days |= _reading_days(con, [(post, when, at[post]) for post, when in touching.readings if post in at])
    if touching.group_times:
        out.group_days |= _group_days(con, touching.group_times)
    return out


def move_roots(con: DuckDBPyConnection, moved: Mapping[UUID, UUID], touching: AffectedCollector) -> None:
    """Conversations that turned out to be part of a larger one move there as a whole. All of them are touched."""
    tops = {old: _topmost(con, new, moved) for old, new in moved.items()}
    touching.out.roots |= {*tops.keys(), *tops.values()}
    with as_relation(con, pa.table({"old_id": ids(list(tops)), "new_id": ids(list(tops.values()))})) as new:
        con.execute(f"create or replace temp table moves as {new.select}", new.params)
    found = con.execute("select post_id from stored.posts join moves on root_id = old_id").fetchall()
    for table in ("posts", "thread_reads"):
        con.execute(f"update stored.{table} as held set root_id = new_id from moves where held.root_id = old_id")  # noqa: S608
    con.execute("drop table temp.moves")
    touching.loud |= {post_id.int for (post_id,) in found}


def _topmost(con: DuckDBPyConnection, root: UUID, moved: Mapping[UUID, UUID]) -> UUID:
    """Where a conversation ends up when the one it moves into has moved itself, now or before."""
    seen: set[UUID] = set()
    while root not in seen:
        seen.add(root)
        stored = con.execute("select root_id from stored.posts where post_id = $root", {"root": root}).fetchone()
        root = moved.get(root, stored[0] if stored else root)
    return root


def _conversations(con: DuckDBPyConnection, loud: Collection[int], at: Mapping[int, datetime], out: Touched) -> None:
    listed = pa.table({"post_id": numbers(loud), "created_at": times([at[one] for one in loud])})
    with as_relation(con, listed) as new:
        roots = con.execute(
            f"{new.new} select distinct root_id from stored.posts join new using (post_id, created_at)",  # noqa: S608
            new.params,
        ).fetchall()
        days = con.execute(
            f"{new.new} select distinct group_id, local_date from stored.post_scope join new using (post_id, created_at)",  # noqa: S608
            new.params,
        ).fetchall()
    out.posts |= {UUID(int=one) for one in loud}
    out.roots |= {root_id for (root_id,) in roots}
    out.group_days |= set(days)


def _counted(con: DuckDBPyConnection, counted: Collection[int], at: Mapping[int, datetime], out: Touched) -> None:
    listed = pa.table({"post_id": numbers(counted), "created_at": times([at[one] for one in counted])})
    with as_relation(con, listed) as new:
        roots = con.execute(
            f"""
            {new.new}
            select distinct root_id
            from stored.posts
            join new using (post_id, created_at)
            join stored.post_scope as scope using (post_id, created_at)
            where scope.why = 'own'
            """,  # noqa: S608
            new.params,
        ).fetchall()
        days = con.execute(
            f"{new.new} select distinct group_id, local_date from stored.post_scope join new using (post_id, created_at)",  # noqa: S608
            new.params,
        ).fetchall()
    out.posts |= {UUID(int=one) for one in counted}
    out.counted |= {root_id for (root_id,) in roots} - out.roots
    out.group_days |= set(days)


def _posts_of(con: DuckDBPyConnection, authors: Collection[int], groups: Collection[str]) -> set[int]:
    with as_relation(con, pa.table({"author_id": numbers(authors)})) as new:
        found = con.execute(
            f"""
            {new.new}
            select post_id from stored.posts join new using (author_id)
            union
            select post_id from stored.post_scope where group_id in (select unnest($groups::varchar[]))
            """,  # noqa: S608
            {**new.params, "groups": list(groups)},
        ).fetchall()
    return {post_id.int for (post_id,) in found}


def _reading_days(con: DuckDBPyConnection, readings: list[tuple[int, datetime, datetime]]) -> set[tuple[str, date]]:
    if not readings:
        return set()
    posts, observed, created = zip(*readings, strict=True)
    listed = pa.table({"post_id": numbers(posts), "observed_at": times(observed), "created_at": times(created)})
    return _days(
        con,
        listed,
        "select distinct group_id, observed_at from new join stored.post_scope using (post_id, created_at)",
    )


def _group_days(con: DuckDBPyConnection, times_of: Collection[tuple[str, datetime]]) -> set[tuple[str, date]]:
    groups, observed = zip(*times_of, strict=True)
    listed = pa.table({"group_id": pa.array(groups, pa.string()), "observed_at": times(observed)})
    return _days(con, listed, "select group_id, observed_at from new")


def _days(con: DuckDBPyConnection, listed: pa.Table, readings: str) -> set[tuple[str, date]]:
    """Readings (group_id, observed_at) → the group's local days they were made on."""
    with as_relation(con, listed) as new:
        found = con.execute(
            f"""
            {new.new}, readings as ({readings})
            select distinct group_id,
                   cast(timezone(coalesce(groups.timezone, 'UTC'), timezone('UTC', observed_at)) as date)
            from readings
            left join stored.groups as groups using (group_id)
            """,  # noqa: S608
            new.params,
        ).fetchall()
    return set(found)
