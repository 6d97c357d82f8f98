"""The content of a report on a quarter, chart by chart, from the rows of shown.summary. Pure.

The same sentences, bars and tables as on the page *Summary*, from the same functions: a number in the report is the number
on the page. It is given what a trustee's reader gives and nothing else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from app.analytics import summary
from app.charts.part_bars import bar_lengths
from app.ui.words import as_sentence, format_day, format_duration, format_quarter, t
from warehouse.settings import Goal
from warehouse.transform.definitions import definitions

_MODEL = "shown.summary"
GOALS = "goals"  # the card of what the group set out to reach


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: its words, and how long it and the whole it is a part of are, from 0 to 1."""

    label: str
    value: str
    length: float
    track: float
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One chart with its title, its one sentence, what is counted and its numbers in words."""

    name: str
    title: str
    reading: str
    beside: str  # how it compares with the quarter before; '' where that is not told
    meaning: str
    bars: tuple[Bar, ...]

    @property
    def alt(self) -> str:
        """The chart for somebody who does not see it."""
        bars = "; ".join(f"{bar.label}: {bar.value}" for bar in self.bars)
        return t("report.alt", title=self.title, told=bars)


@dataclass(frozen=True, slots=True)
class Report:
    """A quarter of a group, ready to be set in type."""

    group: str
    quarter: str  # 2026-Q3
    period: str  # July to September 2026
    language: str
    lead: str
    notes: tuple[str, ...]
    cards: tuple[Card, ...]
    goals: tuple[str, ...]  # each in a sentence, with how far the quarter came: as the last card draws it
    flagged: str  # how many replies were called misleading or hostile; '' where that is not told
    cannot_show: str
    made: str
    is_sample: bool = False


def closed_quarters(rows: pd.DataFrame) -> list[str]:
    """The quarters that are written down, newest first. `rows`: queries.summary.quarters()."""
    return sorted(set(rows["quarter"]), reverse=True)


def build_report(
    rows: pd.DataFrame,
    group: str,
    chosen: str,
    made_at: datetime,
    *,
    goals: Iterable[Goal] = (),
    is_sample: bool = False,
) -> Report:
    """What there is to say about one closed quarter. `rows`: all of queries.summary.quarters(); `goals`: the group's."""
    before = rows[rows["quarter"] == summary.quarter_before(chosen)]
    rows = rows[rows["quarter"] == chosen]
    wanted = tuple(goals)
    first = rows.iloc[0]
    notes = [t("report.promise", duration=format_duration(int(first.promise_hours))), t("summary.private")]
    if first.is_partial:
        notes.insert(0, t("report.partial", date=format_day(pd.Timestamp(first.from_date).to_pydatetime())))
    return Report(
        group=group,
        quarter=chosen,
        period=format_quarter(chosen),
        language="en-GB",
        lead=t("report.lead", group=group),
        notes=tuple(notes),
        cards=(
            *(
                build_card(name, rows[rows["chart"] == name], before[before["chart"] == name])
                for name in summary.order_charts(rows["chart"])
            ),
            *_goals(summary.goal_bars(wanted, rows)),
        ),
        goals=tuple(summary.goal_sentences(wanted, rows)),
        flagged=summary.flagged_sentence(rows),
        cannot_show=as_sentence(definitions()[_MODEL].cannot_show),
        made=t("report.made", date=format_day(made_at, None) + f" {made_at.year}"),
        is_sample=is_sample,
    )


def build_card(name: str, rows: pd.DataFrame, before: pd.DataFrame) -> Card:
    """One chart. `rows`: of one quarter and one chart, in the order of reading; `before`: the same of the quarter before."""
    measure = definitions()[_MODEL].measures.get(name, "")
    return Card(
        name=name,
        title=summary.title(name),
        reading=summary.reading(name, rows),
        beside=summary.compare_with_before(name, rows, before),
        meaning=as_sentence(measure) if measure else "",
        bars=tuple(_bars(summary.bars(name, rows))),
    )


def _goals(bars: pd.DataFrame) -> Iterator[Card]:
    if not bars.empty:
        reading, about = summary.goals_reading(bars), t("goal.about")
        yield Card(GOALS, t("goal.title"), reading, "", about, tuple(_bars(bars)))


def _bars(rows: pd.DataFrame) -> Iterator[Bar]:
    row: Any
    for row in rows.assign(**bar_lengths(rows)).itertuples():
        length, track = (0.0 if pd.isna(value) else float(value) for value in (row.length, row.track))
        yield Bar(str(row.label), str(row.value_text), length, track, bool(row.is_hidden))
