"""What is done once a day: let words go in time, thin the readings, freeze closed quarters, remove deleted bytes, publish."""

from datetime import datetime

from duckdb import DuckDBPyConnection

from warehouse.casebook.events import Casebook
from warehouse.ingest.store import Rows, store
from warehouse.privacy.compact import compact, thin
from warehouse.privacy.retain import retain
from warehouse.privacy.retain_casebook import quiet_requests, retain_decisions
from warehouse.settings import Settings
from warehouse.snapshots.publish import publish
from warehouse.storage.connection import transaction, warehouse_path
from warehouse.storage.rows import Duty
from warehouse.transform.freeze import freeze
from warehouse.transform.prepare import prepare


def run_nightly(con: DuckDBPyConnection, settings: Settings, casebook: Casebook, now: datetime) -> None:
    """The daily housekeeping, as the last thing done with the open warehouse `con` (compact.py says why).

    Raises WarehouseError, CasebookError; whatever was done before stays done, and the next night does the rest. A casebook
    that is away keeps no words in the warehouse.
    """
    try:
        retain_decisions_of_groups(con, settings, casebook, now)
    finally:
        run_duties(con, settings, now)
        compact(con, settings, now)
        publish(con, settings, now, keep=1)


def retain_decisions_of_groups(con: DuckDBPyConnection, settings: Settings, casebook: Casebook, now: datetime) -> None:
    """What volunteers wrote about conversations that have been quiet for long, in the casebook and in the warehouse's copy."""
    cases = quiet_requests(con, casebook, settings.groups, now)
    count = retain_decisions(casebook, cases, now)
    left = [one for one in casebook.decisions(now) if (one.group_id, str(one.post_id)) in cases]
    with transaction(con):
        con.execute(
            "delete from stored.decisions where group_id || '/' || post_id::varchar in (select unnest($cases::varchar[]))",
            {"cases": [f"{group_id}/{post_id}" for group_id, post_id in cases]},
        )
        touched = store(con, Rows(decisions=left, duties=[Duty("decisions", now, count)]))
        prepare(con, touched, now)


def run_duties(con: DuckDBPyConnection, settings: Settings, now: datetime) -> None:
    """All of it that queries in the warehouse can see, in one transaction."""
    with transaction(con):
        done = _tidied(con, settings, now)
        store(con, Rows(duties=[Duty(duty, now, count) for duty, count in done.items()]))


def preview_retention(con: DuckDBPyConnection, settings: Settings, casebook: Casebook, now: datetime) -> dict[str, int]:
    """What a run would do now, by count: it is done in a transaction that is then rolled back. Changes nothing."""
    decisions = sum(quiet_requests(con, casebook, settings.groups, now).values())
    con.begin()
    try:
        names = _names_count(con)
        done = _tidied(con, settings, now)
        names -= _names_count(con)
    finally:
        con.rollback()
    return {
        "posts that lose words or address": done["retention"],
        "people who lose name and address": names,
        "decisions and notes that go or lose words and names": decisions,
        "old counts that are thinned out": done["thinning"],
        "closed quarters that are written down": done["freezing"],
        "bytes of the warehouse that are written anew": warehouse_path(settings).stat().st_size,
    }


def _tidied(con: DuckDBPyConnection, settings: Settings, now: datetime) -> dict[str, int]:
    let_go = retain(con, settings.groups, now)
    prepare(con, let_go, now)
    return {"retention": len(let_go.posts), "thinning": thin(con, now), "freezing": len(freeze(con, now))}


def _names_count(con: DuckDBPyConnection) -> int:
    row = con.execute("select count(*) from stored.accounts where coalesce(handle, address) is not null").fetchone()
    return row[0] if row else 0
