"""Rows on their way into a statement: few or many, they arrive the same."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid5

import duckdb
import pyarrow as pa
import pytest

from warehouse.storage.arrow import FEW, as_relation, ids, optional_ids, optional_times, times

NAMES = UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")
AT = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


def table(count: int) -> pa.Table:
    """One column of every type that rows.py knows, with and without gaps."""
    named = [uuid5(NAMES, str(n)) for n in range(count)]
    return pa.table(
        {
            "keyed_id": ids(named),
            "maybe_id": optional_ids([None, *named[1:]] if count else []),
            "no_id": optional_ids([None] * count),
            "at": times([AT] * count),
            "maybe_at": optional_times([None, *[AT] * (count - 1)] if count else []),
            "day": pa.array([date(2026, 11, 22)] * count, pa.date32()),
            "text": pa.array([None if n % 2 else f"it's {n}, \U0001f499" for n in range(count)], pa.string()),
            "is_so": pa.array([n % 2 == 0 for n in range(count)], pa.bool_()),
            "number": pa.array([None if n % 3 else n << 40 for n in range(count)], pa.int64()),
            "score": pa.array([n / 3 for n in range(count)], pa.float64()),
            "tags": pa.array([["a", "b"][: n % 3] for n in range(count)], pa.list_(pa.string())),
        }
    )


@pytest.mark.parametrize("count", [0, 1, 3, FEW, FEW + 1])
def test_few_or_many_rows_arrive_the_same(count: int) -> None:
    given = table(count)
    with duckdb.connect(":memory:") as con, as_relation(con, given) as new:
        found = con.execute(f"{new.new} from new", new.params)
        kinds = [str(column[1]) for column in found.description or ()]
        assert kinds == [
            "UUID", "UUID", "UUID", "TIMESTAMP", "TIMESTAMP", "DATE", "VARCHAR", "BOOLEAN", "BIGINT", "DOUBLE", "VARCHAR[]",
        ]  # fmt: skip
        assert found.fetchall() == list(zip(*(given[name].to_pylist() for name in given.column_names), strict=True))


def test_nothing_is_left_behind() -> None:
    with duckdb.connect(":memory:") as con:
        with as_relation(con, table(FEW + 1)):
            assert con.execute("select count(*) from arriving").fetchall() == [(FEW + 1,)]
        with pytest.raises(duckdb.Error):
            con.execute("from arriving")
