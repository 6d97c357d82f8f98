"""The group's dates in words: the line under a chart, the list, what a calendar file holds. Reads the casebook; draws nothing."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import pandas as pd

from app.data.readers import casebook_for
from app.ui.markup import Html, escape_markdown, join_html, tag
from app.ui.words import format_day, t
from warehouse.casebook import dates
from warehouse.casebook.dates import DateDraft, DateEntry
from warehouse.casebook.ics import IcsProblem


def dates_of_group(group_id: str) -> list[DateEntry]:
    """What stands in the group's book of dates. Raises CasebookError."""
    return dates.load_dates(casebook_for([group_id]), group_id)


def marks_line(marks: Sequence[tuple[str, list[DateEntry]]], now: datetime) -> Html:
    """What the marks on a chart stand for. Titles are somebody's words: escaped, as everywhere."""
    items = (tag("li", tag("strong", mark), _mark(entries, now)) for mark, entries in marks)
    return join_html(tag("p", t("dates.marked"), cls="small"), tag("ul", *items, cls="chips"))


def _mark(entries: list[DateEntry], now: datetime) -> str:
    title = entries[0].draft.title
    if len(entries) > 1:
        return t("dates.mark_many", title=title, count=len(entries))
    return t("dates.mark", when=format_when(entries[0].draft, now), title=title)


def format_when(draft: DateDraft, now: datetime) -> str:
    """'12 November', '12 November 19:00', '8 June to 14 June'."""
    first = _day(draft.first, now)
    if draft.last > draft.first and not draft.clock:
        return t("rota.away", first=first, last=_day(draft.last, now))
    return f"{first} {draft.clock}".strip()


def _day(on: date, now: datetime) -> str:
    return format_day(datetime.combine(on, time(), UTC), now)


def draft_table(drafts: Sequence[DateDraft], known: Sequence[DateEntry], now: datetime) -> pd.DataFrame:
    """What a file would add, and what of it stands there already."""
    return pd.DataFrame(
        [
            (
                format_when(draft, now),
                escape_markdown(draft.title),
                t("dates.there" if is_known(draft, known) else "dates.is_new"),
            )
            for draft in drafts
        ],
        columns=[t("rota.when"), t("rota.what"), t("dates.state")],
    )


def is_known(draft: DateDraft, known: Sequence[DateEntry]) -> bool:
    """Does it stand in the book already?"""
    return any(draft.is_like(one.draft) for one in known)


def problem_table(problems: Sequence[IcsProblem]) -> pd.DataFrame:
    """What is wrong with a file, line by line."""
    return pd.DataFrame(
        [(str(one.line), escape_markdown(t(f"dates_wrong.{one.why}", about=one.about))) for one in problems],
        columns=[t("dates.line"), t("dates.wrong")],
    )
