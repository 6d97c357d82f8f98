"""Heat maps of the week: hours or blocks of hours down, weekdays across, a number in every cell. Pure."""

from collections.abc import Collection
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app.analytics.rota_coverage import format_hour, weekday_name
from app.charts.frame import empty_figure
from app.ui.small_numbers import records
from app.ui.theme import Palette
from app.ui.words import format_number, t

DAYS = range(1, 8)


def request_hours(rows: pd.DataFrame, colours: Palette, *, column: str, covered: Collection[int] = ()) -> go.Figure:
    """How many in each hour of the week. A bar beside an hour says that somebody is down to look then.

    Needs local_weekday (1 to 7), local_hour and `column`; `covered` are hours of the week, from Monday 00:00.
    """
    counts = {(row.local_weekday, row.local_hour): getattr(row, column) for row in records(rows)}
    values = [[counts.get((day, hour)) or None for day in DAYS] for hour in range(24)]
    figure = _grid(values, [[format_number(value) if value else "" for value in line] for line in values], colours)
    places = [(index // 24, index % 24) for index in sorted(covered)]
    if places:
        figure.add_scatter(
            x=[day - 0.46 for day, _ in places],
            y=[hour for _, hour in places],
            mode="markers",
            marker={"symbol": "line-ns", "size": 15, "line": {"width": 4, "color": colours.peer}},
            name=t("hours.covered"),
            showlegend=True,
            hoverinfo="skip",
            cliponaxis=False,
        )
    figure.update_yaxes(tickvals=list(range(0, 24, 2)), ticktext=[format_hour(hour) for hour in range(0, 24, 2)])
    figure.update_layout(height=24 * 19 + 70)
    return figure


def best_times(rows: pd.DataFrame, colours: Palette) -> go.Figure:
    """What half of the posts gained in each four hours of the week, drawn towards the whole; with n; too few is said.

    Needs local_weekday, from_hour, posts_count, shrunk_engagement (null: too few), is_best.
    """
    block_of = {(row.local_weekday, row.from_hour): row for row in records(rows)}
    values: list[list[float | None]] = []
    texts: list[list[str]] = []
    for hour in range(0, 24, 4):
        line = [block_of.get((day, hour)) for day in DAYS]
        values.append(
            [None if block is None or pd.isna(block.shrunk_engagement) else block.shrunk_engagement for block in line]
        )
        texts.append(["" if block is None else _best(block) for block in line])
    figure = _grid(values, texts, colours)
    blocks = list(range(0, 24, 4))
    figure.update_yaxes(
        tickvals=list(range(6)), ticktext=[f"{format_hour(block)}–{format_hour(block + 4)}" for block in blocks]
    )
    figure.update_layout(height=6 * 48 + 60)
    return figure


def _best(block: Any) -> str:
    posts = t("hours.posts_n", count=block.posts_count)
    if pd.isna(block.shrunk_engagement):
        return f"{t('hours.too_few_short')}<br>{posts}"
    mark = "★ " if block.is_best else ""
    return f"{mark}{format_number(round(block.shrunk_engagement, 1))}<br>{posts}"


def mix_colours(colour: str, other_colour: str) -> str:
    """The colour half-way between two."""
    pairs = ((int(colour[at : at + 2], 16), int(other_colour[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{(low + high) // 2:02X}" for low, high in pairs)


def _grid(values: list[list[float | None]], texts: list[list[str]], colours: Palette) -> go.Figure:
    figure = empty_figure(colours)
    figure.add_heatmap(
        z=values,
        x=list(range(7)),
        y=list(range(len(values))),
        text=texts,
        texttemplate="%{text}",
        textfont={"size": 12, "color": colours.ink},
        colorscale=[
            [0, colours.band],
            [1, mix_colours(colours.band, colours.calm)],
        ],  # words stay readable on all of it
        zmin=0,
        showscale=False,
        xgap=2,
        ygap=2,
        hoverinfo="skip",
    )
    names = [weekday_name(day)[:3] for day in DAYS]
    figure.update_layout(
        xaxis={
            "tickvals": list(range(7)), "ticktext": names, "side": "top", "range": [-0.5, 6.5], "showline": False,
            "tickfont": {"color": colours.ink},
        },
        yaxis={"range": [len(values) - 0.5, -0.5], "zeroline": False, "showgrid": False, "ticks": ""},
        hovermode=False,
        margin={"t": 30, "b": 30},
        legend={"y": 0, "yanchor": "top"},
    )  # fmt: skip
    return figure
