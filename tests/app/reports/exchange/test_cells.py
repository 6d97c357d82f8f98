"""Nothing that leaves as a cell is a formula, and numbers stay numbers."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.reports.exchange.export import escape_formula, format_cell

WIDE = ("＝1", "＋1", "－1", "＠x", "−1", "\u00a0=1", "\ufeff=1")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", *WIDE)


@pytest.mark.parametrize("formula", FORMULAS)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(formula: str) -> None:
    assert format_cell(formula).startswith("'")


@given(some.text())
def test_no_text_at_all_begins_like_a_formula_or_ends_the_line(value: str) -> None:
    written = escape_formula(value)
    assert written.lstrip(" \t\u00a0\u3000\ufeff\u200b")[:1] not in tuple("=+-@＝＋－＠−\t")
    assert "\n" not in written
    assert "\r" not in written


def test_numbers_stay_numbers() -> None:
    assert [format_cell(value) for value in (-3, 0, 12, -2.5, 1 / 3)] == ["-3", "0", "12", "-2.5", "0.333333"]


def test_the_rest_is_written_plainly() -> None:
    at = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
    assert [format_cell(value) for value in (None, True, False, date(2026, 11, 1), at, "a=b")] == [
        "", "true", "false", "2026-11-01", "2026-11-22T09:40:00+00:00", "a=b",
    ]  # fmt: skip
