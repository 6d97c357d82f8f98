"""The group's dates as numbered vertical lines on a chart over time. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app.ui.theme import Palette
from warehouse.casebook.dates import DateEntry

REPEATED = "◆"
REPEATS = 3  # what is marked more often than this on one chart shares one mark


def mark_dates(figure: go.Figure, dates: Sequence[DateEntry], colours: Palette) -> list[tuple[str, list[DateEntry]]]:
    """Marks the group's dates on a figure over time, and says which mark stands for what; on any other it does nothing.

    Each has a number of its own; what came more than REPEATS times, such as a weekly meeting, shares one.
    A chart by the week has the mark on the week.
    """
    days = sorted({day for trace in figure.data for day in _days(trace.x)})
    if not days:
        return []
    step = min((later - earlier for earlier, later in pairwise(days)), default=timedelta(days=1))
    inside = [dated for dated in dates if days[0] <= dated.draft.first < days[-1] + max(step, timedelta(days=1))]
    marks = assign_marks(inside)
    for mark, marked in marks:
        for dated in marked:
            at = (
                max(day for day in days if day <= dated.draft.first) if step >= timedelta(days=7) else dated.draft.first
            )
            figure.add_vline(x=at, line={"color": colours.quiet, "width": 1, "dash": "dot"}, layer="below")
            figure.add_annotation(
                x=at, y=0, yref="paper", yanchor="bottom", text=mark, showarrow=False,
                font={"color": colours.ink, "size": 12}, bgcolor=colours.card, borderpad=1,
            )  # fmt: skip
    return marks


def assign_marks(dates: Sequence[DateEntry]) -> list[tuple[str, list[DateEntry]]]:
    """Which mark each of some dates has: a number, or REPEATED for what came more than REPEATS times."""
    by_title: dict[str, list[DateEntry]] = {}
    for dated in dates:
        by_title.setdefault(dated.draft.title, []).append(dated)
    single = [dated for dated in dates if len(by_title[dated.draft.title]) <= REPEATS]
    marks = [(str(number), [dated]) for number, dated in enumerate(single, 1)]
    return marks + [(REPEATED, repeats) for repeats in by_title.values() if len(repeats) > REPEATS]


def _days(values: Any) -> list[date]:
    """The days on an axis; none where it is no axis of time."""
    if values is None:
        return []
    places = list(values)
    first = places[0] if places else None
    if not isinstance(first, date) and getattr(getattr(first, "dtype", None), "kind", "") != "M":
        return []
    return [at.date() for at in pd.to_datetime(places)]
