"""A chart's own button."""

from datetime import UTC, datetime

import plotly.graph_objects as go

from app.charts import frame, period_charts
from app.charts.frame import empty_figure
from app.ui.theme import DARK, LIGHT
from tests.app.charts.test_period_charts import weeks

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_picture_has_a_ground_of_its_own_so_that_dark_letters_never_stand_on_nothing() -> None:
    for colours in (LIGHT, DARK):
        figure = frame.prepare_for_page(empty_figure(colours), colours, colours.card)
        assert figure.layout.paper_bgcolor == colours.card


def test_the_button_is_the_only_one_and_says_in_our_words_what_it_does() -> None:
    shown = frame.plotly_config(go.Figure(layout={"height": 280}), "riverside", "Who asked", NOW)
    assert shown["modeBarButtons"] == [["toImage"]]
    assert not shown["displaylogo"]  # it leads to another host
    assert shown["locales"]["own"]["dictionary"] == {"Download plot as a PNG": "Save this chart as a picture (PNG)"}
    options = shown["toImageButtonOptions"]
    assert (options["format"], options["height"], options["scale"]) == ("png", 280, 2)


def test_a_pictures_file_has_a_name_that_every_computer_takes() -> None:
    assert (
        frame.file_name("riverside", "Asks, week by week – “café”", NOW)
        == "riverside-asks-week-by-week-cafe-2026-11-23"
    )
    assert frame.file_name("g", "../../etc " * 40, NOW).count(".") == 0
    assert len(frame.file_name("g", "word " * 100, NOW)) < 80


def test_no_name_in_a_legend_is_cut_where_letters_are_wider() -> None:
    figure = frame.prepare_for_page(period_charts.asks(weeks(), LIGHT), LIGHT, LIGHT.paper)
    longest = max(len(bar.name) for bar in figure.data if bar.name)
    assert figure.layout.legend.entrywidth >= 8 * longest


def test_the_button_lies_on_no_name_of_a_day() -> None:
    for side, more in (("top", 26), ("bottom", 0)):
        figure = empty_figure(LIGHT)
        figure.update_xaxes(side=side)
        height, top = figure.layout.height, figure.layout.margin.t
        frame.prepare_for_page(figure, LIGHT, LIGHT.paper)
        assert (figure.layout.height - height, figure.layout.margin.t - top) == (more, more)
