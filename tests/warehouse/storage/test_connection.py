"""Opening the warehouse: one at a time, locked down, and a sentence for whatever is in the way."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

from tests.support.rows import kept, whole
from warehouse.settings import Settings
from warehouse.storage.connection import WarehouseError, open_warehouse, warehouse_path

HOLD = """
import sys, time
from pathlib import Path
from warehouse.storage.connection import open_warehouse
from warehouse.settings import Settings
with open_warehouse(Settings(data_dir=Path(sys.argv[1]))) as con:
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def made(settings: Settings, new_warehouse: Path) -> Settings:
    shutil.copytree(new_warehouse, settings.data_dir)
    return settings


def hold(settings: Settings) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(settings.data_dir)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_what_is_made_can_be_read_by_nobody_else(settings: Settings) -> None:
    with open_warehouse(settings) as con:
        kept(con, whole("ask"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in settings.data_dir.iterdir()}
    assert set(modes.values()) == {0o600}
    assert {"warehouse.duckdb", "key"} <= modes.keys()
    assert settings.data_dir.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "copy (select 1) to '/tmp/mutuals-outside.csv'",
        "attach '/tmp/mutuals-outside.duckdb' as outside",
        "install httpfs",
        "set enable_external_access = true",
        "set autoload_known_extensions = true",
        "select * from 'https://example.org/x.csv'",
    ],
)
def test_nothing_outside_the_data_folder_can_be_reached(made: Settings, sql: str) -> None:
    with open_warehouse(made) as con, pytest.raises(duckdb.Error):
        con.execute(sql)


def test_a_second_one_waits_its_turn_and_is_told_for_whom(made: Settings) -> None:
    other, told = hold(made), list[str]()
    threading.Timer(0.5, other.kill).start()
    try:
        with open_warehouse(made, wait_seconds=30, on_wait=told.append) as con:
            assert con.execute("select 1").fetchall() == [(1,)]
    finally:
        end(other)
    assert told == [f"Waiting: process {other.pid} (-c) is using the warehouse."]


def test_threads_of_one_process_take_turns_too(made: Settings) -> None:
    inside, most = 0, 0

    def use() -> None:
        nonlocal inside, most
        with open_warehouse(made) as con:
            inside += 1
            most = max(most, inside)
            con.execute("select 1")
            time.sleep(0.02)
            inside -= 1

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_who_waits_too_long_is_told_who_has_it(made: Settings) -> None:
    other = hold(made)
    try:
        with (
            pytest.raises(WarehouseError, match=rf"process {other.pid} \(-c\) has been using the warehouse .* stop it"),
            open_warehouse(made, wait_seconds=0.2),
        ):
            pass
    finally:
        end(other)


def test_a_holder_that_was_killed_is_in_nobodys_way(made: Settings) -> None:
    other = hold(made)
    os.kill(other.pid, signal.SIGKILL)
    end(other)
    assert (made.data_dir / "warehouse.holder").exists()
    told: list[str] = []
    with open_warehouse(made, wait_seconds=5, on_wait=told.append):
        pass
    assert told == []
    assert not (made.data_dir / "warehouse.holder").exists()


def test_somebody_looking_into_it_with_another_program_is_waited_for(made: Settings) -> None:
    code = "import duckdb, sys, time\nc = duckdb.connect(sys.argv[1])\nprint('held', flush=True)\ntime.sleep(60)"
    path = str(warehouse_path(made))
    other = subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    other.stdout.readline()
    told: list[str] = []
    try:
        with (
            pytest.raises(WarehouseError, match="another program has it open"),
            open_warehouse(made, wait_seconds=0.2, on_wait=told.append),
        ):
            pass
    finally:
        end(other)
    assert told == ["Waiting for the warehouse: another program has warehouse.duckdb open."]


@pytest.mark.parametrize("damage", ["garbage", "empty", "cut off", "scribbled over"])
def test_a_damaged_file_is_a_sentence_and_is_left_as_it_is(made: Settings, damage: str) -> None:
    path = warehouse_path(made)
    whole_file = path.read_bytes()
    broken = {
        "garbage": b"not a database" * 500,
        "empty": b"",
        "cut off": whole_file[: len(whole_file) // 3],
        "scribbled over": whole_file[:4096] + b"z" * 8192 + whole_file[12288:],
    }[damage]
    path.write_bytes(broken)
    with pytest.raises(WarehouseError, match=r"damaged\. Put it back from a backup"), open_warehouse(made):
        pass
    assert path.read_bytes() == broken


def test_a_file_of_a_newer_duckdb_is_a_sentence(made: Settings) -> None:
    """The version stands in the first block, under a checksum; DuckDB's own words for it are used here."""
    from warehouse.storage.connection import _explained

    said = "IO Error: Trying to read a database file with version number 99, but we can only read versions between 64 and 67."
    assert "newer version of DuckDB" in str(_explained(warehouse_path(made), duckdb.IOException(said)))


def test_a_newer_warehouse_is_a_sentence(made: Settings) -> None:
    with open_warehouse(made) as con:
        con.execute("insert into main.migrations values ('9999_future', now()::timestamp)")
    with pytest.raises(WarehouseError, match=r"newer version of Mutuals .it has 9999_future"), open_warehouse(made):
        pass


@pytest.mark.usefixtures("as_nobody")
def test_a_folder_that_cannot_be_written_is_a_sentence() -> None:
    with (
        pytest.raises(WarehouseError, match="cannot be written"),
        open_warehouse(Settings(data_dir=Path("/usr/share/mutuals"))),
    ):
        pass


def test_a_folder_below_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(WarehouseError, match="cannot be written"),
        open_warehouse(Settings(data_dir=tmp_path / "file" / "data")),
    ):
        pass


def test_a_full_disk_is_a_sentence_and_nothing_stored_before_is_lost(made: Settings) -> None:
    """A limit on the size of files stands for the full disk."""
    with open_warehouse(made) as con:
        con.execute("create table kept as select 1 as n")
    code = f"""
import resource
from pathlib import Path
from warehouse.storage.connection import WarehouseError, open_warehouse
from warehouse.settings import Settings
limit = {warehouse_path(made).stat().st_size + 1_000_000}
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    with open_warehouse(Settings(data_dir=Path({str(made.data_dir)!r}))) as con:
        con.begin()
        con.execute("create table large as select md5(range::varchar) as word from range(400_000)")
        con.commit()
except WarehouseError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "the disk is full; make room" in done.stdout, done.stderr[-500:]
    with open_warehouse(made) as con:
        assert con.execute("from kept").fetchall() == [(1,)]
        assert con.execute("select count(*) from duckdb_tables() where table_name = 'large'").fetchall() == [(0,)]


def test_our_own_mistakes_stay_what_they_are(made: Settings) -> None:
    with pytest.raises(duckdb.BinderException), open_warehouse(made) as con:
        con.execute("select nonsense from stored.posts")


def test_a_process_killed_while_it_writes_loses_nothing_that_was_committed(made: Settings) -> None:
    code = """
import sys
from pathlib import Path
from warehouse.storage.connection import open_warehouse
from warehouse.settings import Settings
with open_warehouse(Settings(data_dir=Path(sys.argv[1]))) as con:
    con.execute("create table steps (n bigint)")
    for n in range(100_000):
        con.execute("begin"); con.execute("insert into steps select ? from range(100)", [n]); con.execute("commit")
        print(n, flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", code, str(made.data_dir)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(20)]
    process.kill()
    rest = process.stdout.read().splitlines()
    end(process)
    last = int((rest or said)[-1]) if (rest or said)[-1].strip().isdigit() else int(said[-1])
    with open_warehouse(made) as con:
        steps = con.execute("select n, count(*) from steps group by n order by n").fetchall()
    assert [n for n, _ in steps[: last + 1]] == list(range(last + 1))
    assert {count for _, count in steps} == {100}
