"""Writes a closed quarter down, once: what trustees read never changes afterwards, so nothing can be had by subtracting."""

from datetime import date, datetime

import duckdb

from warehouse.storage.arrow import naive
from warehouse.transform.definitions import definitions, models_behind, models_in_order

_DUE = """
    -- quarters that ended seven days ago, in the group's own zone, since collecting began; not yet written down
    with quarters as (
        select
            groups.group_id,
            unnest(generate_series(
                date_trunc('quarter', timezone(groups.timezone, timezone('UTC', groups.collecting_since_at))),
                date_trunc('quarter', timezone(groups.timezone, timezone('UTC', $now::timestamp)) - interval 7 days)
                - interval 3 months,
                interval 3 months
            ))::date as quarter_start_date
        from stored.groups
        where groups.collecting_since_at is not null
            -- older posts may still be on their way
            and groups.group_id not in (
                select group_id from stored.sources where not is_backfilled and last_ok_at is not null
            )
    )
    select group_id, quarter_start_date from quarters
    anti join frozen.quarters as written using (group_id, quarter_start_date)
    order by all
"""


def freeze(con: duckdb.DuckDBPyConnection, now: datetime) -> list[tuple[str, date]]:
    """Write down the quarters that are due, in the caller's transaction. Returns (group_id, first day of the quarter).

    Uses the same views as the dashboard, with the decisions that the collector copied. Costs one short query when
    nothing is due.
    """
    at = naive(now)
    due: list[tuple[str, date]] = con.execute(_DUE, {"now": at}).fetchall()
    if not due:
        return []
    con.execute(f"create or replace temp table touched_quarters as {_DUE}", {"now": at})
    con.execute("set variable now_at = $now", {"now": at})
    con.execute("create schema casebook")
    con.execute("create view casebook.decisions as select * from stored.decisions")
    con.execute("create schema shown")
    quarters = definitions()["frozen.quarters"]
    views = models_behind(quarters.reads)
    for name, sql in views:
        con.execute(f"create view {name} as {sql}")
    con.execute(f"insert into frozen.quarters {quarters.sql}")
    for name, _ in reversed(views):
        con.execute(f"drop view {name}")
    con.execute("drop schema shown")
    con.execute("drop view casebook.decisions")
    con.execute("drop schema casebook")
    summarise(con)
    return due


def summarise(con: duckdb.DuckDBPyConnection) -> None:
    """Make what trustees read from the frozen numbers. The same numbers give the same words."""
    steps = models_in_order("suppressed")
    con.execute("create schema suppressed")
    for step in steps:
        con.execute(f"create view {step.name} as {step.sql}")
    con.execute("delete from frozen.summary")
    con.execute(f"insert into frozen.summary {definitions()['frozen.summary'].sql}")
    for step in reversed(steps):
        con.execute(f"drop view {step.name}")
    con.execute("drop schema suppressed")
