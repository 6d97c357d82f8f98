"""How collecting stands, for `mutuals status`: when what ran, what is missing, how large everything is. No names, no text."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from warehouse.errors import WarehouseError
from warehouse.settings import Settings
from warehouse.snapshots.pointer import current_snapshot
from warehouse.snapshots.publish import failed_checks
from warehouse.storage.arrow import naive
from warehouse.storage.clock_setback import detect_setback
from warehouse.storage.connection import open_warehouse, warehouse_path

_COUNTED = ("posts", "post_texts", "accounts", "observations", "thread_reads", "interactions", "coverage", "quarantine")


def collect_status(settings: Settings, now: datetime) -> dict[str, Any]:
    """Facts by their plain names. Ages are in minutes, sizes in bytes."""
    path = warehouse_path(settings)
    if not path.exists():
        return {"warehouse": "nothing has been collected yet; start with: mutuals up", "groups": len(settings.groups)}
    at = naive(now)
    with open_warehouse(settings) as con:
        last = con.execute("select max(stored_at), count(*) from stored.cycles").fetchone()
        gaps = con.execute(
            """
            select source_id || ': ' || reason
            from (select *, row_number() over (partition by source_id order by started_at desc) as newest
                  from stored.coverage)
            where newest = 1 and not is_complete
                -- a feed that the settings no longer name is no gap
                and (kind in ('thread', 'refresh', 'boosters', 'quotes') or source_id in (select source_id from stored.sources))
            order by 1
            """
        ).fetchall()
        counts = {
            name.replace("_", " "): con.execute(f"select count(*) from stored.{name}").fetchone()  # noqa: S608 our own names
            for name in _COUNTED
        }
        requests = con.execute(
            "select count(*), count(*) filter (where first_answer_at is null) from prepared.requests"
        ).fetchone()
        ahead = detect_setback(con, now)
        closed = con.execute(
            "select server || ': ' || capability || ' is ' || state from stored.capabilities where state <> 'open' order by 1"
        ).fetchall()
    last_at, cycles = last or (None, 0)
    return {
        "groups": len(settings.groups),
        "cycles": cycles,
        "last cycle": last_at.isoformat(timespec="seconds") + "Z" if last_at else "never",
        "minutes since the last cycle": round((at - last_at).total_seconds() / 60) if last_at else None,
        **_clock(now, ahead),
        **_published(settings),
        **{name: row[0] if row else 0 for name, row in counts.items()},
        "requests and candidates": requests[0] if requests else 0,
        "of them without an answer": requests[1] if requests else 0,
        "gaps": [row[0] for row in gaps],
        "closed or limited": [row[0] for row in closed],
        "warehouse bytes": path.stat().st_size,
        "snapshots bytes": _size(settings.data_dir / "snapshots"),
    }


def _clock(now: datetime, ahead: timedelta | None) -> dict[str, str]:
    """A clock that was put back makes every age wrong: say so, and by how much."""
    if ahead is None:
        return {}
    return {
        "clock": f"this computer's clock says {now:%Y-%m-%d %H:%M} UTC, and the last cycle lies "
        f"{ahead.total_seconds() / 3600:.1f} h ahead of that: the clock was put back, or was wrong then. Collecting goes on; "
        "if the clock is wrong now, set it right"
    }


def _published(settings: Settings) -> dict[str, str]:
    """What the pages show, and why it is not newer."""
    try:
        pointer = current_snapshot(settings)
    except WarehouseError as error:
        return {"published": str(error)}
    facts = {"published": pointer.published_at.isoformat(timespec="seconds") if pointer else "never"}
    if refused := failed_checks(settings):
        at, checks = refused
        facts["not published since"] = (
            f"{at:%Y-%m-%d %H:%M} UTC, because these checks fail: {', '.join(checks)}; try: mutuals rebuild"
        )
    return facts


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0
