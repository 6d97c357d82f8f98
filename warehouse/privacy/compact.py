"""Once a day: older readings thinned to one a day, and the warehouse written anew, which alone removes deleted text.

DuckDB keeps deleted text readable in its file after DELETE, CHECKPOINT and VACUUM.
"""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from duckdb import DuckDBPyConnection

from warehouse.errors import WarehouseError
from warehouse.settings import Settings
from warehouse.snapshots.pointer import sync_to_disk
from warehouse.storage.arrow import naive
from warehouse.storage.connection import warehouse_path

_FINE_FOR = timedelta(days=30)


def thin(con: DuckDBPyConnection, now: datetime, within: timedelta | None = timedelta(days=8)) -> int:
    """Of readings older than 30 days keep each day's last, in the zone of every group that holds the post.

    Returns how many went. Kept too: each day's last that tells the boosters' followers, and a post's first (with and
    without quotes), from which gains are counted. So no figure changes. `within`: how far behind the 30 days to look; None:
    all the way.
    """
    until = naive(now - _FINE_FOR)
    since = datetime.min if within is None else until - within  # noqa: DTZ901 naive, as the warehouse holds times
    con.execute(
        """
        create or replace temp table leaving as
        with aged as (
            select post_id, server, observed_at, quotes_count is not null as has_quotes,
                   boosters_followers_count is not null as has_boosters
            from stored.observations
            where observed_at >= $since and observed_at < $until
        ),
        first as (
            select post_id, server, min(observed_at) as read_at,
                   min(observed_at) filter (quotes_count is not null) as quotes_at
            from stored.observations
            where observed_at < $until and post_id in (select post_id from aged)
            group by post_id, server
        ),
        zones as (
            select distinct scope.post_id, coalesce(groups.timezone, 'UTC') as timezone
            from stored.post_scope as scope
            left join stored.groups as groups using (group_id)
            where scope.post_id in (select post_id from aged)
        ),
        dated as (
            select aged.*, zones.timezone,
                   cast(timezone(coalesce(zones.timezone, 'UTC'), timezone('UTC', observed_at)) as date) as local_date
            from aged
            left join zones using (post_id)
        ),
        ranked as (
            select dated.*,
                   observed_at = max(observed_at) over day as is_last,
                   has_boosters and observed_at = max(observed_at) filter (has_boosters) over day as is_last_boosters
            from dated
            window day as (partition by post_id, server, timezone, local_date)
        )
        select ranked.post_id, ranked.server, ranked.observed_at
        from ranked
        join first using (post_id, server)
        group by all
        having not bool_or(is_last or is_last_boosters or observed_at = read_at or observed_at is not distinct from quotes_at)
        """,
        {"since": since, "until": until},
    )
    gone = con.execute(
        "delete from stored.observations as held using leaving where held.post_id = leaving.post_id"
        " and held.server = leaving.server and held.observed_at = leaving.observed_at and held.observed_at < $until",
        {"until": until},
    ).fetchall()
    con.execute("drop table temp.leaving")
    return int(gone[0][0])


def compact(con: DuckDBPyConnection, settings: Settings, now: datetime | None = None) -> None:
    """Write the warehouse into a new file and put that in the old one's place; what was deleted is gone from the disk.

    `con` is the open warehouse, outside a transaction. It goes on showing the old file: write nothing through it any more.
    Raises WarehouseError when there is no room; the old file then stays. `now`: noted in the new file as when this was done.
    """
    path = warehouse_path(settings)
    fresh = path.with_name("warehouse.privacy.compact.duckdb")
    con.execute("checkpoint")
    size, free = path.stat().st_size, shutil.disk_usage(path.parent).free
    if size > free:
        raise WarehouseError(
            f"{path.parent}: no room to compact the warehouse ({size / 1e6:,.0f} MB needed, {free / 1e6:,.0f} MB free); "
            "make room. Deleted words stay in the file until then"
        )
    _drop(fresh)
    try:
        con.execute(f"attach '{str(fresh.resolve()).replace(chr(39), chr(39) * 2)}' as compacted")
        con.execute(f"copy from database {path.stem} to compacted")
        _make_sure(con, path.stem)
        if now is not None:
            con.execute("delete from compacted.stored.duties where duty = 'compaction'")
            con.execute("insert into compacted.stored.duties values ('compaction', $now, null)", {"now": naive(now)})
        con.execute("detach compacted")
        sync_to_disk(fresh)
        fresh.replace(path)
        sync_to_disk(path.parent)
    finally:
        _drop(fresh)


def _make_sure(con: DuckDBPyConnection, name: str) -> None:
    """Every table is there with all its rows, or the old file stays."""
    tables = con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = $name", {"name": name}
    ).fetchall()
    for schema, table in tables:
        counts = con.execute(
            f'select (select count(*) from {name}.{schema}."{table}"), (select count(*) from compacted.{schema}."{table}")'  # noqa: S608
        ).fetchall()
        if counts[0][0] != counts[0][1]:
            raise WarehouseError(f"compacting lost rows of {schema}.{table}; the old file stays. Please report this")


def _drop(path: Path) -> None:
    for left in (path, path.with_name(f"{path.name}.wal")):
        left.unlink(missing_ok=True)
