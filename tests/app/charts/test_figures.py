"""Figures, from frames as the warehouse gives them."""

from datetime import date, timedelta

import pandas as pd
import pytest

from app.charts import figures
from app.ui.theme import PALETTES, Palette
from warehouse.casebook.dates import Dated, Draft

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
    figure = figures.asks(weeks(), colours)
    bars = [bar.y for bar in figure.data if bar.type == "bar"]
    assert [sum(parts) for parts in zip(*bars, strict=True)] == [8, 5]
    assert figure.data[-1].text == ("8", "5")


def test_late_and_unknown_are_told_apart_without_colour() -> None:
    figure = figures.asks(weeks(), PALETTES["light"])
    shapes = [bar.marker.pattern.shape for bar in figure.data if bar.type == "bar" and any(bar.y)]
    assert len(set(shapes)) >= 3


def test_a_day_without_a_reading_breaks_the_line() -> None:
    line = figures.followers(days(), PALETTES["light"]).data[0]
    assert not line.connectgaps
    assert pd.isna(line.y).tolist() == [False, True, True, False]  # the day that is missing altogether too


def test_a_gap_is_no_bar_of_zero_but_a_marked_place() -> None:
    figure = figures.engagement(days(), PALETTES["light"])
    assert pd.isna(figure.data[0].y[1])
    assert len(figure.layout.shapes) == 1


def test_a_line_carries_its_name_and_last_number() -> None:
    figure = figures.followers(days(), PALETTES["light"])
    assert figure.layout.annotations[0].text == "<b>Mastodon 103</b>"


def test_a_network_has_the_same_colour_on_every_chart_also_alone() -> None:
    rows = pd.DataFrame({"network": ["mastodon", "bluesky"], "label": ["Likes", "Likes"], "gained": [3, 4]})
    both = pd.concat([days(), days().assign(network="bluesky")])
    colours = PALETTES["light"]
    bars = {bar.name: bar.marker.color for bar in figures.kinds(rows, colours).data}
    lines = [line.line.color for line in figures.followers(both, colours).data]
    assert lines == [bars["Bluesky"], bars["Mastodon"]]
    (alone,) = figures.followers(both[both["network"] == "bluesky"], colours).data
    assert alone.line.color == bars["Bluesky"] != bars["Mastodon"]


def test_a_hidden_number_is_a_stub_that_tells_nothing() -> None:
    rows = pd.DataFrame(
        {
            "label": ["a", "b"],
            "value": [40.0, None],
            "value_text": ["40", "fewer than 5"],
            "is_hidden": [False, True],
            "scale": ["one", "one"],
            "track": [None, None],
        }
    )
    figure = figures.parts(rows, PALETTES["dark"])
    other = figures.parts(rows.assign(value=[40.0, 4.0]), PALETTES["dark"])
    assert list(figure.data[1].x) == list(other.data[1].x)  # the same length whatever stands behind it
    assert "fewer than 5" in figure.layout.annotations[1].text


def test_a_number_that_finds_no_room_beside_its_label_stands_below_it() -> None:
    rows = pd.DataFrame(
        {
            "label": ["short", "5,500 likes, boosts, quotes and replies"],
            "value": [40.0, 4912.0],
            "value_text": ["40", "not yet, 4,912 so far"],
            "is_hidden": [False, False],
            "scale": ["0", "1"],
            "track": [None, 5500.0],
        }
    )
    figure = figures.parts(rows, PALETTES["light"])
    assert [note.text for note in figure.layout.annotations] == [
        "short  <b>40</b>",
        "5,500 likes, boosts, quotes and replies<br><b>not yet, 4,912 so far</b>",
    ]
    assert figure.layout.height == figures.parts(rows[:1].loc[[0, 0]], PALETTES["light"]).layout.height + 2 * 18


@BOTH
@pytest.mark.parametrize("name", ["asks", "engagement", "followers", "parts"])
def test_no_rows_draw_an_empty_figure(name: str, colours: Palette) -> None:
    columns = [
        "week_start_date", "asks_count", "due_count", "answered_in_promise_count", "unknown_count", "local_date",
        "network", "followers_count", "engagement_gained", "has_gap", "label", "value", "value_text", "is_hidden",
        "scale", "track",
    ]  # fmt: skip
    assert getattr(figures, name)(pd.DataFrame({column: [] for column in columns}), colours) is not None


def test_a_figure_is_small_enough_to_send_to_a_phone() -> None:
    assert len(figures.asks(weeks(), PALETTES["light"]).to_json()) < 4_000


def dated(title: str, *days: str) -> list[Dated]:
    return [Dated(1, place, Draft("event", title, *[date.fromisoformat(day)] * 2)) for place, day in enumerate(days)]


def test_a_date_is_marked_on_a_chart_over_time_and_on_no_other() -> None:
    meeting = dated("Open <b>day</b>", "2026-11-17")
    figure = figures.engagement(days(), PALETTES["light"])
    before = len(figure.layout.shapes)
    assert figures.mark_dates(figure, meeting, PALETTES["light"]) == [("1", meeting)]
    assert len(figure.layout.shapes) == before + 1
    assert figure.layout.annotations[-1].text == "1"  # never a title: Plotly would take it for HTML
    other = figures.parts(
        pd.DataFrame(
            {"label": ["a"], "value": [1.0], "value_text": ["1"], "is_hidden": [False], "scale": [""], "track": [1.0]}
        ),
        PALETTES["light"],
    )
    assert figures.mark_dates(other, meeting, PALETTES["light"]) == []


def test_a_date_outside_of_the_chart_is_not_marked_and_the_last_week_is_whole() -> None:
    figure = figures.asks(weeks(), PALETTES["light"])
    dates = dated("a", "2026-11-08") + dated("b", "2026-11-19") + dated("c", "2026-11-23")
    assert [those[0].draft.title for _, those in figures.mark_dates(figure, dates, PALETTES["light"])] == ["b"]
    assert figure.layout.annotations[-1].x == MONDAY  # on the bar of its week


def test_what_comes_every_week_shares_one_mark() -> None:
    circle = dated("Circle", "2026-10-29", "2026-11-05", "2026-11-12", "2026-11-19")
    told = figures.assign_marks([*circle, *dated("Party", "2026-11-14")])
    assert [(mark, len(those)) for mark, those in told] == [("1", 1), ("◆", 4)]
