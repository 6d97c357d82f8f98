"""The week as a grid, and posts side by side: from frames as the warehouse gives them."""

import pandas as pd
import pytest

from app.charts import hours, posts
from app.ui.theme import PALETTES, Palette
from tests.app.ui.test_theme import contrast

BOTH = pytest.mark.parametrize("colours", PALETTES.values(), ids=PALETTES)


def test_every_hour_says_its_number_and_nothing_where_nobody_asked() -> None:
    rows = pd.DataFrame({"local_weekday": [2, 7], "local_hour": [23, 0], "requests_count": [4, 1]})
    figure = hours.request_hours(rows, PALETTES["light"], column="requests_count", covered=[24 + 23])
    grid, looked = figure.data
    assert (grid.z[23][1], grid.text[23][1]) == (4, "4")
    assert (grid.z[0][6], grid.z[0][0], grid.text[0][0]) == (1, None, "")
    assert (list(looked.x), list(looked.y)) == ([0.54], [23])  # Tuesday 23:00, at the left side of its cell


def test_too_few_posts_are_said_in_the_cell_and_the_best_has_a_mark() -> None:
    rows = pd.DataFrame(
        {
            "local_weekday": [1, 2],
            "from_hour": [16, 8],
            "posts_count": [6, 2],
            "shrunk_engagement": [12.25, None],
            "is_best": [True, False],
        }
    )
    figure = hours.best_times(rows, PALETTES["light"])
    assert figure.data[0].text[4][0] == "★ 12.2<br>n = 6"
    assert (figure.data[0].text[2][1], figure.data[0].z[2][1]) == ("too few<br>n = 2", None)


def test_a_kind_with_too_few_posts_has_no_dot_but_its_words() -> None:
    rows = pd.DataFrame(
        {
            "label": ["Words alone", "Poll"],
            "posts_count": [9, 2],
            "median_engagement": [5.0, None],
            "lower_engagement": [3.0, None],
            "upper_engagement": [8.0, None],
        }
    )
    figure = posts.ranges(rows, PALETTES["dark"])
    assert [list(one.x) for one in figure.data] == [[3, 8], [5]]
    assert figure.layout.annotations[1].text == "Poll  <b>too few to say</b>  n = 2"


@BOTH
def test_no_rows_draw_an_empty_grid(colours: Palette) -> None:
    empty = pd.DataFrame(
        {name: [] for name in ("local_weekday", "local_hour", "from_hour", "n", "starts_date", "posts_count")}
    )
    assert hours.request_hours(empty, colours, column="n")
    assert hours.best_times(empty, colours)
    assert posts.topics(empty, colours)
    assert posts.ranges(empty, colours)


@BOTH
def test_the_numbers_can_be_read_on_the_palest_and_the_strongest_cell(colours: Palette) -> None:
    for ground in (colours.band, hours.mix_colours(colours.band, colours.calm)):
        assert contrast(colours.ink, ground) >= 4.5
