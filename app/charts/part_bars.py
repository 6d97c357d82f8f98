"""Horizontal bars for parts of a whole, each with its words above it: the trustees' charts, goals, shares of people. Pure."""

from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

from app.charts.frame import empty_figure
from app.ui.theme import Palette

LINE = 44  # signs that fit beside each other above a bar on a phone
STUB = 0.12  # how long a hidden number is drawn, whatever it is


def parts(rows: pd.DataFrame, colours: Palette) -> go.Figure:
    """Horizontal bars for one chart of the trustees' summary, each with its own words; a hidden number is a hatched stub.

    Needs label, value (null: hidden), value_text, is_hidden, in the order of reading; scale (bars with the same share
    one) and track (how long the whole would be; null: not told).
    """
    figure = empty_figure(colours)
    places = list(range(len(rows)))
    bars = bar_lengths(rows)
    texts = [_in_lines(*row) for row in zip(rows["label"], rows["value_text"], strict=True)]
    step = 58 + 18 * max((text.count("<br>") for text in texts), default=0)  # pixels a row, by its longest words
    bar = {"y": places, "orientation": "h", "width": 24 / step, "hoverinfo": "skip", "showlegend": False}
    figure.add_bar(x=bars["track"], marker={"color": colours.band, "line": {"width": 0}}, **bar)
    figure.add_bar(
        x=bars["length"],
        marker={
            "color": [colours.band if hidden else colours.calm for hidden in rows["is_hidden"]],
            "pattern": {
                "shape": ["/" if hidden else "" for hidden in rows["is_hidden"]],
                "fgcolor": colours.grey,
                "size": 5,
                "fillmode": "overlay",
            },
            "line": {"width": 0},
        },
        **bar,
    )
    for place, text in zip(places, texts, strict=True):
        figure.add_annotation(
            x=0, y=place, yshift=12, text=text, showarrow=False, xanchor="left", yanchor="bottom", align="left",
            font={"color": colours.ink, "size": 14},
        )  # fmt: skip
    figure.update_layout(
        barmode="overlay",
        height=max(step * len(rows) + 24, 120),
        xaxis={"visible": False, "range": [0, 1.02]},
        yaxis={"visible": False, "range": [len(rows) - 0.55, 0.45 - 69 / step]},
        margin={"t": 8, "b": 4, "l": 2, "r": 2},
    )
    return figure


def _in_lines(label: str, value: str) -> str:
    *first, last = wrap(label, LINE) or [""]
    return "<br>".join([*first, last + ("  " if len(last) + len(value) < LINE else "<br>") + f"<b>{value}</b>"])


def bar_lengths(rows: pd.DataFrame) -> pd.DataFrame:
    """How long each bar is drawn (`length`) and the whole it is a part of (`track`; null: none), the longest being 1.

    Needs what parts() needs.
    """
    whole = rows[["value", "track"]].astype(float).where(~rows["is_hidden"], rows[["track"]].astype(float))
    longest = whole.max(axis=1).groupby(rows["scale"]).transform("max")
    length = (rows["value"].astype(float) / longest).where(~rows["is_hidden"], STUB)
    return pd.DataFrame({"length": length, "track": rows["track"].astype(float) / longest})
