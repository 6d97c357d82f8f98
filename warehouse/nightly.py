"""What is done once a day: let words go in time, thin the readings, freeze closed quarters, remove deleted bytes, publish."""

from datetime import datetime

from duckdb import DuckDBPyConnection

from warehouse.compact import compact, thin
from warehouse.freeze import freeze
from warehouse.prepare import prepare
from warehouse.publish import publish
from warehouse.retain import retain
from warehouse.rows import Duty
from warehouse.settings import Settings
from warehouse.store import Rows, store


def run(con: DuckDBPyConnection, settings: Settings, now: datetime) -> None:
    """The daily housekeeping, as the last thing done with the open warehouse `con` (compact.py says why).

    Raises WarehouseError; whatever was done before stays done, and the next night does the rest.
    """
    tidy(con, settings, now)
    compact(con, settings, now)
    publish(con, settings, now, keep=1)


def tidy(con: DuckDBPyConnection, settings: Settings, now: datetime) -> None:
    """All of it that queries can see, in one transaction."""
    con.begin()
    try:
        let_go = retain(con, settings.groups, now)
        prepare(con, let_go, now)
        done = {"retention": len(let_go.posts), "thinning": thin(con, now), "freezing": len(freeze(con, now))}
        store(con, Rows(duties=[Duty(duty, now, count) for duty, count in done.items()]))
    except BaseException:
        con.rollback()
        raise
    con.commit()
