"""Snapshots: a new name each time, whole or not at all, and none that a check would not let pass."""

import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from duckdb import DuckDBPyConnection

from tests.support.rows import HOUR, NOW, group, kept, whole
from warehouse.errors import WarehouseError
from warehouse.ingest.store import Rows
from warehouse.settings import Settings
from warehouse.snapshots.pointer import Pointer, current_snapshot, set_current_snapshot, snapshot_folder
from warehouse.snapshots.publish import ChecksFailed, failed_checks, publish, shutil
from warehouse.snapshots.reader import NothingPublished, open_reader
from warehouse.storage import rows
from warehouse.storage.connection import open_warehouse
from warehouse.transform.prepare import FailedCheck, rebuild


@pytest.fixture
def ready(con: DuckDBPyConnection) -> DuckDBPyConnection:
    """An open warehouse with prepared tables and one post."""
    batch = whole("first")
    batch.groups = [group()]
    batch.cycles = [rows.Cycle("run-1", NOW, NOW, 1, 1, True)]
    kept(con, batch)
    con.begin()
    rebuild(con, NOW)
    con.commit()
    return con


def names(settings: Settings) -> list[str]:
    return sorted(path.name for path in snapshot_folder(settings).iterdir())


def test_before_anything_is_published_the_reader_says_so(settings: Settings) -> None:
    with pytest.raises(NothingPublished, match="mutuals up"):
        open_reader(settings)


def test_a_snapshot_is_published_and_pointed_to(ready: DuckDBPyConnection, settings: Settings) -> None:
    path = publish(ready, settings, NOW)
    pointer = current_snapshot(settings)
    assert pointer == Pointer(path.stem, NOW)
    assert path.stat().st_mode & 0o777 == 0o600
    assert names(settings) == sorted([path.name, "current"])


def test_each_snapshot_has_a_new_name_and_two_are_kept(ready: DuckDBPyConnection, settings: Settings) -> None:
    paths = [publish(ready, settings, NOW + n * HOUR) for n in range(4)]
    assert len(set(paths)) == 4
    assert names(settings) == sorted([paths[2].name, paths[3].name, "current"])
    only = publish(ready, settings, NOW, keep=1)
    assert names(settings) == sorted([only.name, "current"])


def test_a_reader_stays_usable_while_newer_snapshots_are_published(
    ready: DuckDBPyConnection, settings: Settings
) -> None:
    publish(ready, settings, NOW)
    reader = open_reader(settings)
    for n in range(3):
        kept(ready, whole(f"later {n}"))
        publish(ready, settings, NOW + n * HOUR)
        assert reader.frame("select count(*) as n from stored.posts", NOW)["n"][0] == 1
    assert reader.is_stale()
    newer = open_reader(settings)
    assert not newer.is_stale()
    assert newer.frame("select count(*) as n from stored.posts", NOW)["n"][0] == 4
    reader.close()
    newer.close()


def test_a_failing_check_publishes_nothing_and_says_why(ready: DuckDBPyConnection, settings: Settings) -> None:
    before = publish(ready, settings, NOW)
    failures = [FailedCheck("posts_are_unique", [("a",), ("b",)])]
    with pytest.raises(ChecksFailed, match=r"posts_are_unique \(2 rows\).*mutuals rebuild"):
        publish(ready, settings, NOW + HOUR, check=lambda *_: failures)
    pointer = current_snapshot(settings)
    assert pointer is not None
    assert pointer.name == before.stem
    assert failed_checks(settings) == (NOW + HOUR, ("posts_are_unique",))
    publish(ready, settings, NOW + 2 * HOUR)
    assert failed_checks(settings) is None


def test_a_check_that_found_as_many_as_it_looks_for_says_or_more() -> None:
    failures = [FailedCheck("posts_once", [("a",)] * 10), FailedCheck("sums_equal_their_parts", [("b",)])]
    assert r"posts_once (10 or more rows), sums_equal_their_parts (1 row)" in str(ChecksFailed(failures))


def test_no_room_for_a_copy_is_a_sentence(
    ready: DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish(ready, settings, NOW)
    usage = shutil.disk_usage(settings.data_dir)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(WarehouseError, match=r"no room for a copy of the warehouse \(.* MB needed, 0 MB free\)"):
        publish(ready, settings, NOW)
    monkeypatch.undo()
    monkeypatch.setattr(shutil, "which", lambda _: "/bin/false")
    with pytest.raises(WarehouseError, match="could not be written; is the disk full"):
        publish(ready, settings, NOW)
    pointer = current_snapshot(settings)
    assert pointer is not None
    assert pointer.name == before.stem
    assert names(settings) == sorted([before.name, "current"])


def test_a_name_is_never_used_twice_even_when_the_folder_was_emptied(
    ready: DuckDBPyConnection, settings: Settings
) -> None:
    used = set()
    for _ in range(3):
        used.add(publish(ready, settings, NOW).name)
        for path in snapshot_folder(settings).iterdir():
            path.unlink()
    assert len(used) == 3


KILLED = """
import os, signal, sys
from pathlib import Path
from warehouse.snapshots import publish as publishing
from warehouse.storage.connection import open_warehouse
from warehouse.settings import Settings
from tests.support.rows import NOW, kept, whole
settings = Settings(data_dir=Path(sys.argv[1]))
setattr(publishing, sys.argv[2], lambda *_: os.kill(os.getpid(), signal.SIGKILL))
with open_warehouse(settings) as con:
    kept(con, whole("second"))
    publishing.publish(con, settings, NOW)
"""


@pytest.mark.parametrize("before", ["set_current_snapshot", "sync_to_disk", "copy_warehouse"])
def test_a_kill_before_the_pointer_moves_leaves_the_old_snapshot(settings: Settings, before: str) -> None:
    with open_warehouse(settings) as con:
        kept(con, whole("first"))
        con.begin()
        rebuild(con, NOW)
        con.commit()
        old = publish(con, settings, NOW)
    done = subprocess.run([sys.executable, "-c", KILLED, str(settings.data_dir), before], check=False)
    assert done.returncode == -signal.SIGKILL
    pointer = current_snapshot(settings)
    assert pointer is not None
    assert pointer.name == old.stem
    reader = open_reader(settings)
    assert reader.frame("select count(*) as n from stored.posts", NOW)["n"][0] == 1
    reader.close()
    with open_warehouse(settings) as con:
        new = publish(con, settings, NOW)
    assert names(settings) == sorted([old.name, new.name, "current"])


def test_a_pointer_that_makes_no_sense_is_a_sentence(settings: Settings) -> None:
    snapshot_folder(settings).mkdir(parents=True)
    for nonsense in ("", "{", "[]", '{"name": 1}'):
        (snapshot_folder(settings) / "current").write_text(nonsense)
        with pytest.raises(WarehouseError, match="remove it: the next cycle writes it anew"):
            current_snapshot(settings)


def test_a_pointer_is_replaced_whole(settings: Settings) -> None:
    snapshot_folder(settings).mkdir(parents=True)
    for n in range(3):
        pointer = Pointer(f"{n}", NOW + timedelta(hours=n))
        set_current_snapshot(settings, pointer)
        assert current_snapshot(settings) == pointer
    assert names(settings) == ["current"]


def test_a_store_and_a_second_publish_keep_the_warehouse_locked_to_others(
    ready: DuckDBPyConnection, settings: Settings
) -> None:
    """Opening and closing the file in this process would drop DuckDB's lock on it; the copy is made by another."""
    publish(ready, settings, NOW)
    code = "import duckdb, sys\nduckdb.connect(sys.argv[1])"
    command = [sys.executable, "-c", code, str(settings.data_dir / "warehouse.duckdb")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Could not set lock" in done.stderr
    kept(ready, Rows())
