"""A backup is whole, and putting it back brings nobody back who asked to be left out since."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.rows import NOW
from tests.warehouse.privacy.test_erase import HANDLE, NEEDLE, NEEDLES, do_erase, everywhere, fill, opened
from warehouse.errors import WarehouseError
from warehouse.operations.backup import back_up, restore
from warehouse.privacy.byte_search import find_in_casebook, find_in_files, find_in_rows
from warehouse.privacy.opt_out import leave_out
from warehouse.settings import Settings
from warehouse.snapshots.reader import open_reader
from warehouse.storage.connection import open_warehouse, warehouse_path
from warehouse.storage.lock import acquire

LATER = NOW + timedelta(hours=1)


def told(_: str) -> None:
    """Whom we wait for does not matter here."""


def test_a_backup_is_everything_but_the_key_and_readable_by_nobody_else(settings: Settings) -> None:
    fill(settings)
    with open(settings.data_dir / "secrets.toml", "w", encoding="utf-8") as file:
        file.write("secret = 1")
    folder = back_up(settings, settings.data_dir.parent / "out", NOW, told)
    assert {path.name for path in folder.iterdir()} >= {"warehouse.duckdb", "casebook.sqlite", "backup.json"}
    assert not [path for path in folder.iterdir() if path.name in ("key", "secrets.toml")]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder, *folder.iterdir()))
    with pytest.raises(WarehouseError, match="not empty"):
        back_up(settings, folder, NOW, told)


def test_a_restored_backup_does_not_bring_back_who_was_erased_since(settings: Settings) -> None:
    who = fill(settings)
    shutil.rmtree(settings.data_dir / "backups")
    away = back_up(settings, settings.data_dir.parent / "away", NOW, told)  # where erasing does not look
    there = replace(settings, data_dir=away)
    with opened(there) as (con, casebook):
        assert find_in_rows(con, NEEDLES), "the control: the backup holds her"
        assert find_in_casebook(casebook, NEEDLES)
    do_erase(settings, who)
    facts = restore(settings, away, LATER, told, is_dry_run=True)
    assert facts["done"] == "nothing: this was a dry run"
    restore(settings, away, LATER, told)
    with opened(settings) as (con, casebook):
        assert find_in_rows(con, NEEDLES) == {}
        assert find_in_casebook(casebook, NEEDLES) == {}
        assert con.execute("select count(*) from stored.posts").fetchall() == [(4,)]
    assert find_in_files(settings.data_dir, NEEDLES) == []
    reader = open_reader(settings)
    assert NEEDLE not in reader.frame("select * from stored.post_texts", NOW).to_csv()
    reader.close()


def test_a_restored_backup_follows_an_opt_out_made_since(settings: Settings) -> None:
    who = fill(settings)
    away = back_up(settings, settings.data_dir.parent / "away", NOW, told)
    with opened(settings) as (con, casebook):
        leave_out(settings, con, casebook, who, LATER)
    assert restore(settings, away, LATER, told)["erased or refused since, done again"] == 1
    with opened(settings) as (con, _):
        assert find_in_rows(con, (NEEDLE,)) == {}
        assert "stored.accounts.handle" not in find_in_rows(con, (HANDLE,))


def test_without_its_key_a_backup_is_not_put_back(settings: Settings, tmp_path: Path) -> None:
    fill(settings)
    away = back_up(settings, tmp_path / "away", NOW, told)
    with pytest.raises(WarehouseError, match="the key is not there"):
        restore(replace(settings, data_dir=tmp_path / "new"), away, LATER, told)


def test_what_is_no_backup_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    with open_warehouse(settings):
        pass
    before = warehouse_path(settings).stat().st_ino
    with pytest.raises(WarehouseError, match="no backup"):
        restore(settings, tmp_path, NOW, told)
    assert warehouse_path(settings).stat().st_ino == before


def test_nothing_is_restored_under_a_running_collector(settings: Settings, tmp_path: Path) -> None:
    fill(settings)
    away = back_up(settings, tmp_path / "away", NOW, told)
    with (
        acquire(settings.data_dir, "collector", "collecting", 1, told),
        pytest.raises(WarehouseError, match="stop it first"),
    ):
        restore(settings, away, LATER, told)
    assert everywhere(settings)
