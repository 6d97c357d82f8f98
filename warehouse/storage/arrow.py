"""Rows → Arrow tables, by the column: ten times the speed of executemany.

Aware datetimes become naive UTC TIMESTAMPs here, and nowhere else; one without a zone is refused (a TypeError).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, get_type_hints
from uuid import UUID

import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyConnection

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_arrow(kind: type[Any], rows: Sequence[Any]) -> pa.Table:
    """Rows of one table (`kind`, from rows.py) as columns in its order, and their number `n`."""
    # column after column: rows as tuples would be quicker to take apart, but wake the garbage collector
    made = {name: _column(make, list(map(attrgetter(name), rows))) for name, make in _makers(kind).items()}
    return pa.table({**made, "n": pa.array(np.arange(len(rows)))})


def _column(make: Callable[[Sequence[Any]], pa.Array], values: list[Any]) -> pa.Array:
    """The same ids and times stand in the same order in six tables about posts: they are converted once.

    So is a value that stands in every row (the network, the time of the reading).
    """
    if len(values) > _FEW and values[0] == values[-1] and values.count(values[0]) == len(values) and make is not ids:
        return make(values[:1]).take(pa.array(np.zeros(len(values), np.int32)))
    if make not in (ids, times):
        return make(values)
    before, made = _LAST.get(make, ([], None))
    if made is None or before != values:
        made = make(values)
        _LAST[make] = (values, made)
    return made


_FEW = 100  # under it, converting is as quick as looking
_LAST: dict[Callable[[Sequence[Any]], pa.Array], tuple[list[Any], pa.Array]] = {}


def column_names(kind: type[Any]) -> tuple[str, ...]:
    """The table's columns, in order."""
    return tuple(field.name for field in fields_of(kind))


def ids(values: Sequence[UUID]) -> pa.Array:
    """Keyed ids as one column of type UUID."""
    return numbers(list(map(attrgetter("int"), values)))


def optional_ids(values: Sequence[UUID | None]) -> pa.Array:
    """Keyed ids, some of them missing, as one column of type UUID."""
    if values.count(None) == len(values):
        return pa.nulls(len(values), pa.uuid())
    stored = pa.array([None if value is None else value.int.to_bytes(16, "big") for value in values], pa.binary(16))
    return pa.ExtensionArray.from_storage(pa.uuid(), stored)


def numbers(values: Collection[int]) -> pa.Array:
    """Keyed ids, given as their numbers (UUID.int), as one column of type UUID."""
    joined = b"".join([one.to_bytes(16, "big") for one in values])
    stored = pa.Array.from_buffers(pa.binary(16), len(values), [None, pa.py_buffer(joined)])
    return pa.ExtensionArray.from_storage(pa.uuid(), stored)


def plain_rows(fields: tuple[str, ...], rows: Sequence[Any]) -> Iterator[Any]:
    """Those fields of each row as something quick to hash: a UUID as its number (ten times faster over 10,000 rows)."""
    if not rows:
        return iter(())
    return map(attrgetter(*(f"{one}.int" if isinstance(getattr(rows[0], one), UUID) else one for one in fields)), rows)


def times(values: Sequence[datetime]) -> pa.Array:
    """Aware datetimes as naive UTC microseconds."""
    return optional_times(values)


def optional_times(values: Sequence[datetime | None]) -> pa.Array:
    """Aware datetimes, some of them missing, as naive UTC microseconds."""
    if values.count(None) == len(values):
        return pa.nulls(len(values), pa.timestamp("us"))
    since = [None if value is None else value - _EPOCH for value in values]
    return pa.array(since, pa.duration("us")).cast(pa.int64()).cast(pa.timestamp("us"))


def naive(at: datetime) -> datetime:
    """An aware time as the warehouse holds it."""
    return _EPOCH.replace(tzinfo=None) + (at - _EPOCH)


def aware(at: datetime) -> datetime:
    """A time of the warehouse as the rest of the program holds it."""
    return at.replace(tzinfo=UTC)


_MAKERS: dict[Any, Callable[[Sequence[Any]], pa.Array]] = {
    UUID: ids,
    UUID | None: optional_ids,
    datetime: times,
    datetime | None: optional_times,
    date: lambda values: pa.array(values, pa.date32()),
    str: lambda values: pa.array(values, pa.string()),
    str | None: lambda values: pa.array(values, pa.string()),
    bool: lambda values: pa.array(values, pa.bool_()),
    bool | None: lambda values: pa.array(values, pa.bool_()),
    int: lambda values: pa.array(values, pa.int64()),
    int | None: lambda values: pa.array(values, pa.int64()),
    float: lambda values: pa.array(values, pa.float64()),
    tuple[str, ...]: lambda values: pa.array(values, pa.list_(pa.string())),
}


def _makers(kind: type[Any]) -> dict[str, Callable[[Sequence[Any]], pa.Array]]:
    if kind not in _KNOWN:
        hints = get_type_hints(kind)
        _KNOWN[kind] = {name: _MAKERS[hints[name]] for name in column_names(kind)}
    return _KNOWN[kind]


_KNOWN: dict[type[Any], dict[str, Callable[[Sequence[Any]], pa.Array]]] = {}


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
class BatchRelation:
    """`select` gives the rows; `params` go with it."""

    select: str
    params: Mapping[str, Any]

    @property
    def new(self) -> str:
        """The rows as the first common table expression, `new`. DuckDB cannot filter UUIDs inside Arrow's own tables."""
        return f"with new as materialized ({self.select})"


@contextmanager
def as_relation(con: DuckDBPyConnection, table: pa.Table) -> Iterator[BatchRelation]:
    """An Arrow table (of the types of columns.py) for statements on `con`, for as long as this lasts."""
    if len(table) <= FEW:
        columns = [
            f"unnest($new_{name}::{_TYPES[table.schema.field(name).type]}[]) as {name}" for name in table.column_names
        ]
        yield BatchRelation(
            f"select {', '.join(columns)}", {f"new_{name}": table[name].to_pylist() for name in table.column_names}
        )
        return
    con.register("arriving", table)
    try:
        yield BatchRelation("from arriving", {})
    finally:
        con.unregister("arriving")
