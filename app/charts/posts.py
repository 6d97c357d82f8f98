"""The charts of *What works*: median and middle half of what posts gained, by kind; posts seen with a topic tag. Pure."""

import pandas as pd
import plotly.graph_objects as go

from app.charts.frame import empty_figure
from app.ui.small_numbers import records
from app.ui.theme import Palette
from app.ui.words import format_number, t

_ROW = 58  # pixels


def ranges(rows: pd.DataFrame, colours: Palette) -> go.Figure:
    """One line per kind: the dot is the median, the line the middle half. Too few posts: no dot, and it is said.

    Needs label, posts_count, median_engagement, lower_engagement, upper_engagement (null: too few).
    """
    figure = empty_figure(colours)
    for place, row in enumerate(records(rows)):
        is_known = not pd.isna(row.median_engagement)
        if is_known:
            figure.add_scatter(
                x=[row.lower_engagement, row.upper_engagement], y=[place, place], mode="lines",
                line={"color": colours.calm, "width": 7}, opacity=0.4, showlegend=False, hoverinfo="skip",
            )  # fmt: skip
            figure.add_scatter(
                x=[row.median_engagement], y=[place], mode="markers", showlegend=False, hoverinfo="skip",
                marker={"color": colours.calm, "size": 13, "line": {"color": colours.card, "width": 2}},
            )  # fmt: skip
        median = format_number(round(row.median_engagement, 1)) if is_known else t("works.too_few")
        figure.add_annotation(
            x=0, xref="paper", y=place, yshift=20, showarrow=False, xanchor="left",
            text=f"{row.label}  <b>{median}</b>  {t('hours.posts_n', count=row.posts_count)}",
            font={"color": colours.ink, "size": 14},
        )  # fmt: skip
    figure.update_layout(
        height=max(_ROW * len(rows) + 40, 120),
        hovermode=False,
        xaxis={"tickformat": ",d", "nticks": 5, "rangemode": "tozero", "showgrid": True, "gridcolor": colours.line},
        yaxis={"visible": False, "range": [len(rows) - 0.55, -0.75]},
        margin={"t": 8, "b": 28, "l": 2, "r": 8},
    )
    return figure


_WEEK, _DAY_MS = pd.Timedelta(days=7), 86_400_000


def topics(rows: pd.DataFrame, colours: Palette) -> go.Figure:
    """Bars: posts seen with a tag, by day or by week. Needs starts_date, posts_count."""
    figure = empty_figure(colours)
    figure.add_bar(
        x=rows["starts_date"],
        y=rows["posts_count"],
        marker={"color": colours.peer, "line": {"width": 0}},
        hovertemplate="%{x|%-d %b}: %{y:,d}<extra></extra>",
        showlegend=False,
    )
    if len(rows) and rows["starts_date"].max() - rows["starts_date"].min() < _WEEK:
        # a bar is a day wide, however few there are, and each day is named once
        last = rows["starts_date"].max() + pd.Timedelta(hours=12)
        figure.update_xaxes(range=[last - _WEEK, last], dtick=_DAY_MS)
        figure.update_traces(width=0.75 * _DAY_MS)
    figure.update_layout(
        bargap=0.25, height=220, margin={"t": 16},
        yaxis={"rangemode": "tozero", "nticks": 4, "gridcolor": colours.line, "tickformat": ",d"},
    )  # fmt: skip
    return figure
