"""The charts of This week, from frames as the warehouse gives them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from app.charts import part_bars, period_charts
from app.ui.theme import PALETTES, Palette

BOTH = pytest.mark.parametrize("colours", PALETTES.values(), ids=PALETTES)
MONDAY = date(2026, 11, 16)


def weeks() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "week_start_date": pd.to_datetime([MONDAY - timedelta(weeks=1), MONDAY]),
            "asks_count": [8, 5],
            "due_count": [7, 3],
            "answered_in_promise_count": [6, 3],
            "unknown_count": [1, 0],
        }
    )


def days() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "local_date": pd.to_datetime([MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)]),
            "network": ["mastodon"] * 3,
            "followers_count": pd.array([100, None, 103], dtype="Int64"),
            "engagement_gained": pd.array([4, None, -2], dtype="Int64"),
            "has_gap": [False, True, False],
        }
    )


@BOTH
def test_the_parts_of_a_bar_add_up_to_all_who_asked(colours: Palette) -> None:
    figure = period_charts.asks(weeks(), colours)
    bars = [bar.y for bar in figure.data if bar.type == "bar"]
    assert [sum(parts) for parts in zip(*bars, strict=True)] == [8, 5]
    assert figure.data[-1].text == ("8", "5")


def test_late_and_unknown_are_told_apart_without_colour() -> None:
    figure = period_charts.asks(weeks(), PALETTES["light"])
    shapes = [bar.marker.pattern.shape for bar in figure.data if bar.type == "bar" and any(bar.y)]
    assert len(set(shapes)) >= 3


def test_a_day_without_a_reading_breaks_the_line() -> None:
    line = period_charts.followers(days(), PALETTES["light"]).data[0]
    assert not line.connectgaps
    assert pd.isna(line.y).tolist() == [False, True, True, False]  # the day that is missing altogether too


def test_a_gap_is_no_bar_of_zero_but_a_marked_place() -> None:
    figure = period_charts.engagement(days(), PALETTES["light"])
    assert pd.isna(figure.data[0].y[1])
    assert len(figure.layout.shapes) == 1


def test_a_line_carries_its_name_and_last_number() -> None:
    figure = period_charts.followers(days(), PALETTES["light"])
    assert figure.layout.annotations[0].text == "<b>Mastodon 103</b>"


def test_a_network_has_the_same_colour_on_every_chart_also_alone() -> None:
    rows = pd.DataFrame({"network": ["mastodon", "bluesky"], "label": ["Likes", "Likes"], "gained": [3, 4]})
    both = pd.concat([days(), days().assign(network="bluesky")])
    colours = PALETTES["light"]
    bars = {bar.name: bar.marker.color for bar in period_charts.kinds(rows, colours).data}
    lines = [line.line.color for line in period_charts.followers(both, colours).data]
    assert lines == [bars["Bluesky"], bars["Mastodon"]]
    (alone,) = period_charts.followers(both[both["network"] == "bluesky"], colours).data
    assert alone.line.color == bars["Bluesky"] != bars["Mastodon"]


@BOTH
@pytest.mark.parametrize(
    "draw",
    [period_charts.asks, period_charts.engagement, period_charts.followers, part_bars.parts],
    ids=lambda draw: draw.__name__,
)
def test_no_rows_draw_an_empty_figure(draw: Callable[..., Any], colours: Palette) -> None:
    columns = [
        "week_start_date", "asks_count", "due_count", "answered_in_promise_count", "unknown_count", "local_date",
        "network", "followers_count", "engagement_gained", "has_gap", "label", "value", "value_text", "is_hidden",
        "scale", "track",
    ]  # fmt: skip
    assert draw(pd.DataFrame({column: [] for column in columns}), colours) is not None


def test_a_figure_is_small_enough_to_send_to_a_phone() -> None:
    assert len(period_charts.asks(weeks(), PALETTES["light"]).to_json()) < 4_000
