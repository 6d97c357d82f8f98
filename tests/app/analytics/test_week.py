"""Numbers as sentences."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from app.analytics.week import compare_with_usual, followers_table, headline, todo

WEEK = {
    "asks_count": 7, "due_count": 5, "answered_in_promise_count": 4, "unknown_count": 0, "waiting_count": 3,
    "has_gap": False, "engagement_gained": 31, "followers_end": 408, "followers_gained": -2, "open_count": 3,
    "oldest_waiting_hours": 34.2, "candidates_count": 0,
}  # fmt: skip


def week(**changed: Any) -> pd.Series:
    return pd.Series({**WEEK, **changed})


def usual(**changed: Any) -> SimpleNamespace:
    facts = {"measure": "x_count", "lowest": 2.0, "highest": 6.0, "value": 7.0, "is_unusual": True, "wanted": "up"}
    return SimpleNamespace(**{**facts, **changed})


def test_the_week_is_one_sentence() -> None:
    said = (
        "7 requests came in. Of the 5 that are older than 24 hours, 4 were answered in time, and 3 are still waiting."
    )
    assert headline(week(), "24 hours") == said


@pytest.mark.parametrize(
    ("due", "kept", "said"),
    [
        (1, 1, "The one that is older than 24 hours was answered in time, and 3"),
        (1, 0, "The one that is older than 24 hours was not answered in time, and 3"),
        (5, 1, "Of the 5 that are older than 24 hours, one was answered in time, and 3"),
        (5, 0, "Of the 5 that are older than 24 hours, none was answered in time, and 3"),
    ],
)
def test_the_sentence_is_right_for_one_and_for_none(due: int, kept: int, said: str) -> None:
    assert said in headline(week(due_count=due, answered_in_promise_count=kept), "24 hours")


def test_a_week_in_which_nobody_asked_says_so_and_no_more() -> None:
    assert headline(week(asks_count=0, due_count=0, waiting_count=0), "24 hours") == "Nobody asked for anything."


def test_a_week_with_nothing_due_makes_no_zero_of_it() -> None:
    said = headline(week(asks_count=1, due_count=0, waiting_count=1), "24 hours")
    assert said == "One request came in. None is older than 24 hours yet, and one is still waiting."


@pytest.mark.parametrize(
    ("facts", "starts"),
    [
        ({"open_count": 1}, "One request is in the queue and has waited 34 hours."),
        ({"open_count": 0, "unknown_count": 2}, "Some threads could not be read whole."),
        ({"open_count": 0, "candidates_count": 2, "has_gap": True}, "2 posts might be requests."),
        ({"open_count": 0, "has_gap": True}, "Something was not collected"),
        ({"open_count": 0}, "Nobody is waiting."),
    ],
)
def test_the_one_thing_to_do_is_the_most_useful_one(facts: dict[str, Any], starts: str) -> None:
    assert todo(week(**facts), week(**facts)).startswith(starts)


@pytest.mark.parametrize(
    ("facts", "words", "colour"),
    [
        ({}, "above the usual 2 to 6", "green"),
        ({"wanted": "down"}, "above the usual 2 to 6", "orange"),
        ({"wanted": "none"}, "above the usual 2 to 6", "off"),
        ({"value": 1.0}, "below the usual 2 to 6", "orange"),
        ({"is_unusual": False}, "usual 2 to 6", "off"),
        ({"is_unusual": False, "lowest": 0.0, "highest": 0.0}, "usual 0", "off"),
        ({"lowest": None, "highest": None, "is_unusual": False}, "too early to say what is usual", "off"),
        ({"measure": "a_share", "is_unusual": False}, "usual 2% to 6%", "off"),
        ({"measure": "median_hours", "is_unusual": False}, "usual 2 hours to 6 hours", "off"),
    ],
)
def test_the_usual_is_coloured_by_what_is_wanted_not_by_its_sign(
    facts: dict[str, Any], words: str, colour: str
) -> None:
    assert compare_with_usual(usual(**facts)) == (words, colour)


def test_a_gap_is_a_word_in_the_table() -> None:
    days = pd.DataFrame({"local_date": [pd.Timestamp(2026, 11, 16)], "network": ["bluesky"], "followers_count": [None]})
    assert followers_table(days).iloc[0].tolist() == ["16 November", "Bluesky", "not read"]
