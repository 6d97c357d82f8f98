"""The trustees' sentences: made of safe texts, and of nothing else."""

import pandas as pd
import pytest

from app import summing_up


def rows(*parts: tuple[str, str, float | None, str]) -> pd.DataFrame:
    """part, label, value, text."""
    frame = pd.DataFrame(parts, columns=["part", "label", "value", "value_text"])
    return frame.assign(is_hidden=frame["value"].isna(), n=None, n_text="not shown")


def test_months_are_told_in_their_own_words() -> None:
    frame = rows(
        ("2026-07", "July 2026", 21, "21 of 33"), ("2026-08", "August 2026", None, "fewer than 5"),
        ("unknown", "Could not be read, and left out", None, "fewer than 5"),
    )  # fmt: skip
    said = summing_up.reading("asked", frame)
    assert said == "Answered within the promise: 21 of 33 in July and fewer than 5 in August."


def test_a_hidden_number_never_becomes_the_commonest() -> None:
    frame = rows(
        ("0-1h", "Within an hour", None, "not shown"), ("1-4h", "1 to 4 hours", 9, "9"), ("none", "No reply", 15, "15")
    )
    assert summing_up.reading("speed", frame) == "The most common wait was 1 to 4 hours: 9 of the requests."


@pytest.mark.parametrize("chart", ["asked", "speed", "answered_by", "community"])
def test_where_nothing_may_be_said_that_is_said(chart: str) -> None:
    frame = rows(("2026-07 followers", "A", None, "not shown"), ("b", "B", None, "not shown"))
    assert summing_up.reading(chart, frame) == "Too few to say without pointing at somebody."


def test_followers_are_told_from_the_first_month_known_to_the_last() -> None:
    frame = rows(
        ("2026-07 followers", "Followers at the end of July", None, "not known"),
        ("2026-08 followers", "Followers at the end of August", 404, "404"),
        ("2026-09 followers", "Followers at the end of September", 464, "464"),
        ("2026-09 engagement", "Engagement gained in September", 12, "12"),
    )  # fmt: skip
    said = summing_up.reading("community", frame)
    assert said == "There were 404 followers at the end of August and 464 followers at the end of September."


def test_followers_and_engagement_do_not_share_a_scale() -> None:
    frame = rows(("2026-09 followers", "F", 464, "464"), ("2026-09 engagement", "E", 12, "12"))
    assert summing_up.bars("community", frame)["scale"].nunique() == 2


def test_a_chart_that_is_new_has_a_heading_and_no_sentence() -> None:
    assert summing_up.title("night_cover") == "Night cover"
    assert summing_up.reading("night_cover", rows()) == ""
