"""Charts of posts, as values."""

import pandas as pd
import pytest

from app.charts.posts import topics
from app.ui.theme import PALETTES

LIGHT = next(iter(PALETTES.values()))


def counted(days: int) -> pd.DataFrame:
    dates = pd.date_range("2026-11-23", periods=days, freq="D")
    return pd.DataFrame({"starts_date": dates, "posts_count": range(1, days + 1)})


@pytest.mark.parametrize("days", [1, 2, 7])
def test_a_bar_is_a_day_wide_however_few_there_are_and_each_day_is_named_once(days: int) -> None:
    figure = topics(counted(days), LIGHT)
    assert 0.5 < figure.data[0].width / 86_400_000 < 1
    shown = figure.layout.xaxis
    first, last = map(pd.Timestamp, shown.range)
    assert last - first == pd.Timedelta(days=7)
    assert first < counted(days)["starts_date"].min()
    assert last > counted(days)["starts_date"].max()
    assert shown.dtick == pd.Timedelta(days=1) / pd.Timedelta(milliseconds=1)


def test_many_days_choose_their_own_ticks() -> None:
    assert topics(counted(30), LIGHT).layout.xaxis.range is None
    assert topics(counted(0), LIGHT).layout.xaxis.range is None
