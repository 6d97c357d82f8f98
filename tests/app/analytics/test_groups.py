"""One line per group: numbers with their n, who looks tonight, and what was not read."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from app.analytics import groups
from warehouse.casebook.rota import Rota, Slot
from warehouse.settings import Group

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday
FACTS = {"group_id": "g", "name": "G", "promise_hours": 24, "last_read_at": pd.Timestamp(NOW), "open_count": 2,
         "oldest_waiting_hours": 30.0, "due_count": 4, "answered_in_promise_count": 3, "unknown_count": 0,
         "sources_count": 5, "late_sources_count": 0}  # fmt: skip


def line(rota: Rota | None = None, **changed: Any) -> list[str]:
    rows = pd.DataFrame([{**FACTS, **changed}])
    return list(groups.table([Group("g", "Hill *Street*")], rows, {"g": rota or Rota()}, NOW).iloc[0])


def slot(start: int, end: int, *days: int) -> Slot:
    return Slot(1, "Dee", days or tuple(range(1, 8)), start, end)


def test_a_group_in_one_line() -> None:
    assert line()[1:] == ["2", "30 hours", "3 of 4", "no rota", "all of it"]
    assert "*Street*" not in line()[0]


def test_nothing_is_said_as_nothing() -> None:
    found = line(open_count=0, oldest_waiting_hours=None, due_count=0, unknown_count=2, sources_count=0)
    assert found[1:] == ["0", "–", "none due; 2 could not be read and are left out", "no rota", "not read yet"]


def test_a_group_that_was_never_collected_has_a_line_too() -> None:
    table = groups.table([Group("new", "New")], pd.DataFrame([FACTS]), {}, NOW)
    assert list(table.iloc[0]) == ["New", "–", "–", "–", "no rota", "not read yet"]


@pytest.mark.parametrize(
    ("rota", "said"),
    [
        (Rota((slot(21, 8),)), "Dee"),
        (Rota((slot(9, 17),)), "nobody is down"),
        (Rota((slot(21, 24),)), "Dee; nobody for 8 hours"),
        (Rota((slot(22, 8),)), "Dee; nobody for 1 hour"),
        (Rota((slot(21, 8, 5),)), "Dee"),  # Friday's night goes on into Saturday
        (Rota((slot(21, 8, 6),)), "nobody is down"),
    ],
)
def test_who_looks_tonight(rota: Rota, said: str) -> None:
    assert groups.tonight_cover(rota, "Europe/London", NOW) == said


def test_before_the_morning_tonight_is_the_night_that_is_now() -> None:
    rota = Rota((slot(21, 8, 5),))
    assert groups.tonight_cover(rota, "Europe/London", datetime(2026, 11, 21, 3, tzinfo=UTC)) == "Dee"
    assert groups.tonight_cover(rota, "Europe/London", datetime(2026, 11, 21, 9, tzinfo=UTC)) == "nobody is down"


def test_what_waits_in_all_groups_stands_above() -> None:
    assert groups.lead([Group("g", "G")], pd.DataFrame([FACTS])) == "2 requests are waiting in your groups."
