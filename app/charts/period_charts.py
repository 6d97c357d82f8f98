"""The charts of *This week*: asks, first replies, engagement, followers. Data frame → Plotly figure. Pure.

Gaps in the data stay gaps in the picture. Words stand beside the marks where there is room,
and a legend above where not.
"""

import pandas as pd
import plotly.graph_objects as go

from app.charts.frame import empty_figure
from app.ui.theme import Palette
from app.ui.words import format_number, t


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
        readings = counts.dropna()
        if len(readings):
            label = f"{t(f'network.{network}')} {format_number(readings.iloc[-1])}"
            _label(figure, readings.index[-1], readings.iloc[-1], label, colour)
    figure.update_layout(yaxis={"nticks": 4, "gridcolor": colours.line, "tickformat": ",d"}, margin={"r": 8, "t": 28})
    return figure


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
    for network, of_network in rows.groupby("network", sort=False):
        place = _place(network)
        figure.add_bar(
            x=of_network["label"],
            y=of_network["gained"],
            name=t(f"network.{network}"),
            text=[format_number(value).replace("-", "−") for value in of_network["gained"]],
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


def _place(network: object) -> int:
    """Each network has its colour, its dash and its pattern on every chart, also where it stands alone."""
    return ("mastodon", "bluesky").index(str(network))


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
