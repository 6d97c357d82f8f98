"""A copy of everything in one folder, and putting it back: what was erased or refused since is done again before anybody looks.

The key and the secrets are left out: whoever finds a backup cannot test a guess. They are backed up apart.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from warehouse.casebook.events import open_casebook
from warehouse.casebook.refusals import ERASE_NAME, Refusal, current_refusals, load_refusals, record_refusal
from warehouse.errors import CasebookError, WarehouseError, explain_unwritable
from warehouse.ingest.store import store
from warehouse.privacy import erase
from warehouse.privacy.compact import compact
from warehouse.privacy.subject import is_known
from warehouse.settings import Settings
from warehouse.snapshots.pointer import snapshot_folder, sync_to_disk
from warehouse.snapshots.publish import copy_warehouse
from warehouse.storage.connection import open_warehouse, private_files, warehouse_path
from warehouse.storage.keys import KEY_FILE
from warehouse.storage.lock import acquire
from warehouse.transform.prepare import rebuild

_CASEBOOK = "casebook.sqlite"
_NOTE = "backup.json"


def back_up(settings: Settings, to: Path | None, now: datetime, on_wait: Callable[[str], None]) -> Path:
    """Copy warehouse, casebook and settings into a new folder. Returns it. Raises WarehouseError.

    A casebook on PostgreSQL is that server's to back up (pg_dump); what is refused in it is looked at when restoring.
    """
    folder = to or settings.data_dir / erase.BACKUPS / f"{now:%Y-%m-%dT%H-%M-%SZ}"
    if folder.exists() and any(folder.iterdir()):
        raise WarehouseError(f"{folder}: is there already, and not empty; choose another place with --out")
    try:
        with private_files(), open_warehouse(settings, wait_seconds=600, on_wait=on_wait) as con:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            con.execute("checkpoint")
            copy_warehouse(warehouse_path(settings), folder / warehouse_path(settings).name)
            if not settings.casebook_url and (settings.data_dir / _CASEBOOK).exists():
                _copy_sqlite(settings.data_dir / _CASEBOOK, folder / _CASEBOOK)
            if settings.config.exists():
                shutil.copyfile(settings.config, folder / "mutuals.toml")
            (folder / _NOTE).write_text(json.dumps({"made_at": now.isoformat()}) + "\n", encoding="utf-8")
            sync_to_disk(folder)
    except OSError as error:
        raise explain_unwritable(folder, error) from error
    return folder


def restore(
    settings: Settings, source: Path, now: datetime, on_wait: Callable[[str], None], *, is_dry_run: bool = False
) -> dict[str, object]:
    """Put a backup into the data folder, in place of what is there. Nobody may be collecting. Returns facts.

    Wishes since: those in the casebook and the warehouse that are replaced. Raises WarehouseError; what was there then stays.
    """
    made_at = _made_at(source)
    if not (settings.data_dir / KEY_FILE).exists():
        raise WarehouseError(
            f"{settings.data_dir / KEY_FILE}: the key is not there, and without it nobody in the backup would be recognised: "
            "put it back first; it is backed up apart"
        )
    with acquire(settings.data_dir, "collector", "collecting into this folder; stop it first", 1.0, on_wait):
        return _restore(settings, source, made_at, now, on_wait, is_dry_run=is_dry_run)


def _restore(
    settings: Settings,
    source: Path,
    made_at: datetime,
    now: datetime,
    on_wait: Callable[[str], None],
    *,
    is_dry_run: bool,
) -> dict[str, object]:
    wishes = _wishes(settings, on_wait)
    since = [one for one in wishes if one.at > made_at]
    facts: dict[str, object] = {
        "backup of": made_at.isoformat(timespec="seconds"),
        "erased or refused since, done again": len(
            {(one.keyed_id, one.what) for one in since if one.what != ERASE_NAME}
        ),
    }
    if is_dry_run:
        return {**facts, "done": "nothing: this was a dry run"}
    prepared = settings.data_dir / "restoring"
    shutil.rmtree(prepared, ignore_errors=True)
    with private_files():
        prepared.mkdir(mode=0o700, parents=True)
        for name in (warehouse_path(settings).name, _CASEBOOK):
            if (source / name).exists():
                shutil.copyfile(source / name, prepared / name)
    there = replace(settings, data_dir=prepared)
    try:
        _do_again(there if not settings.casebook_url else replace(there, casebook_url=""), wishes, now)
        with open_warehouse(settings, wait_seconds=600, on_wait=on_wait):
            pass  # nobody else is in the middle of something
        _swap(settings, prepared)
    finally:
        shutil.rmtree(prepared, ignore_errors=True)
    with open_warehouse(settings, on_wait=on_wait) as con:
        for path in snapshot_folder(settings).glob("*.duckdb*"):
            path.unlink(missing_ok=True)
        erase.republish(settings, con, now)
    return facts


def _made_at(source: Path) -> datetime:
    try:
        note = json.loads((source / _NOTE).read_text(encoding="utf-8"))
        return datetime.fromisoformat(note["made_at"]).astimezone(UTC)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WarehouseError(
            f"{source}: this is no backup made by `mutuals backup` ({_NOTE} cannot be read)"
        ) from error


def _wishes(settings: Settings, on_wait: Callable[[str], None]) -> list[Refusal]:
    """Everything that anybody wished so far, from wherever it is written down here."""
    found: list[Refusal] = []
    with suppress(CasebookError), closing(open_casebook(settings)) as casebook:
        found += load_refusals(casebook)
    if warehouse_path(settings).exists():
        with suppress(WarehouseError), open_warehouse(settings, wait_seconds=600, on_wait=on_wait) as con:
            found += _in_warehouse(con)
    return found


def _in_warehouse(con: DuckDBPyConnection) -> list[Refusal]:
    erased = con.execute("select keyed_id, 'erase ' || kind, erased_at from stored.erased").fetchall()
    out = con.execute("select account_id, 'opt out', opted_out_at from stored.opt_outs").fetchall()
    return [Refusal(keyed_id, what, at.replace(tzinfo=UTC)) for keyed_id, what, at in (*erased, *out)]


def _do_again(there: Settings, wishes: list[Refusal], now: datetime) -> None:
    """In the copy, before it takes its place: so nobody ever sees it without."""
    with closing(open_casebook(there)) as casebook, open_warehouse(there) as con:
        record_refusal(casebook, wishes)
        out, taken_back = current_refusals([*load_refusals(casebook), *_in_warehouse(con)])
        # first: the backup may still know under which name they stand in other people's words
        for one in [each for each in out.erased if each.kind != "name"]:
            erase.remove(con, casebook, is_known(con, one.keyed_id, one.kind), one.erased_at)
        con.begin()
        store(con, out)
        con.execute(
            "delete from stored.opt_outs where account_id in (select unnest($ids::uuid[]))", {"ids": list(taken_back)}
        )
        rebuild(con, now)
        con.commit()
        compact(con, there)


def _copy_sqlite(source: Path, target: Path) -> None:
    """As SQLite does it: whole, whoever is writing."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _swap(settings: Settings, prepared: Path) -> None:
    for name in (warehouse_path(settings).name, _CASEBOOK):
        if (prepared / name).exists():
            for left in ("-wal", "-shm", ".wal"):
                (settings.data_dir / f"{name}{left}").unlink(missing_ok=True)
            (prepared / name).replace(settings.data_dir / name)
    sync_to_disk(settings.data_dir)
