"""The group's dates on a chart over time."""

from datetime import date

import pandas as pd

from app.charts import date_markers, part_bars, period_charts
from app.ui.theme import PALETTES
from tests.app.charts.test_period_charts import MONDAY, days, weeks
from warehouse.casebook.dates import DateDraft, DateEntry


def dated(title: str, *days: str) -> list[DateEntry]:
    return [
        DateEntry(1, place, DateDraft("event", title, *[date.fromisoformat(day)] * 2)) for place, day in enumerate(days)
    ]


def test_a_date_is_marked_on_a_chart_over_time_and_on_no_other() -> None:
    meeting = dated("Open <b>day</b>", "2026-11-17")
    figure = period_charts.engagement(days(), PALETTES["light"])
    before = len(figure.layout.shapes)
    assert date_markers.mark_dates(figure, meeting, PALETTES["light"]) == [("1", meeting)]
    assert len(figure.layout.shapes) == before + 1
    assert figure.layout.annotations[-1].text == "1"  # never a title: Plotly would take it for HTML
    other = part_bars.parts(
        pd.DataFrame(
            {"label": ["a"], "value": [1.0], "value_text": ["1"], "is_hidden": [False], "scale": [""], "track": [1.0]}
        ),
        PALETTES["light"],
    )
    assert date_markers.mark_dates(other, meeting, PALETTES["light"]) == []


def test_a_date_outside_of_the_chart_is_not_marked_and_the_last_week_is_whole() -> None:
    figure = period_charts.asks(weeks(), PALETTES["light"])
    dates = dated("a", "2026-11-08") + dated("b", "2026-11-19") + dated("c", "2026-11-23")
    assert [those[0].draft.title for _, those in date_markers.mark_dates(figure, dates, PALETTES["light"])] == ["b"]
    assert figure.layout.annotations[-1].x == MONDAY  # on the bar of its week


def test_what_comes_every_week_shares_one_mark() -> None:
    circle = dated("Circle", "2026-10-29", "2026-11-05", "2026-11-12", "2026-11-19")
    told = date_markers.assign_marks([*circle, *dated("Party", "2026-11-14")])
    assert [(mark, len(those)) for mark, those in told] == [("1", 1), ("◆", 4)]
