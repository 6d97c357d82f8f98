"""The trustees' sentences: made of safe texts, and of nothing else."""

import pandas as pd
import pytest

from app.analytics import summary
from app.charts import part_bars
from app.ui.theme import PALETTES
from warehouse.settings import Goal


def rows(*parts: tuple[str, str, float | None, str]) -> pd.DataFrame:
    """part, label, value, text."""
    frame = pd.DataFrame(parts, columns=["part", "label", "value", "value_text"])
    return frame.assign(is_hidden=frame["value"].isna(), n=None, n_text="not shown")


def test_months_are_told_in_their_own_words() -> None:
    frame = rows(
        ("2026-07", "July 2026", 21, "21 of 33"), ("2026-08", "August 2026", None, "fewer than 5"),
        ("unknown", "Could not be read, and left out", None, "fewer than 5"),
    )  # fmt: skip
    said = summary.reading("asked", frame)
    assert said == "Answered within the promise: 21 of 33 in July and fewer than 5 in August."


def test_a_hidden_number_never_becomes_the_commonest() -> None:
    frame = rows(
        ("0-1h", "Within an hour", None, "not shown"), ("1-4h", "1 to 4 hours", 9, "9"), ("none", "No reply", 15, "15")
    )
    assert summary.reading("speed", frame) == "The most common wait was 1 to 4 hours: 9 of the requests."


@pytest.mark.parametrize("chart", ["asked", "speed", "answered_by", "community"])
def test_where_nothing_may_be_said_that_is_said(chart: str) -> None:
    frame = rows(("2026-07 followers", "A", None, "not shown"), ("b", "B", None, "not shown"))
    assert summary.reading(chart, frame) == "Too few to say without pointing at somebody."


def test_followers_are_told_from_the_first_month_known_to_the_last() -> None:
    frame = rows(
        ("2026-07 followers", "Followers at the end of July", None, "not known"),
        ("2026-08 followers", "Followers at the end of August", 404, "404"),
        ("2026-09 followers", "Followers at the end of September", 464, "464"),
        ("2026-09 engagement", "Engagement gained in September", 12, "12"),
    )  # fmt: skip
    said = summary.reading("community", frame)
    assert said == "There were 404 followers at the end of August and 464 followers at the end of September."


def test_followers_and_engagement_do_not_share_a_scale() -> None:
    frame = rows(("2026-09 followers", "F", 464, "464"), ("2026-09 engagement", "E", 12, "12"))
    assert summary.bars("community", frame)["scale"].nunique() == 2


def test_a_chart_that_is_new_has_a_heading_and_no_sentence() -> None:
    assert summary.title("night_cover") == "Night cover"
    assert summary.reading("night_cover", rows()) == ""


def quarter(in_time: tuple[int | None, ...], asked: tuple[int, ...], followers: int | None = 408) -> pd.DataFrame:
    """A quarter as a trustee reads it; None: hidden."""
    months = [
        {"chart": "asked", "part": f"2026-0{7 + place}", "value": value, "n": n, "value_text": f"{value} of {n}"}
        for place, (value, n) in enumerate(zip(in_time, asked, strict=True))
    ]
    others = [
        {"chart": "community", "part": "2026-09 followers", "value": followers, "value_text": f"{followers}"},
        {"chart": "community", "part": "2026-09 engagement", "value": 30, "value_text": "30"},
        {"chart": "flagged", "part": "flagged", "value": None, "value_text": "fewer than 5"},
    ]
    frame = pd.DataFrame([*months, *({**one, "n": None} for one in others)])
    return frame.assign(is_hidden=frame["value"].isna())


def test_a_quarter_stands_beside_the_one_before_as_a_whole() -> None:
    now, then = quarter((20, 20, 20), (25, 25, 30)), quarter((10, 9, 8), (20, 20, 20))
    said = summary.compare_with_before("asked", now[now["chart"] == "asked"], then[then["chart"] == "asked"])
    assert said == ("In the whole quarter 60 of 80 were answered within the promise; in the quarter before, 27 of 60.")


def test_what_is_hidden_in_either_is_not_compared() -> None:
    now, then = quarter((20, 20, 20), (25, 25, 30)), quarter((10, None, 8), (20, 20, 20), None)
    for chart in ("asked", "community", "speed"):
        assert summary.compare_with_before(chart, now[now["chart"] == chart], then[then["chart"] == chart]) == ""
    assert summary.compare_with_before("asked", now[now["chart"] == "asked"], then[:0]) == ""


@pytest.mark.parametrize(("name", "before"), [("2026-Q1", "2025-Q4"), ("2026-Q3", "2026-Q2")])
def test_before_the_first_quarter_comes_the_last_of_the_year_before(name: str, before: str) -> None:
    assert summary.quarter_before(name) == before


@pytest.mark.parametrize(
    ("measure", "target", "said"),
    [
        ("answered_in_time", 75, "75% answered in time: reached, with 75%."),
        ("answered_in_time", 80, "80% answered in time: not yet, 75% so far."),
        ("followers", 500, "500 followers: not yet, 408 so far."),
        ("engagement", 30, "30 likes, boosts, quotes and replies: reached, with 30."),
    ],
)
def test_a_goal_is_told_with_how_far_the_quarter_came(measure: str, target: int, said: str) -> None:
    assert summary.goal_sentences([Goal("g", measure, target)], quarter((20, 20, 20), (25, 25, 30))) == [said]


def test_goals_are_drawn_each_against_its_own_whole() -> None:
    wanted = [Goal("g", "answered_in_time", 80), Goal("g", "followers", 340), Goal("g", "engagement", 60)]
    bars = summary.goal_bars(wanted, quarter((20, None, 20), (25, 25, 30)))
    drawn = part_bars.bar_lengths(bars)
    assert bars["is_hidden"].tolist() == [True, False, False]
    assert drawn["length"].tolist() == pytest.approx([part_bars.STUB, 1, 0.5])  # over the goal the bar is the whole
    assert drawn["track"].fillna(0).tolist() == pytest.approx([0, 340 / 408, 1])
    assert summary.goals_reading(bars) == "Reached in this quarter: 1 of 3 goals."
    assert part_bars.parts(bars, PALETTES["light"]).layout.annotations[0].text.endswith("<b>too few to say</b>")


def test_a_goal_gives_no_hidden_number_away() -> None:
    (said,) = summary.goal_sentences(
        [Goal("g", "answered_in_time", 80, "2026-12-31")], quarter((20, None, 20), (25, 25, 30))
    )
    assert said == "80% answered in time, by 31 December 2026: too few to say."


def test_flagged_replies_are_a_sentence_and_no_chart() -> None:
    frame = quarter((20, 20, 20), (25, 25, 30))
    assert summary.flagged_sentence(frame).endswith("count as no answer: fewer than 5.")
    assert "flagged" not in summary.order_charts(frame["chart"])
    assert summary.flagged_sentence(frame[:3]) == ""
