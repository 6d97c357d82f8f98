"""Bars for parts of a whole."""

import pandas as pd

from app.charts import part_bars
from app.ui.theme import PALETTES


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
    figure = part_bars.parts(rows, PALETTES["dark"])
    other = part_bars.parts(rows.assign(value=[40.0, 4.0]), PALETTES["dark"])
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
    figure = part_bars.parts(rows, PALETTES["light"])
    assert [note.text for note in figure.layout.annotations] == [
        "short  <b>40</b>",
        "5,500 likes, boosts, quotes and replies<br><b>not yet, 4,912 so far</b>",
    ]
    assert figure.layout.height == part_bars.parts(rows[:1].loc[[0, 0]], PALETTES["light"]).layout.height + 2 * 18
