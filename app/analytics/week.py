"""The sentences of *This week*, the comparison with what is usual, and the tables of its charts. Pure: no screen and no clock."""

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from app.ui.words import format_day, format_duration, format_number, format_signed, t

Colour = Literal["off", "green", "orange"]


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with its name, and how it compares with the usual."""

    measure: str  # the column that defines it
    label: str
    value: str
    note: str
    colour: Colour


def headline(this: pd.Series, promise: str) -> str:
    """The week in one sentence: who asked, how many were answered in time, who waits."""
    asked = t("this_week.headline_asks", count=this.asks_count)
    if not this.asks_count:
        return f"{asked}."
    waits = t("this_week.headline_waiting", count=this.waiting_count)
    if not this.due_count:
        return t("this_week.headline_early", asked=asked, promise=promise, waits=waits)
    kept = t(
        "this_week.headline_kept_of_one" if this.due_count == 1 else "this_week.headline_kept",
        count=this.answered_in_promise_count,
    )
    in_time = t("this_week.headline_in_time", count=this.due_count, promise=promise, kept=kept)
    return t("this_week.headline", asked=asked, in_time=in_time, waits=waits)


def todo(queue: pd.Series, this: pd.Series) -> str:
    """The one most useful thing to do now. By open rules: the first that fits.

    `queue` is a row of shown.queues, `this` one of shown.periods.
    """
    if queue.open_count:
        return t("this_week.todo_waiting", count=queue.open_count, longest=format_duration(queue.oldest_waiting_hours))
    if this.unknown_count:
        return t("this_week.todo_unknown")
    if queue.candidates_count:
        return t("this_week.todo_candidates", count=queue.candidates_count)
    return t("this_week.todo_gap" if this.has_gap else "this_week.todo_thanks")


def compare_with_usual(usual: Any) -> tuple[str, Colour]:
    """A row of shown.usual_ranges → words, and a colour for whether the change is wanted (never for its sign alone)."""
    if usual is None or pd.isna(usual.lowest) or pd.isna(usual.highest):
        return t("this_week.too_early"), "off"
    lowest, highest = (_written(usual.measure, value) for value in (usual.lowest, usual.highest))
    if not usual.is_unusual or pd.isna(usual.value):
        return t(
            "this_week.usual" if lowest != highest else "this_week.usual_same", lowest=lowest, highest=highest
        ), "off"
    is_above = usual.value > usual.highest
    words = t("this_week.above" if is_above else "this_week.below", lowest=lowest, highest=highest)
    if usual.wanted == "none":
        return words, "off"
    return words, "green" if is_above == (usual.wanted == "up") else "orange"


def _written(measure: str, value: float) -> str:
    if measure.endswith("_hours"):
        return format_duration(value)
    return (
        t("this_week.percent", value=format_number(round(value)))
        if measure.endswith(("_share", "_rate"))
        else format_number(round(value))
    )


def asks_table(weeks: pd.DataFrame) -> pd.DataFrame:
    """The chart of asks as words and numbers, newest week first."""
    rows = weeks.iloc[::-1]
    late = rows["due_count"] - rows["answered_in_promise_count"]
    return pd.DataFrame(
        {
            t("chart.week"): [_date(at) for at in rows["week_start_date"]],
            t("this_week.asks"): _whole(rows["asks_count"]),
            t("chart.in_time").capitalize(): _whole(rows["answered_in_promise_count"]),
            t("chart.late").capitalize(): _whole(late),
            t("chart.unknown").capitalize(): _whole(rows["unknown_count"]),
            t("this_week.by_group"): _whole(rows["by_group_count"]),
            t("this_week.by_peer"): _whole(rows["by_peer_count"]),
        }
    )


def engagement_table(days: pd.DataFrame) -> pd.DataFrame:
    """Engagement by day and network, newest first; a gap is said in words."""
    return _day_table(days, t("this_week.engagement"), "engagement_gained", format_signed)


def followers_table(days: pd.DataFrame) -> pd.DataFrame:
    """Followers by day and network, newest first; a day without a reading is said in words."""
    return _day_table(days, t("this_week.followers"), "followers_count", format_number)


def _day_table(days: pd.DataFrame, label: str, column: str, format_value: Any) -> pd.DataFrame:
    rows = days.iloc[::-1]
    return pd.DataFrame(
        {
            t("chart.day"): [_date(at) for at in rows["local_date"]],
            t("chart.network"): [t(f"network.{network}") for network in rows["network"]],
            label: [format_or_unknown(value, format_value, "chart.gap") for value in rows[column]],
        }
    )


def format_or_unknown(value: Any, format_value: Any, otherwise: str = "this_week.not_known") -> str:
    """format_value(value), or the text `otherwise` where the value is null."""
    return t(otherwise) if pd.isna(value) else format_value(value)


def _whole(values: pd.Series) -> list[str]:
    return [format_or_unknown(value, format_number) for value in values]


def _date(at: Any) -> str:
    return format_day(pd.Timestamp(at).to_pydatetime())
