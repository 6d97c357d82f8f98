"""What a person types for a group and a period, and what they are told when it is wrong."""

from datetime import date
from pathlib import Path

import pytest

from app.cli.options import group_named, period_named
from app.errors import Stopped
from warehouse.settings import Group, Settings

TWO = Settings(groups=(Group("riverside", "R"), Group("bakerylane", "B")), config=Path("mutuals.toml"))


@pytest.mark.parametrize(
    ("name", "kind", "first", "end"),
    [
        ("2026", "year", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-Q3", "quarter", date(2026, 7, 1), date(2026, 10, 1)),
        ("2026-q1", "quarter", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-11", "month", date(2026, 11, 1), date(2026, 12, 1)),
        ("2026-W01", "week", date(2025, 12, 29), date(2026, 1, 5)),
        ("2026-11-22", "custom", date(2026, 11, 22), date(2026, 11, 23)),
        ("2026-11-01..2026-11-22", "custom", date(2026, 11, 1), date(2026, 11, 23)),
    ],
)
def test_a_period_has_many_names(name: str, kind: str, first: date, end: date) -> None:
    period = period_named(name)
    assert (period.kind, period.from_date, period.to_date) == (kind, first, end)


@pytest.mark.parametrize(
    "name", ["", "2026-Q5", "2026-13", "2026-W60", "yesterday", "2026-11-22..2026-11-01", "9999-W99"]
)
def test_what_is_no_period_is_said_with_those_there_are(name: str) -> None:
    with pytest.raises(Stopped, match=r"write it like 2026, 2026-Q3"):
        period_named(name)


def test_an_unknown_group_is_said_with_the_nearest() -> None:
    with pytest.raises(Stopped, match="did you mean 'riverside'"):
        group_named(TWO, "rivrside")
    with pytest.raises(Stopped, match="there are: riverside, bakerylane"):
        group_named(TWO, "zzz")
    with pytest.raises(Stopped, match="one of: riverside, bakerylane"):
        group_named(TWO, None)
    assert group_named(TWO, "bakerylane").name == "B"
    with pytest.raises(Stopped, match="mutuals groups add"):
        group_named(Settings(), None)
