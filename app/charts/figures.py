"""Data frame → plotly figure. Pure: no Streamlit, no clock, no database; colours come from the palette.

Gaps in the data stay gaps in the picture. Words stand beside the marks where there is room,
and a legend above where not.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app.charts.frame import empty_figure
from app.ui.theme import Palette
from app.ui.words import format_number, t
from warehouse.casebook.dates import Dated

REPEATED = "◆"
REPEATS = 3  # what is marked more often than this on one chart shares one mark
LINE = 44  # signs that fit beside each other above a bar on a phone
STUB = 0.12  # how long a hidden number is drawn, whatever it is


def asks(weeks: pd.DataFrame, colours: Palette) -> go.Figure:
    """Stacked bars, one per week: asks answered in time, later or not, not due yet, not readable.

    Needs week_start_date, asks_count, due_count, answered_in_promise_count, unknown_count.
    """
    figure = empty_figure(colours)
    pending = (weeks["asks_count"] - weeks["due_count"] - weeks["unknown_count"]).clip(lower=0)
    late = weeks["due_count"] - weeks["answered_in_promise_count"]
    parts = (
        ("chart.in_time", weeks["answered_in_promise_count"], colours.calm, ""),
        ("chart.late", late, colours.warm, "/"),
        ("chart.not_due", pending, colours.line, ""),
        ("chart.unknown", weeks["unknown_count"], colours.grey, "."),
    )
    for name, counts, colour, pattern in parts:
        if counts.any():
            figure.add_bar(
                x=weeks["week_start_date"],
                y=counts,
                name=t(name),
                marker={
                    "color": colour,
                    "line": {"width": 0},
                    "pattern": {"shape": pattern, "fgcolor": colours.card, "size": 6, "fillmode": "overlay"},
                },
                hovertemplate="%{y} " + t(name) + "<extra></extra>",
            )
    _totals(figure, weeks["week_start_date"], weeks["asks_count"], colours)
    figure.update_layout(barmode="stack", bargap=0.35, yaxis={"visible": False, "rangemode": "tozero"})
    # Ticks stand under the bars: a week is named by its Monday, and left to itself the axis would name Sundays.
    mondays = list(weeks["week_start_date"])[:: -max(1, -(-len(weeks) // 6))]
    figure.update_xaxes(tickmode="array", tickvals=mondays)
    return figure


def engagement(days: pd.DataFrame, colours: Palette) -> go.Figure:
    """Bars of engagement gained per day, all networks together. A day with a gap has no bar but a marked place.

    Needs local_date, engagement_gained, has_gap.
    """
    figure = empty_figure(colours)
    daily = days.groupby("local_date", as_index=False).agg(
        gained=("engagement_gained", lambda values: values.sum(min_count=1)), has_gap=("has_gap", "any")
    )
    figure.add_bar(
        x=daily["local_date"],
        y=daily["gained"],
        marker={"color": colours.calm, "line": {"width": 0}},
        hovertemplate="%{x|%a %d %b}: %{y:+d}<extra></extra>",
        showlegend=False,
    )
    for missing in pd.to_datetime(daily.loc[daily["has_gap"], "local_date"]):
        _mark_gap(figure, missing, colours)
    figure.update_layout(bargap=0.25, yaxis={"rangemode": "tozero", "nticks": 4, "gridcolor": colours.line})
    return figure


def followers(days: pd.DataFrame, colours: Palette) -> go.Figure:
    """One line per network, with its name and last number at its end. Days without a reading break the line.

    Needs local_date, network, followers_count (null: no reading).
    """
    figure = empty_figure(colours)
    dashes = ("solid", "dot")
    for network, rows in days.groupby("network"):
        place = _place(network)
        every_day = pd.date_range(rows["local_date"].min(), rows["local_date"].max())
        by_day = rows.set_index(pd.to_datetime(rows["local_date"]))
        counts = by_day["followers_count"].astype("float").reindex(every_day)
        colour = (colours.calm, colours.peer)[place]
        figure.add_scatter(
            x=every_day,
            y=counts,
            mode="lines",
            line={"color": colour, "width": 2.5, "dash": dashes[place]},
            connectgaps=False,
            hovertemplate="%{x|%d %b}: %{y:,.0f}<extra></extra>",
            showlegend=False,
        )
        known = counts.dropna()
        if len(known):
            label = f"{t(f'network.{network}')} {format_number(known.iloc[-1])}"
            _label(figure, known.index[-1], known.iloc[-1], label, colour)
    figure.update_layout(yaxis={"nticks": 4, "gridcolor": colours.line, "tickformat": ",d"}, margin={"r": 8, "t": 28})
    return figure


def _place(network: object) -> int:
    """Each network has its colour, its dash and its pattern on every chart, also where it stands alone."""
    return ("mastodon", "bluesky").index(str(network))


def replies(rows: pd.DataFrame, colours: Palette) -> go.Figure:
    """Bars: how many requests had their first reply within an hour, four hours …; those without one are striped.

    Needs label, requests_count, is_without, in the order of reading.
    """
    figure = empty_figure(colours)
    figure.add_bar(
        x=rows["label"],
        y=rows["requests_count"],
        text=[format_number(count) for count in rows["requests_count"]],
        textposition="outside",
        textfont={"color": colours.ink, "size": 13},
        cliponaxis=False,
        marker={
            "color": [colours.warm if without else colours.calm for without in rows["is_without"]],
            "line": {"width": 0},
            "pattern": {
                "shape": ["/" if without else "" for without in rows["is_without"]],
                "fgcolor": colours.card,
                "size": 6,
                "fillmode": "overlay",
            },
        },
        hovertemplate="%{x}: %{y}<extra></extra>",
        showlegend=False,
    )
    figure.update_layout(bargap=0.3, yaxis={"visible": False, "rangemode": "tozero"})
    figure.update_xaxes(type="category", tickfont={"size": 12})
    return figure


def kinds(rows: pd.DataFrame, colours: Palette) -> go.Figure:
    """Bars side by side for each kind of engagement, one colour and pattern for each network.

    Needs network, label, gained.
    """
    figure = empty_figure(colours)
    for network, found in rows.groupby("network", sort=False):
        place = _place(network)
        figure.add_bar(
            x=found["label"],
            y=found["gained"],
            name=t(f"network.{network}"),
            text=[format_number(value).replace("-", "−") for value in found["gained"]],
            textposition="outside",
            textfont={"color": colours.ink, "size": 13},
            cliponaxis=False,
            marker={
                "color": (colours.calm, colours.peer)[place],
                "line": {"width": 0},
                "pattern": {
                    "shape": ("", "\\")[place], "fgcolor": colours.card, "size": 6, "fillmode": "overlay"
                },
            },
            hovertemplate="%{x}: %{y:+d}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="group", bargap=0.3, yaxis={"visible": False, "rangemode": "tozero"})
    figure.update_xaxes(type="category")
    return figure


def parts(rows: pd.DataFrame, colours: Palette) -> go.Figure:
    """Lying bars for one chart of the trustees' summary, each with its own words; a hidden number is a hatched stub.

    Needs label, value (null: hidden), value_text, is_hidden, in the order of reading; scale (bars with the same share
    one) and track (how long the whole would be; null: not told).
    """
    figure = empty_figure(colours)
    places = list(range(len(rows)))
    drawn = bar_lengths(rows)
    told = [_in_lines(*row) for row in zip(rows["label"], rows["value_text"], strict=True)]
    step = 58 + 18 * max((text.count("<br>") for text in told), default=0)  # pixels a row, by its longest words
    bar = {"y": places, "orientation": "h", "width": 24 / step, "hoverinfo": "skip", "showlegend": False}
    figure.add_bar(x=drawn["track"], marker={"color": colours.band, "line": {"width": 0}}, **bar)
    figure.add_bar(
        x=drawn["length"],
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
    for place, text in zip(places, told, strict=True):
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
    """How long each lying bar is drawn (`length`) and the whole it is a part of (`track`; null: none), the longest being 1.

    Needs what parts() needs.
    """
    whole = rows[["value", "track"]].astype(float).where(~rows["is_hidden"], rows[["track"]].astype(float))
    longest = whole.max(axis=1).groupby(rows["scale"]).transform("max")
    length = (rows["value"].astype(float) / longest).where(~rows["is_hidden"], STUB)
    return pd.DataFrame({"length": length, "track": rows["track"].astype(float) / longest})


def mark_dates(figure: go.Figure, dates: Sequence[Dated], colours: Palette) -> list[tuple[str, list[Dated]]]:
    """Marks the group's dates on a figure over time, and says which mark stands for what; on any other it does nothing.

    Each has a number of its own; what came more than REPEATS times, such as a weekly meeting, shares one.
    A chart by the week has the mark on the week.
    """
    days = sorted({day for trace in figure.data for day in _days(trace.x)})
    if not days:
        return []
    step = min((later - earlier for earlier, later in pairwise(days)), default=timedelta(days=1))
    inside = [one for one in dates if days[0] <= one.draft.first < days[-1] + max(step, timedelta(days=1))]
    told = assign_marks(inside)
    for mark, those in told:
        for one in those:
            at = max(day for day in days if day <= one.draft.first) if step >= timedelta(days=7) else one.draft.first
            figure.add_vline(x=at, line={"color": colours.quiet, "width": 1, "dash": "dot"}, layer="below")
            figure.add_annotation(
                x=at, y=0, yref="paper", yanchor="bottom", text=mark, showarrow=False,
                font={"color": colours.ink, "size": 12}, bgcolor=colours.card, borderpad=1,
            )  # fmt: skip
    return told


def assign_marks(dates: Sequence[Dated]) -> list[tuple[str, list[Dated]]]:
    """Which mark each of some dates has: a number, or REPEATED for what came more than REPEATS times."""
    by_title: dict[str, list[Dated]] = {}
    for one in dates:
        by_title.setdefault(one.draft.title, []).append(one)
    single = [one for one in dates if len(by_title[one.draft.title]) <= REPEATS]
    told = [(str(number), [one]) for number, one in enumerate(single, 1)]
    return told + [(REPEATED, those) for those in by_title.values() if len(those) > REPEATS]


def _days(values: Any) -> list[date]:
    """The days on an axis; none where it is no axis of time."""
    if values is None:
        return []
    listed = list(values)
    first = listed[0] if listed else None
    if not isinstance(first, date) and getattr(getattr(first, "dtype", None), "kind", "") != "M":
        return []
    return [at.date() for at in pd.to_datetime(listed)]


def _totals(figure: go.Figure, places: pd.Series, totals: pd.Series, colours: Palette) -> None:
    """The whole number on top of each stacked bar."""
    figure.add_scatter(
        x=places,
        y=totals,
        mode="text",
        text=[format_number(total) if total else "" for total in totals],
        textposition="top center",
        textfont={"color": colours.ink, "size": 13},
        showlegend=False,
        hoverinfo="skip",
        cliponaxis=False,
    )


def _mark_gap(figure: go.Figure, day: pd.Timestamp, colours: Palette) -> None:
    half = pd.Timedelta(hours=12)
    figure.add_vrect(x0=day - half, x1=day + half, fillcolor=colours.grey, opacity=0.18, line_width=0, layer="below")


def _label(figure: go.Figure, at: pd.Timestamp, height: float, text: str, colour: str) -> None:
    figure.add_annotation(
        x=at, y=height, text=f"<b>{text}</b>", showarrow=False, xanchor="right", yanchor="bottom", yshift=5,
        font={"color": colour, "size": 13},
    )  # fmt: skip
