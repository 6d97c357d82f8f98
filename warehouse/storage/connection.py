"""The only opener of the warehouse: one process at a time, locked down, migrated, and every failure a sentence.

DuckDB lets one process open a file that is being written, so whoever comes second waits here and is told for whom.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.errors import NotRetryable, WarehouseError
from warehouse.settings import Settings
from warehouse.storage.keys import load_key
from warehouse.storage.lock import acquire
from warehouse.storage.migrate import migrate

__all__ = ["WarehouseError", "lock_down", "open_warehouse", "private_files", "transaction", "warehouse_path"]

_TURN_SECONDS = 0.1  # how often a waiter looks again when somebody without our lock (a DuckDB shell) has the file


def warehouse_path(settings: Settings) -> Path:
    """Where the warehouse lies. Only this module opens it."""
    return settings.data_dir / "warehouse.duckdb"


@contextmanager
def open_warehouse(
    settings: Settings,
    *,
    wait_seconds: float = 60.0,
    on_wait: Callable[[str], None] = lambda _: None,
) -> Iterator[DuckDBPyConnection]:
    """Open the warehouse, once it is our turn. `on_wait` is told, once, whom we wait for.

    Raises WarehouseError, and nothing is lost, when somebody else has it for longer than `wait_seconds`, a newer
    version wrote it, the file is damaged, the disk is full, the folder cannot be written.
    """
    path = warehouse_path(settings)
    until = time.monotonic() + wait_seconds
    with private_files(), acquire(settings.data_dir, "warehouse", "using the warehouse", wait_seconds, on_wait):
        if not path.exists():
            load_key(settings.data_dir)
        con = _open(path, until, on_wait)
        try:
            lock_down(con, settings.data_dir)
            migrate(con, datetime.now(UTC), place=str(path))
            yield con
        except duckdb.Error as error:
            raise _explained(path, error) from error
        finally:
            con.close()


def lock_down(con: DuckDBPyConnection, data_dir: Path | None = None) -> None:
    """No extension is fetched, no file outside `data_dir` read or written (None: no file), and nothing can change that."""
    for setting in ("autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions"):
        con.execute(f"set {setting} = false")
    con.execute("set allow_persistent_secrets = false")
    con.execute("set TimeZone = 'UTC'")
    if data_dir is not None:
        folder = data_dir.resolve()
        con.execute("set temp_directory = $folder", {"folder": str(folder / "spill")})
        con.execute("set allowed_directories = $folders", {"folders": [f"{folder}/"]})
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")


@contextmanager
def private_files() -> Iterator[None]:
    """What is made in here can be read by nobody else (0600 files, 0700 folders)."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _open(path: Path, until: float, on_wait: Callable[[str], None]) -> DuckDBPyConnection:
    """Open the file. Somebody looking into it with another program holds DuckDB's own lock: wait for that too."""
    is_told = False
    while True:
        try:
            return duckdb.connect(str(path))
        except duckdb.Error as error:
            if "Could not set lock" not in str(error) or time.monotonic() > until:
                raise _explained(path, error) from error
            if not is_told:
                on_wait(f"Waiting for the warehouse: another program has {path.name} open.")
                is_told = True
            time.sleep(_TURN_SECONDS)


def _explained(path: Path, error: duckdb.Error) -> Exception:
    """DuckDB's words → ours. What is not about the file itself stays as it is: it is a mistake of ours."""
    said = _all_said(error)
    if "Could not set lock" in said:
        return WarehouseError(f"{path}: another program has it open (a DuckDB shell?); close it and try again")
    if any(words in said for words in _FULL):
        return WarehouseError(f"{path.parent}: the disk is full; make room and try again. Nothing stored is lost")
    if any(words in said for words in _NEWER):
        return NotRetryable(f"{path}: written by a newer version of DuckDB; install that version of Mutuals again")
    if any(words in said for words in _DAMAGED):
        return NotRetryable(
            f"{path}: the warehouse is damaged. Put it back from a backup; without one, move this file away: "
            "posts are collected anew, the history of counts is not. The snapshots beside it can still be read"
        )
    if "Permission denied" in said or "Read-only file system" in said:
        return WarehouseError(f"{path}: cannot be read or written; make it yours, or choose another --data-dir")
    return error


def _all_said(error: BaseException | None) -> str:
    """Also what came before it: after a failure that DuckDB cannot mend, taking the transaction back fails as well."""
    return f"{error}\n{_all_said(error.__context__)}" if isinstance(error, duckdb.Error) else ""


_FULL = ("No space left", "File too large", "Disk quota")
_NEWER = ("newer version", "version number", "storage version")
_DAMAGED = ("not a valid DuckDB", "Corrupt", "Could not read enough bytes", "checksum")


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Everything inside is committed at its end, or nothing is."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()
