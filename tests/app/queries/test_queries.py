"""Every query runs on a real snapshot, with rows and without."""

import inspect
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from app import queries
from tests.support.village import NOW
from warehouse.settings import Settings
from warehouse.snapshots.reader import Reader, open_reader

VALUES: dict[str, Any] = {
    "group_id": "riverside",
    "root_ids": ["00000000-0000-0000-0000-000000000000"],
    "week_start_date": pd.Timestamp(2026, 11, 16),
    "since": date(2026, 8, 1),
    "until": date(2026, 11, 23),
    "from_date": date(2026, 10, 1),
    "to_date": date(2026, 12, 1),
    "rota_before": tuple(float(hour) for hour in range(169)),
    "by": "rate",
    "what": "requests",
    "first_date": date(2026, 10, 1),
    "end_date": date(2026, 12, 1),
    "group_ids": ["riverside"],
    "lists": ["waiting", "maybe", "welcome"],
}
TRUSTEES = {"summary.quarters", "collection.group"}


def family(name: str) -> ModuleType:
    """One module of the queries."""
    module: ModuleType = getattr(queries, name)
    return module


# Each query where it is written; what a module only imports is another's.
QUERIES = {
    f"{name}.{query}": function
    for name in queries.__all__
    for query, function in inspect.getmembers(family(name), inspect.isfunction)
    if function.__module__ == family(name).__name__
}


def test_every_family_of_queries_is_looked_at_here() -> None:
    files = {path.stem for path in Path(queries.__file__).parent.glob("*.py")}
    assert files - {"__init__", "reader"} == set(queries.__all__)
    assert len(QUERIES) >= 40


@pytest.fixture(scope="module")
def readers(published: Settings, quiet: Settings) -> Iterator[list[Reader]]:
    """A full house and an empty one."""
    opened = [open_reader(published), open_reader(quiet)]
    yield opened
    for reader in opened:
        reader.close()


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_runs_with_rows_and_without(name: str, readers: list[Reader]) -> None:
    wanted = [parameter for parameter in inspect.signature(QUERIES[name]).parameters if parameter in VALUES]
    frames = [QUERIES[name](reader, NOW, **{key: VALUES[key] for key in wanted}) for reader in readers]
    assert list(frames[0].columns) == list(frames[1].columns)
    assert all(isinstance(frame, pd.DataFrame) for frame in frames)


def test_the_longest_wait_comes_first(readers: list[Reader]) -> None:
    waits = queries.queue.requests(readers[0], NOW, VALUES["group_ids"], VALUES["lists"])["waiting_hours"]
    assert len(waits) > 5
    assert waits.is_monotonic_decreasing


@pytest.mark.parametrize("name", sorted(TRUSTEES))
def test_what_trustees_are_shown_can_be_read_as_a_trustee(name: str, published: Settings) -> None:
    reader = open_reader(published, role="trustee")
    assert QUERIES[name](reader, NOW, "riverside") is not None
    reader.close()


@pytest.mark.parametrize("name", sorted(QUERIES.keys() - TRUSTEES))
def test_nothing_else_can(name: str, published: Settings) -> None:
    reader = open_reader(published, role="trustee")
    wanted = [parameter for parameter in inspect.signature(QUERIES[name]).parameters if parameter in VALUES]
    with pytest.raises(Exception, match="does not exist"):
        QUERIES[name](reader, NOW, **{key: VALUES[key] for key in wanted})
    reader.close()


# About no group: what servers allow, what the collector did, and whom somebody may mean by a handle (never listed).
FOR_ALL = {"collection.capabilities", "collection.runs", "collection.duties", "collection.bluesky_accounts"}


@pytest.mark.parametrize("role", ["group", "trustee"])
def test_a_reader_for_another_group_holds_no_row_of_this_one(role: str, published: Settings) -> None:
    whole, other = (open_reader(published, role, ids) for ids in (["riverside"], ["bakery"]))
    full = open_reader(published, role)
    names = TRUSTEES if role == "trustee" else QUERIES.keys() - FOR_ALL
    filled = 0
    for name in sorted(names):
        wanted = [parameter for parameter in inspect.signature(QUERIES[name]).parameters if parameter in VALUES]
        arguments = {key: VALUES[key] for key in wanted}
        assert QUERIES[name](other, NOW, **arguments).dropna(how="all").empty, name
        mine = QUERIES[name](whole, NOW, **arguments)
        pd.testing.assert_frame_equal(mine, QUERIES[name](full, NOW, **arguments))
        filled += not mine.empty
    assert filled >= len(names) * 0.7  # or it would prove nothing
    for reader in (whole, other, full):
        reader.close()
