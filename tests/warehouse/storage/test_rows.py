"""The dataclasses and the tables say the same."""

import inspect
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from warehouse.storage import rows
from warehouse.storage.arrow import column_names

KINDS: list[Any] = [kind for _, kind in inspect.getmembers(rows, inspect.isclass) if kind.__module__ == rows.__name__]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.table))
def test_every_dataclass_has_the_columns_of_its_table_in_order(con: DuckDBPyConnection, kind: Any) -> None:
    found = con.execute(f"describe {kind.table}").fetchall()
    assert column_names(kind) == tuple(row[0] for row in found)


def test_every_stored_table_has_its_dataclass(con: DuckDBPyConnection) -> None:
    found = con.execute("select table_name from duckdb_tables() where schema_name = 'stored'").fetchall()
    assert {f"stored.{name}" for (name,) in found} == {kind.table for kind in KINDS}
