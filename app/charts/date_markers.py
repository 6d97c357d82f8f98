"""The group's dates as numbered vertical lines on a chart over time. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from app.ui.theme import Palette
from warehouse.casebook.dates import Dated

REPEATED = "◆"
REPEATS = 3  # what is marked more often than this on one chart shares one mark


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
