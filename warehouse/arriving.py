"""Rows on their way into a statement: many as an Arrow table, a few as lists among its parameters.

DuckDB needs 3 to 5 ms to look into an Arrow table, however small; twenty rows as lists take a third of that, and a cycle
that stores a few rows makes twenty such statements. From about sixty rows on the table is quicker.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

FEW = 50
_TYPES = {
    pa.uuid(): "uuid",
    pa.timestamp("us"): "timestamp",
    pa.date32(): "date",
    pa.string(): "varchar",
    pa.bool_(): "boolean",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.list_(pa.string()): "varchar[]",
}


@dataclass(frozen=True, slots=True)
class Arriving:
    """`select` gives the rows; `params` go with it."""

    select: str
    params: Mapping[str, Any]

    @property
    def new(self) -> str:
        """The rows as the first common table expression, `new`. DuckDB cannot filter UUIDs inside Arrow's own tables."""
        return f"with new as materialized ({self.select})"


@contextmanager
def arriving(con: DuckDBPyConnection, table: pa.Table) -> Iterator[Arriving]:
    """An Arrow table (of the types of columns.py) for statements on `con`, for as long as this lasts."""
    if len(table) <= FEW:
        columns = [
            f"unnest($new_{name}::{_TYPES[table.schema.field(name).type]}[]) as {name}" for name in table.column_names
        ]
        yield Arriving(
            f"select {', '.join(columns)}", {f"new_{name}": table[name].to_pylist() for name in table.column_names}
        )
        return
    con.register("arriving", table)
    try:
        yield Arriving("from arriving", {})
    finally:
        con.unregister("arriving")
