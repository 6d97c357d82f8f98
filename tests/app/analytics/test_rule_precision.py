"""What the page says of the rules."""

from typing import Any

import pandas as pd

from app.analytics import rule_precision
from warehouse.requests.word_lists import word_list

RULE = word_list("en").rules[0]


def rows(*told: dict[str, Any]) -> pd.DataFrame:
    some = {
        "language": "en", "kind": "counted", "subject": "", "judged_count": 40, "right_count": 34, "right_share": 0.85,
        "late_judged_count": 12, "late_right_count": 3, "late_right_share": 0.25, "is_fallen": False,
    }  # fmt: skip
    return pd.DataFrame([{**some, **one} for one in told], columns=list(some))


def test_a_language_is_told_with_its_counts_and_its_share() -> None:
    assert "34 of 40 judged were right (85%)." in str(rule_precision.lines(rows({})))


def test_under_ten_judged_is_too_few_to_say() -> None:
    said = str(rule_precision.lines(rows({"judged_count": 9, "right_share": None})))
    assert "9 judged: too few to say." in said
    assert "%" not in said


def test_nothing_judged_is_nothing_to_tell() -> None:
    assert rule_precision.lines(rows()) is None
    assert rule_precision.table(rows()).empty


def test_a_rule_that_fell_is_named_with_where_it_is_mended() -> None:
    fallen = {"kind": "rule", "subject": RULE.rule_id, "is_fallen": True}
    said = str(rule_precision.lines(rows({}, fallen, {"kind": "rule", "subject": "fine"})))
    assert "Of 12 judged in the last 90 days 3 were right." in said
    assert f"“{RULE.rule_id}” in warehouse/requests/languages/en.toml" in said
    assert "fine" not in said


def test_the_table_names_rules_by_their_reasons_and_survives_unknown_ones() -> None:
    table = rule_precision.table(
        rows(
            {"kind": "rule", "subject": RULE.rule_id},
            {"kind": "rule", "subject": "gone", "language": "xx", "right_share": None},
            {"kind": "support", "subject": "practical", "language": ""},
        )
    )
    assert table.iloc[0, 4] == "85%"
    assert table.iloc[1, 1:].tolist() == ["gone", "40", "34", "too few to say"]
    assert table.iloc[2, :2].tolist() == ["language not known", "They ask for practical help"]
