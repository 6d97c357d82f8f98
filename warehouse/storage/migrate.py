"""Numbered .sql files, recorded by name, each in one transaction with its record."""

from datetime import datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from warehouse.errors import NotRetryable
from warehouse.storage.arrow import naive

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def migrate(
    con: DuckDBPyConnection, now: datetime, folder: Path = MIGRATIONS, *, place: str = "the warehouse"
) -> list[str]:
    """Run what has not been run yet, in order. Returns the names. Raises NoUseTrying when the warehouse is newer.

    `place` names the warehouse in that message.
    """
    con.execute("create table if not exists main.migrations (name varchar not null, applied_at timestamp not null)")
    done = {name for (name,) in con.execute("select name from main.migrations").fetchall()}
    files = {file.stem: file for file in sorted(folder.glob("*.sql"))}
    if unknown := sorted(done - files.keys()):
        raise NotRetryable(
            f"{place}: written by a newer version of Mutuals (it has {unknown[-1]}, which this one does not know); "
            "install that version again, or point --data-dir at another folder"
        )
    for name in (todo := [name for name in files if name not in done]):
        con.begin()
        try:
            con.execute(files[name].read_text(encoding="utf-8"))
            con.execute("insert into main.migrations values (?, ?)", [name, naive(now)])
        except BaseException:
            con.rollback()
            raise
        con.commit()
    return todo
