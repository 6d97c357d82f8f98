"""Keeps the prepared tables true to the stored ones, at a cost that follows what changed.

A model says in `-- key:` by what it is rebuilt: root_id (a conversation) or group_id, local_date (a day). The runner
says what was touched in three temporary tables, which the models join: touched_roots(root_id), touched_posts(post_id,
root_id, created_at: every post of those conversations) and touched_days(group_id, local_date). A rebuild touches
everything, piece by piece, through the same statements: so it must give what the incremental runs gave.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

import duckdb
import pyarrow as pa

from warehouse.columns import ids
from warehouse.definitions import Definition, definitions, in_order

ROOTS_AT_ONCE = 200_000  # bounds the memory of a rebuild
DAYS_AT_ONCE = 100_000
BY_DAY = ("group_id", "local_date")


class Touched(Protocol):
    """What a transaction changed (store.Touched): `roots` are those a conversation has, or had before it moved."""

    @property
    def group_days(self) -> set[tuple[str, date]]: ...
    @property
    def roots(self) -> set[UUID]: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that found rows it should not have found."""

    check: str
    rows: list[tuple[object, ...]]


def prepare(con: duckdb.DuckDBPyConnection, touched: Touched, now: datetime) -> None:
    """Rebuild the prepared rows of what was touched, inside the caller's transaction.

    Everything is rebuilt when the models, the groups' zones or their teams changed since the last time.
    What was merely seen again is read where it stands (stored.posts), so it costs nothing here.
    """
    if _built_from(con) != _fingerprint(con):
        rebuild(con, now)
        return
    if not touched.roots and not touched.group_days:
        return
    _start(con)
    _take(con, "given_roots", {"root_id": ids(list(touched.roots))})
    days = sorted(touched.group_days)
    groups, dates = pa.array([group for group, _ in days], pa.string()), pa.array([day for _, day in days], pa.date32())
    _take(con, "given_days", {"group_id": groups, "local_date": dates})
    con.execute("insert into touched_roots select distinct root_id from given_roots")
    con.execute("insert into touched_days select group_id, local_date from given_days")
    _fill_posts(con)
    for model in in_order("prepared"):
        if model.key == BY_DAY:
            _bound_days(con)
        elif not touched.roots:
            continue
        _note_days(con, model)
        _forget(con, model)
        _insert(con, model)
        _note_days(con, model)


def rebuild(con: duckdb.DuckDBPyConnection, now: datetime, progress: Callable[[int, int], None] | None = None) -> None:
    """Rebuild all prepared tables from the stored ones. progress(done, total) counts pieces."""
    _start(con)
    models = in_order("prepared")
    for model in models:
        con.execute(f"drop table if exists {model.name}")
    con.execute(
        """
        create or replace temp table all_roots as
        select root_id, (row_number() over (order by min(group_id), min(created_at), root_id) - 1) // $size as piece
        from stored.posts inner join stored.post_scope using (post_id, created_at)
        group by root_id
    """,
        {"size": ROOTS_AT_ONCE},
    )
    pieces = max(1, _pieces(con, "all_roots"))  # one at least: it makes the tables
    total = pieces + 1
    for piece in range(pieces):
        _empty(con)
        con.execute("insert into touched_roots select root_id from all_roots where piece = ?", [piece])
        _fill_posts(con)
        for model in models:
            if model.key != BY_DAY:
                _make(con, model, "created_at", is_first=piece == 0)
        _tell(progress, piece + 1, total)
    _rebuild_days(con, models)
    con.execute(
        "create or replace table prepared.built_from as select ? as fingerprint, ?::timestamp as built_at",
        [_fingerprint(con), now.replace(tzinfo=None)],
    )
    _tell(progress, total, total)


def check(con: duckdb.DuckDBPyConnection, *, is_full: bool = False) -> list[Failure]:
    """Run every check of models/checks: a check selects the rows that are wrong. At most ten are handed back.

    Looks at the last 60 days of posts, because it stands before every publishing; is_full looks at everything.
    """
    newest = "select coalesce(max(created_at), timestamp '1970-03-02') - interval 60 days from stored.posts"
    con.execute(f"set variable checked_from_at = ({'select timestamp ' + repr('0001-01-01') if is_full else newest})")
    failures = []
    for model in in_order("checks"):
        rows = con.execute(f"select * from ({model.sql}) limit 10").fetchall()  # noqa: S608 - our own files
        if rows:
            failures.append(Failure(model.name.removeprefix("checks."), rows))
    return failures


def _rebuild_days(con: duckdb.DuckDBPyConnection, models: Iterable[Definition]) -> None:
    _empty(con)
    for model in models:
        _note_days(con, model, is_all=True)
    con.execute("""
        insert into touched_days
        select distinct group_id, timezone(groups.timezone, timezone('UTC', observed_at))::date
        from stored.account_snapshots inner join stored.groups using (group_id)
    """)
    con.execute(
        """
        create or replace temp table all_days as
        select group_id, local_date, (row_number() over (order by local_date, group_id) - 1) // $size as piece
        from (select distinct group_id, local_date from touched_days)
    """,
        {"size": DAYS_AT_ONCE},
    )
    for piece in range(max(1, _pieces(con, "all_days"))):
        con.execute("delete from touched_days")
        con.execute("insert into touched_days select group_id, local_date from all_days where piece = ?", [piece])
        _bound_days(con)
        for model in models:
            if model.key == BY_DAY:
                _make(con, model, "local_date", is_first=piece == 0)


def _start(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create or replace temp table touched_roots (root_id uuid)")
    con.execute("create or replace temp table touched_posts (post_id uuid, root_id uuid, created_at timestamp)")
    con.execute("create or replace temp table touched_days (group_id varchar, local_date date)")
    con.execute("set variable days_from_at = timestamp '1970-01-01'")
    con.execute("set variable days_to_at = timestamp '1970-01-01'")
    con.execute("set variable posts_from_at = timestamp '1970-01-01'")


def _empty(con: duckdb.DuckDBPyConnection) -> None:
    for table in ("touched_roots", "touched_posts", "touched_days"):
        con.execute(f"delete from {table}")  # noqa: S608 - our own names


def _take(con: duckdb.DuckDBPyConnection, name: str, columns: dict[str, pa.Array]) -> None:
    """A temporary table of the values: Arrow columns, never executemany."""
    con.register("taken", pa.table(columns))
    con.execute(f"create or replace temp table {name} as select * from taken")  # noqa: S608 - our own names
    con.unregister("taken")


def _fill_posts(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("""
        insert into touched_posts
        select post_id, root_id, created_at from stored.posts semi join touched_roots using (root_id)
    """)
    # No reading of a post can be older than the post: lets the scan of the readings skip what is older.
    con.execute("""
        set variable posts_from_at = (
            select coalesce(min(created_at), timestamp '9999-01-01') - interval 1 day from touched_posts)
    """)


def _bound_days(con: duckdb.DuckDBPyConnection) -> None:
    """UTC bounds of the touched days, generous to every zone: let scans of times skip the rest."""
    con.execute("set variable days_from_at = (select min(local_date)::timestamp - interval 2 day from touched_days)")
    con.execute("set variable days_to_at = (select max(local_date)::timestamp + interval 3 day from touched_days)")


def _note_days(con: duckdb.DuckDBPyConnection, model: Definition, *, is_all: bool = False) -> None:
    """The days of the touched rows, as they were and as they are, are touched as well."""
    whose = "" if is_all else "semi join touched_roots using (root_id)"
    if _has_days(con, model):
        con.execute(f"insert into touched_days select distinct group_id, local_date from {model.name} {whose}")  # noqa: S608 - our own names


def _has_days(con: duckdb.DuckDBPyConnection, model: Definition) -> bool:
    if model.key == BY_DAY:
        return False
    columns = {row[0] for row in con.execute(f"describe {model.name}").fetchall()}
    return columns.issuperset(BY_DAY)


def _forget(con: duckdb.DuckDBPyConnection, model: Definition) -> None:
    table = "touched_days" if model.key == BY_DAY else "touched_roots"
    match = " and ".join(f"models.{column} = {table}.{column}" for column in model.key)
    con.execute(f"delete from {model.name} as models using {table} where {match}")  # noqa: S608 - our own names


def _insert(con: duckdb.DuckDBPyConnection, model: Definition) -> None:
    con.execute(f"insert into {model.name} select * from ({model.sql})")  # noqa: S608 - our own files


def _make(con: duckdb.DuckDBPyConnection, model: Definition, order: str, *, is_first: bool) -> None:
    """One piece of a rebuild. A group's rows side by side: a page reads one group, and DuckDB skips the others."""
    into = f"create table {model.name} as" if is_first else f"insert into {model.name}"
    con.execute(f"{into} select * from ({model.sql}) order by group_id, {order}")  # noqa: S608 - our own files


def _pieces(con: duckdb.DuckDBPyConnection, table: str) -> int:
    (last,) = con.execute(f"select max(piece) from {table}").fetchone() or (None,)  # noqa: S608 - our own names
    return 0 if last is None else int(last) + 1


def _tell(progress: Callable[[int, int], None] | None, done: int, total: int) -> None:
    if progress:
        progress(done, total)


def _built_from(con: duckdb.DuckDBPyConnection) -> str | None:
    """What the prepared tables were last built from; None when they never were."""
    if not con.execute("""
        select 1 from information_schema.tables where table_schema = 'prepared' and table_name = 'built_from'
    """).fetchone():
        return None
    found = con.execute("select fingerprint from prepared.built_from").fetchone()
    return str(found[0]) if found else None


def _fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """Changes when the models, a group's zone or a group's accounts do: then every row may be different."""
    facts = [model.sql for name, model in sorted(definitions().items()) if name.startswith("prepared.")]
    facts += map(
        str, con.execute("select group_id, timezone, collecting_since_at from stored.groups order by all").fetchall()
    )
    team = "select distinct group_id, account_id, role from stored.group_accounts order by all"
    facts += map(str, con.execute(team).fetchall())
    return hashlib.sha256("\x1e".join(facts).encode()).hexdigest()
