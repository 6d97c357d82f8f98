"""Migrations: each once, in order, whole or not at all."""

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.support.rows import NOW
from warehouse.errors import WarehouseError
from warehouse.storage.migrate import MIGRATIONS, migrate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_one.sql").write_text("create table a (n integer);\ninsert into a values (1);")
    (tmp_path / "0002_two.sql").write_text("insert into a values (2);")
    return tmp_path


def test_each_migration_runs_once_and_in_order(folder: Path) -> None:
    with duckdb.connect() as con:
        assert migrate(con, NOW, folder) == ["0001_one", "0002_two"]
        (folder / "0003_three.sql").write_text("insert into a values (3);")
        assert migrate(con, NOW, folder) == ["0003_three"]
        assert migrate(con, NOW, folder) == []
        assert con.execute("select n from a order by n").fetchall() == [(1,), (2,), (3,)]


def test_a_migration_that_fails_half_way_leaves_nothing(folder: Path) -> None:
    (folder / "0003_three.sql").write_text("insert into a values (3);\ninsert into nowhere values (3);")
    with duckdb.connect() as con:
        with pytest.raises(duckdb.Error):
            migrate(con, NOW, folder)
        assert con.execute("select max(n) from a").fetchall() == [(2,)]
        (folder / "0003_three.sql").write_text("insert into a values (33);")
        assert migrate(con, NOW, folder) == ["0003_three"]


def test_a_warehouse_of_a_newer_version_is_left_alone(folder: Path) -> None:
    with duckdb.connect() as con:
        migrate(con, NOW, folder)
        (folder / "0002_two.sql").unlink()
        (folder / "0003_three.sql").write_text("insert into a values (3);")
        with pytest.raises(WarehouseError, match=r"newer version of Mutuals .it has 0002_two"):
            migrate(con, NOW, folder)
        assert con.execute("select count(*) from a").fetchall() == [(2,)]


def test_our_own_migrations_run() -> None:
    with duckdb.connect() as con:
        assert migrate(con, NOW) == [file.stem for file in sorted(MIGRATIONS.glob("*.sql"))]


def test_quarters_written_down_before_the_chart_was_renamed_are_still_read(tmp_path: Path) -> None:
    for file in sorted(MIGRATIONS.glob("*.sql"))[:4]:
        shutil.copy(file, tmp_path)
    with duckdb.connect() as con:
        migrate(con, NOW, tmp_path)
        con.execute("insert into frozen.quarters by name select 'g' as group_id, date '2026-07-01' as quarter_start_date,"
                    " 24 as promise_hours, 'helpers' as chart, 'both' as part, 2 as part_order, '' as kind, 7 as value,"
                    " '2026-Q3' as quarter, date '2026-07-01' as from_date, false as is_partial,"
                    " timestamp '2026-10-08' as frozen_at")  # fmt: skip
        migrate(con, NOW)
        assert con.execute("select chart, value from frozen.quarters").fetchall() == [("answered_by", 7)]
