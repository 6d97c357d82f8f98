"""Keeps the prepared tables true to the stored ones, at a cost that follows what changed.

A model says in `-- key:` by what it is rebuilt: root_id (a conversation) or group_id, local_date (a day). The runner
says what was touched in three temporary tables, which the models join: touched_roots(root_id), touched_posts(post_id,
root_id, created_at: every post of those conversations) and touched_days(group_id, local_date). A rebuild touches
everything, piece by piece, through the same statements: so it must give what the incremental runs gave.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import UUID

import duckdb

from warehouse.storage.arrow import naive
from warehouse.storage.batch import Touched
from warehouse.transform.definitions import Definition, models_hash, models_in_order

ROOTS_AT_ONCE = 200_000  # bounds the memory of a rebuild
DAYS_AT_ONCE = 100_000
ROWS_AT_MOST = 10  # of a failed check
_CHECKED = timedelta(days=60)
_EVER = datetime(1, 1, 1, tzinfo=UTC)
BY_DAY = ("group_id", "local_date")
_POSTS = "insert into touched_posts select post_id, root_id, created_at from stored.posts"
_OF_ROOTS = "where root_id in (from touched_roots)"
_DAYS_OF = (
    "insert into touched_days select distinct group_id, local_date from {model} semi join touched_roots using (root_id)"
)


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that found rows it should not have found."""

    check: str
    rows: list[tuple[object, ...]]


def prepare(con: duckdb.DuckDBPyConnection, touched: Touched, now: datetime) -> None:
    """Rebuild the prepared rows of what was touched, inside the caller's transaction.

    Everything is rebuilt when the models changed since the last time, or a group's zone, accounts, team or first reading.
    What was merely seen again is read where it stands (stored.posts), so it costs nothing here. Where only counts moved,
    only the models that read counts are rebuilt.
    """
    if _built_from(con) != _fingerprint(con):
        rebuild(con, now)
        return
    if not (touched.roots or touched.counted or touched.group_days):
        return
    _start(con, touched.roots, touched.group_days)
    if touched.roots:
        for model in _by_root(reads_counts=False):
            _refresh(con, model)
    if counted := touched.counted - touched.roots:
        con.execute("insert into touched_roots select unnest($roots::uuid[])", {"roots": list(counted)})
        con.execute(f"{_POSTS} where root_id in (select unnest($roots::uuid[]))", {"roots": list(counted)})
        _bound_posts(con)
    if touched.roots or counted:
        for model in _by_root(reads_counts=True):
            _refresh(con, model)
    _bound_days(con)
    for model in models_in_order("prepared"):
        if model.key == BY_DAY:
            _refresh(con, model)


def rebuild(con: duckdb.DuckDBPyConnection, now: datetime, progress: Callable[[int, int], None] | None = None) -> None:
    """Rebuild all prepared tables from the stored ones. progress(done, total) counts pieces."""
    _start(con, (), ())
    models = models_in_order("prepared")
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
        con.execute(f"{_POSTS} {_OF_ROOTS}")
        _bound_posts(con)
        for model in models:
            if model.key != BY_DAY:
                _make(con, model, "created_at", is_first=piece == 0)
        _tell(progress, piece + 1, total)
    _rebuild_days(con, models)
    con.execute(
        "create or replace table prepared.built_from as select ? as fingerprint, ?::timestamp as built_at",
        [_fingerprint(con), naive(now)],
    )
    _tell(progress, total, total)


def run_checks(con: duckdb.DuckDBPyConnection, now: datetime, *, is_full: bool = False) -> list[FailedCheck]:
    """Run every check of models/checks: a check selects the rows that are wrong. At most ROWS_AT_MOST are handed back.

    Looks at the posts of the 60 days before now, because it stands before every publishing; is_full looks at everything.
    """
    from_at = _EVER if is_full else now - _CHECKED
    con.execute("set variable checked_from_at = $from_at::timestamp", {"from_at": naive(from_at)})
    failures = []
    for model in models_in_order("checks"):
        rows = con.execute(f"select * from ({model.sql}) limit {ROWS_AT_MOST}").fetchall()  # noqa: S608 - our own files
        if rows:
            failures.append(FailedCheck(model.name.removeprefix("checks."), rows))
    return failures


def _rebuild_days(con: duckdb.DuckDBPyConnection, models: Iterable[Definition]) -> None:
    _empty(con)
    for model in models:
        if _moves_days(model):
            con.execute(f"insert into touched_days select distinct group_id, local_date from {model.name}")  # noqa: S608 - our own names
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


def _start(con: duckdb.DuckDBPyConnection, roots: Iterable[UUID], days: Iterable[tuple[str, date]]) -> None:
    """The three tables of what was touched. Lists as parameters: an Arrow table of a few rows takes four times as long."""
    con.execute(
        "create or replace temp table touched_roots as select unnest($roots::uuid[]) as root_id", {"roots": list(roots)}
    )
    groups, dates = zip(*days, strict=True) if days else ((), ())
    con.execute(
        "create or replace temp table touched_days as"
        " select unnest($groups::varchar[]) as group_id, unnest($dates::date[]) as local_date",
        {"groups": list(groups), "dates": list(dates)},
    )
    con.execute("create or replace temp table touched_posts (post_id uuid, root_id uuid, created_at timestamp)")
    con.execute(f"{_POSTS} {_OF_ROOTS}")
    _bound_posts(con)
    _bound_days(con)


def _empty(con: duckdb.DuckDBPyConnection) -> None:
    for table in ("touched_roots", "touched_posts", "touched_days"):
        con.execute(f"delete from {table}")  # noqa: S608 - our own names


def _bound_posts(con: duckdb.DuckDBPyConnection) -> None:
    """No reading of a post can be older than the post: lets the scan of the readings skip what is older."""
    con.execute("""
        set variable posts_from_at = (
            select coalesce(min(created_at), timestamp '9999-01-01') - interval 1 day from touched_posts)
    """)


def _bound_days(con: duckdb.DuckDBPyConnection) -> None:
    """UTC bounds of the touched days, generous to every zone: let scans of times skip the rest."""
    con.execute("set variable days_from_at = (select min(local_date)::timestamp - interval 2 day from touched_days)")
    con.execute("set variable days_to_at = (select max(local_date)::timestamp + interval 3 day from touched_days)")


def _by_root(*, reads_counts: bool) -> list[Definition]:
    """The models rebuilt by conversation: those that read the history of counts, themselves or through others, or not."""
    counting = {"stored.observations"}
    models = [model for model in models_in_order("prepared") if model.key != BY_DAY]
    for model in models:
        if model.reads & counting:
            counting.add(model.name)
    return [model for model in models if (model.name in counting) is reads_counts]


def _refresh(con: duckdb.DuckDBPyConnection, model: Definition) -> None:
    """Take out what was touched and put it in anew."""
    if _moves_days(model):
        con.execute(_DAYS_OF.format(model=model.name))
    table = "touched_days" if model.key == BY_DAY else "touched_roots"
    match = " and ".join(f"models.{column} = {table}.{column}" for column in model.key)
    con.execute(f"delete from {model.name} as models using {table} where {match}")  # noqa: S608 - our own names
    if model.needs and not con.execute(f"select exists ({model.needs})").fetchall()[0][0]:
        return
    con.execute(f"insert into {model.name} {model.sql}")
    if _moves_days(model):
        con.execute(_DAYS_OF.format(model=model.name))


def _moves_days(model: Definition) -> bool:
    """Do models by day read it? Then the days it was on, before and after, are touched."""
    return model.key != BY_DAY and model.name in _read_by_day()


@cache
def _read_by_day() -> frozenset[str]:
    return frozenset[str]().union(*(model.reads for model in models_in_order("prepared") if model.key == BY_DAY))


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
    if not con.execute(
        "select 1 from duckdb_tables() where schema_name = 'prepared' and table_name = 'built_from'"
        " and database_name = current_database()"
    ).fetchone():
        return None
    found = con.execute("select fingerprint from prepared.built_from").fetchone()
    return str(found[0]) if found else None


def _fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """Changes when the models or a group's zone, accounts, team or first reading do: then every row may be different.

    Begins with the models' own, by which a reader knows whether the tables are its version's (warehouse/snapshots/lazy_views.py).
    """
    groups = con.execute("select group_id, timezone, collecting_since_at from stored.groups").fetchall()
    team = con.execute("select group_id, account_id, role from stored.group_accounts").fetchall()
    facts = [*map(str, sorted(groups, key=repr)), *sorted(map(str, set(team)))]
    fingerprint = hashlib.sha256("\x1e".join(facts).encode()).hexdigest()
    return f"{models_hash('prepared')}-{fingerprint}"
