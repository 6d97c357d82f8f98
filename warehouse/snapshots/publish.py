"""The warehouse → a read-only snapshot under a new name, for the dashboard. Stale beats wrong: a failed check stops it.

A new name matters: a process that opens the same path again while an old connection lives gets the old data.
"""

import json
import secrets
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from warehouse.errors import NotPublished, WarehouseError
from warehouse.settings import Settings
from warehouse.snapshots.pointer import (
    Pointer,
    current_snapshot,
    set_current_snapshot,
    snapshot_folder,
    snapshot_path,
    sync_to_disk,
)
from warehouse.storage.connection import private_files, warehouse_path
from warehouse.transform import prepare
from warehouse.transform.prepare import ROWS_AT_MOST, FailedCheck

_WHY_NOT = "refused"


class ChecksFailed(NotPublished):
    """The models' checks found rows that must not be. Nothing was published; the last snapshot stays."""

    def __init__(self, failures: Sequence[FailedCheck]) -> None:
        named = ", ".join(f"{one.check} ({_counted(one.rows)})" for one in failures)
        super().__init__(
            f"nothing was published, because these checks failed: {named}. What was collected is stored, and the pages "
            "show what was published before. Work the numbers out again with: mutuals rebuild. If that says the same, "
            "please report it"
        )
        self.checks = tuple(one.check for one in failures)


def _counted(found: Sequence[object]) -> str:
    """A check stops looking at ROWS_AT_MOST."""
    if len(found) >= ROWS_AT_MOST:
        return f"{len(found)} or more rows"
    return f"{len(found)} row" + ("s" if len(found) != 1 else "")


def publish(
    con: DuckDBPyConnection,
    settings: Settings,
    now: datetime,
    *,
    check: Callable[[DuckDBPyConnection, datetime], Sequence[FailedCheck]] = prepare.run_checks,
    keep: int = 2,
) -> Path:
    """Publish what is committed; `con` is the open warehouse, outside a transaction. Returns the snapshot's path.

    Raises NotPublished: ChecksFailed (and leaves the reason for the pages to show), or no room for a copy.
    Keeps the `keep` newest snapshots; a reader that has an older one open keeps it until it lets go.
    """
    with private_files():
        folder = snapshot_folder(settings)
        folder.mkdir(exist_ok=True)
        if failures := check(con, now):
            refused = ChecksFailed(failures)
            (folder / _WHY_NOT).write_text(
                json.dumps({"at": now.isoformat(), "checks": refused.checks}), encoding="utf-8"
            )
            raise refused
        con.execute("checkpoint")
        before = _before(settings)
        name = _next_name(folder, before)
        path = snapshot_path(settings, name)
        copy_warehouse(warehouse_path(settings), path)
        set_current_snapshot(settings, Pointer(name, now))
        (folder / _WHY_NOT).unlink(missing_ok=True)
        kept = {name} if before is None or keep < 2 else {name, before.name}
        for old in folder.glob("*.duckdb*"):
            if old.name.split(".")[0] not in kept:
                old.unlink(missing_ok=True)
    return path


def _before(settings: Settings) -> Pointer | None:
    """What is current; None also when the pointer is damaged, for it is about to be written anew."""
    try:
        return current_snapshot(settings)
    except WarehouseError:
        return None


def failed_checks(settings: Settings) -> tuple[datetime, tuple[str, ...]] | None:
    """Since when nothing new is published, and which checks failed; None when all is well."""
    try:
        refusal = json.loads((snapshot_folder(settings) / _WHY_NOT).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return datetime.fromisoformat(refusal["at"]), tuple(refusal["checks"])


def _next_name(folder: Path, before: Pointer | None) -> str:
    """Never a name that was used before, even if the folder was emptied: readers and caches go by it."""
    used = [path.name for path in folder.glob("*.duckdb")] + ([before.name] if before else [])
    numbers = [int(name.partition("-")[0]) for name in used if name.partition("-")[0].isdigit()]
    return f"{max(numbers, default=0) + 1:06d}-{secrets.token_hex(3)}"


def copy_warehouse(source: Path, target: Path) -> None:
    """Copy in a process of its own: if this one opened and closed the warehouse's file, DuckDB's lock on it would be gone."""
    size, free = source.stat().st_size, shutil.disk_usage(target.parent).free
    made = target.with_suffix(".duckdb.part")
    try:
        if size > free:
            raise NotPublished(
                f"{target.parent}: no room for a copy of the warehouse ({size / 1e6:,.0f} MB needed, {free / 1e6:,.0f} MB free); "
                "make room. The last snapshot stays"
            )
        command = [shutil.which("cp") or "cp", str(source), str(made)]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 our own two paths
        if done.returncode:
            raise NotPublished(f"{made}: the copy could not be written; is the disk full? The last snapshot stays")
        sync_to_disk(made)
        made.replace(target)
        sync_to_disk(target.parent)
    finally:
        made.unlink(missing_ok=True)
