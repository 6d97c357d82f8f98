"""The views of a reader, each made when it is first asked for: DuckDB binds a view when it is made, all that it reads with it,
and for all of them that takes longer than most pages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.storage.migrate import MIGRATIONS
from warehouse.transform.definitions import models_behind, models_hash, shown_views

# What depends on people's decisions and on the snapshot, but not on the time: a table, worked out when a decision changes.
JUDGEMENTS = "shown.judgements"
_NAMED = re.compile(r"\bshown\.\w+")


@dataclass(slots=True)
class LazyViews:
    """Which views a connection has. The caller sees to it that one thread at a time makes any."""

    _con: DuckDBPyConnection
    _made: set[str] = field(default_factory=set)

    def lacks(self, sql: str) -> list[str]:
        """The views a SELECT names that are not there yet."""
        return [name for name in _NAMED.findall(sql) if name not in self._made]

    def make(self, names: Sequence[str]) -> None:
        """Make these and all that they read. Errors: a duckdb.Error where the tables are another version's."""
        for name, sql in models_behind(names):
            if name not in self._made:
                self._con.execute(f"create {'table' if name == JUDGEMENTS else 'view'} {name} as {sql}")
                self._made.add(name)
        self._made.update(names)

    def make_all(self) -> None:
        """Make every view."""
        self.make([name for name, _ in shown_views()])

    def judge(self, cursor: DuckDBPyConnection) -> None:
        """Work the judgements out anew, where anybody asked for them."""
        if JUDGEMENTS in self._made:
            cursor.execute(f"delete from {JUDGEMENTS}")  # noqa: S608
            cursor.execute(f"insert into {JUDGEMENTS} {dict(models_behind([JUDGEMENTS]))[JUDGEMENTS]}")


def is_of_this_version(con: DuckDBPyConnection) -> bool:
    """Were the tables of the attached `snapshot` made by the migrations and models that this version has?"""
    try:
        names = {name for (name,) in con.execute("select name from snapshot.main.migrations").fetchall()}
        built = con.execute("select fingerprint from snapshot.prepared.built_from").fetchall()
    except duckdb.Error:
        return False
    return names == {file.stem for file in MIGRATIONS.glob("*.sql")} and [
        str(one).partition("-")[0] for (one,) in built
    ] == [models_hash("prepared")]
