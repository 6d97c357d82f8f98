"""What pages read: the current snapshot, with people's decisions laid over it and the states derived at that moment.

An in-memory DuckDB holds the snapshot read-only under `snapshot`, the same tables without a catalog (so that the models
work unchanged), casebook.decisions, and the shown views that were asked for. A trustee's reader holds copies of a few
tables and nothing else.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock

import duckdb
import pandas as pd
from duckdb import DuckDBPyConnection

from warehouse.casebook.events import Casebook, open_casebook
from warehouse.errors import WarehouseError
from warehouse.settings import Settings
from warehouse.snapshots.lazy_views import LazyViews, is_of_this_version
from warehouse.snapshots.pointer import current_snapshot, snapshot_path
from warehouse.storage.arrow import naive, to_arrow
from warehouse.storage.connection import lock_down
from warehouse.storage.rows import Decision
from warehouse.transform.definitions import definitions, shown_views

_LAYERS = ("stored", "prepared", "frozen")
# What a trustee's views may be made of: nothing about a post or about a person who is not the group's, and of the frozen
# quarters only the summary in which small numbers are hidden.
_FOR_TRUSTEES = frozenset(
    {
        "frozen.summary",
        "stored.groups",
        "stored.group_accounts",
        "stored.sources",
        "stored.coverage",
        "stored.cycles",
        "shown.groups",
    }
)


class NothingPublished(WarehouseError):
    """There is no snapshot yet."""


class OlderSnapshot(NothingPublished):
    """The snapshot was published by another version of Mutuals, and lacks what this one reads."""


@dataclass(slots=True)
class Reader:
    """One snapshot, open for reading. Safe for threads: each call has a cursor of its own."""

    name: str
    published_at: datetime
    _settings: Settings
    _con: DuckDBPyConnection
    _casebook: Casebook | None
    _views: LazyViews | None  # None for a trustee: all are made
    _group_ids: Collection[str] | None = None  # None: all
    _seen: int = -1  # the casebook's version laid over
    _lock: Lock = field(default_factory=Lock)

    def frame(
        self,
        sql: str,
        now: datetime,
        *,
        from_date: date | None = None,
        to_date: date | None = None,
        rota_before: Sequence[float] | None = None,
        **params: object,
    ) -> pd.DataFrame:
        """The rows of a SELECT as at `now`: ids as text, times in UTC.

        from_date and to_date bind the views that are about one period, [from_date, to_date) in the group's own dates;
        rota_before (warehouse.casebook.rota.rota_hours_before) the waits within rota hours.
        """
        self._lay_over()
        self._make(sql)
        with self._con.cursor() as cursor:
            cursor.execute("set variable now_at = $now", {"now": naive(now)})
            for name, value in (("from_date", from_date), ("to_date", to_date)):
                if value is not None:
                    cursor.execute(f"set variable {name} = $value::date", {"value": value})
            if rota_before is not None:
                cursor.execute("set variable rota_before = $value::double[]", {"value": list(rota_before)})
            cursor.execute(sql, params)
            kinds = {name: str(kind) for name, kind, *_ in cursor.description or ()}
            frame = cursor.df()
        for name, kind in kinds.items():
            if kind == "UUID":
                texts = [None if pd.isna(value) else str(value) for value in frame[name]]
                frame[name] = pd.Series(texts, dtype="object")
            elif kind == "TIMESTAMP":
                frame[name] = frame[name].dt.tz_localize("UTC")
        return frame

    def is_stale(self) -> bool:
        """Has a newer snapshot been published, or was this one withdrawn?"""
        pointer = current_snapshot(self._settings)
        return pointer is None or pointer.name != self.name

    def close(self) -> None:
        """Let go of the snapshot and of the casebook."""
        self._con.close()
        if self._casebook is not None:
            self._casebook.close()

    def _lay_over(self) -> None:
        """People's decisions, as they are now. Costs a glance at the casebook while nothing changed."""
        if self._casebook is None or self._casebook.version() == self._seen:
            return
        with self._lock:
            version = self._casebook.version()
            if version == self._seen:
                return
            decided = self._casebook.decisions()
            if self._group_ids is not None:
                decided = [one for one in decided if one.group_id in self._group_ids]
            self._fill(decided)
            self._seen = version

    def _fill(self, decisions: list[Decision]) -> None:
        with self._con.cursor() as cursor:
            cursor.begin()
            cursor.execute("delete from casebook.decisions")
            if decisions:
                cursor.register("deciding", to_arrow(Decision, decisions).drop_columns(["n"]))
                cursor.execute("insert into casebook.decisions by name from deciding")
                cursor.unregister("deciding")
            if self._views is not None:
                self._views.judge(cursor)
            cursor.commit()

    def _make(self, sql: str) -> None:
        """The views that a SELECT is the first to ask for."""
        if self._views is not None and self._views.lacks(sql):
            with self._lock:
                self._views.make(self._views.lacks(sql))


def open_reader(settings: Settings, role: str = "group", group_ids: Collection[str] | None = None) -> Reader:
    """Open the current snapshot. role="trustee" can read the trustees' views and nothing they are not made of.

    `group_ids`: no row of another group is there; None: of all groups.

    Raises NothingPublished (OlderSnapshot: nothing yet since an upgrade), or WarehouseError when the snapshot cannot be opened.
    """
    pointer = current_snapshot(settings)
    if pointer is None:
        raise NothingPublished("Nothing has been published yet; start collecting with: mutuals up")
    path = snapshot_path(settings, pointer.name)
    # One thread: a page looks at few rows, and several at once wait for each other less (the queue: 44 ms to 31).
    con = duckdb.connect(":memory:", config={"threads": 1})
    try:
        if role == "trustee":
            _only_aggregates(con, str(path), group_ids)
            lock_down(con)
            return Reader(pointer.name, pointer.published_at, settings, con, None, None, group_ids)
        con.execute(f"attach {_quoted(str(path))} as snapshot (read_only)")
        lock_down(con)
        views = _everything(con, group_ids)
        casebook = open_casebook(settings)
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        con.close()
        raise OlderSnapshot(
            f"{path}: published by another version of Mutuals; the collector has to run once after an upgrade: mutuals up"
        ) from error
    except duckdb.Error as error:
        con.close()
        raise WarehouseError(
            f"{path}: the snapshot cannot be read; the next cycle publishes another. If it does not: mutuals rebuild"
        ) from error
    except BaseException:
        con.close()
        raise
    return Reader(pointer.name, pointer.published_at, settings, con, casebook, views, group_ids)


def _everything(con: DuckDBPyConnection, group_ids: Collection[str] | None) -> LazyViews:
    """The tables. Where another version published them, also every view at once: to find out whether anything is lacking."""
    for layer in _LAYERS:
        con.execute(f"create schema {layer}")
    for layer, table in _tables(con):
        source = f'snapshot.{layer}."{table}"'
        con.execute(f'create view {layer}."{table}" as select * from {source}{_only(con, source, group_ids)}')  # noqa: S608
    con.execute("create schema casebook")
    con.register("no_decisions", to_arrow(Decision, []).drop_columns(["n"]))
    con.execute("create table casebook.decisions as select * from no_decisions")
    con.unregister("no_decisions")
    con.execute("create schema shown")
    views = LazyViews(con)
    if not is_of_this_version(con):
        views.make_all()
    return views


def _only_aggregates(con: DuckDBPyConnection, path: str, group_ids: Collection[str] | None) -> None:
    """Copies of the few tables that the trustees' views are made of, brought over from another connection.

    DuckDB lets a locked-down connection open again every file it ever had attached: this one must never have had any.
    """
    views = shown_views("trustee")
    wanted = {name for view, _ in views for name in definitions()[view].reads if "." in name}
    if barred := wanted - _FOR_TRUSTEES:
        raise WarehouseError(f"a view for trustees reads {', '.join(sorted(barred))}, which is not for trustees")
    for layer in (*_LAYERS, "shown"):
        con.execute(f"create schema {layer}")
    with duckdb.connect(":memory:") as source:
        source.execute(f"attach {_quoted(path)} as snapshot (read_only)")
        held = {f"{layer}.{table}" for layer, table in _tables(source)}
        for name in sorted(wanted & held):
            columns = (
                "* exclude (cursor)" if name == "stored.sources" else "*"
            )  # where a feed goes on is somebody's post
            held_rows = f"select {columns} from snapshot.{name}{_only(source, f'snapshot.{name}', group_ids)}"  # noqa: S608
            con.register("bringing", source.execute(held_rows).to_arrow_table())
            con.execute(f"create table {name} as select * from bringing")  # noqa: S608
            con.unregister("bringing")
    for name, sql in views:
        con.execute(f"create view {name} as {sql}")


def _only(con: DuckDBPyConnection, table: str, group_ids: Collection[str] | None) -> str:
    """The condition that leaves out other groups' rows, for tables that are about groups; posts and people are found by those."""
    if group_ids is None or ("group_id",) not in con.execute(f"select column_name from (describe {table})").fetchall():  # noqa: S608
        return ""
    return f" where group_id in ({', '.join(map(_quoted, sorted(group_ids))) or 'null'})"


def _quoted(text: str) -> str:
    return f"'{text.replace(chr(39), chr(39) * 2)}'"


def _tables(con: DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where database_name = 'snapshot' and schema_name in ('stored', 'prepared', 'frozen') order by all"
    ).fetchall()
