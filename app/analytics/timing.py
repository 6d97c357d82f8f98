"""The sentences and tables of *When people reach out*: hours, nights, best times to post. Pure: no screen and no clock."""

from typing import Any

import pandas as pd

from app.analytics.rota_coverage import format_hour, weekday_name
from app.ui.markup import Html, tag
from app.ui.small_numbers import format_likely_range, is_known, records
from app.ui.words import format_duration, format_number, t

ENOUGH = 5  # fewer say nothing


def lead(parts: pd.DataFrame, promise: str) -> str:
    """How many came, how many of them at night, and who was answered. `parts`: rows of level 'part'."""
    by_part = {("night" if row.from_hour == 21 else "day"): row for row in records(parts)}
    total = int(parts["requests_count"].sum())
    if not total:
        return t("hours.lead_none")
    night = by_part.get("night")
    came = t("hours.lead", count=total, night=format_number(night.requests_count if night else 0))
    sentences = [_kept(name, by_part[name], promise) for name in ("night", "day") if name in by_part]
    return " ".join([came, *filter(None, sentences)])


def _kept(name: str, row: Any, promise: str) -> str:
    due = row.due_count
    if due < ENOUGH:
        return ""
    return t(f"hours.kept_{name}", x=format_number(row.answered_in_promise_count), count=due, promise=promise)


def hours_title(cells: pd.DataFrame) -> str:
    """When most requests come, where that can be said: the fullest four hours of the week."""
    if cells.empty or cells["requests_count"].max() < ENOUGH:
        return t("hours.title_few")
    top = cells.iloc[cells["requests_count"].argmax()]
    if (cells["requests_count"] == top.requests_count).sum() > 1:
        return t("hours.title_even")
    end = format_hour(top.from_hour + 4)
    return t(
        "hours.title",
        day=weekday_name(top.weekday),
        start=format_hour(top.from_hour),
        end=end,
        n=format_number(top.requests_count),
    )


def hours_table(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Counts by hour (down) and weekday (across); hours without any are left out."""
    counts = {(row.local_weekday, row.local_hour): getattr(row, column) for row in records(rows)}
    busy_hours = [hour for hour in range(24) if any(counts.get((day, hour)) for day in range(1, 8))]
    columns = {
        weekday_name(day): [format_number(counts.get((day, hour), 0)) for hour in busy_hours] for day in range(1, 8)
    }
    return pd.DataFrame({t("hours.hour"): [format_hour(hour) for hour in busy_hours], **columns})


def cover_week(cells: pd.DataFrame) -> Html:
    """The week in blocks of four hours: how many came, how many of those due were answered in time, the median wait."""
    cell_of = {(row.weekday, row.from_hour): row for row in records(cells)}
    blocks = range(0, 24, 4)
    head = (tag("th", f"{format_hour(start)}–{format_hour(start + 4)}", scope="col") for start in blocks)
    lines = [
        tag(
            "tr",
            tag("th", weekday_name(day), scope="row"),
            *(_cell(cell_of.get((day, start)), f"{format_hour(start)}–{format_hour(start + 4)}") for start in blocks),
        )
        for day in range(1, 8)
    ]
    return tag("table", tag("thead", tag("tr", tag("td"), *head)), tag("tbody", *lines), cls="week")


def _cell(row: Any, label: str) -> Html:
    inside = [tag("span", label, cls="hours", aria_hidden="true")]
    if row is None:
        return tag("td", *inside, tag("span", t("hours.none"), cls="nobody"))
    inside.append(tag("span", t("rota.asked", count=row.requests_count), cls="asked"))
    inside += [tag("span", words, cls="looks") for words in _cover_lines(row)]
    return tag("td", *inside, cls="covered")


def _cover_lines(row: Any) -> list[str]:
    due, median = row.due_count, row.median_hours
    if due < ENOUGH:
        return [t("hours.too_few_due", count=due)]
    lines = [t("hours.in_time", x=format_number(row.answered_in_promise_count), n=format_number(due))]
    if is_known(median):
        lines.append(t("hours.median", duration=format_duration(median)))
    return lines


def parts_table(parts: pd.DataFrame) -> pd.DataFrame:
    """Night and day side by side: requests, in time of those due, how sure, the median wait, and what is not known."""
    rows = records(parts.sort_values("from_hour", ascending=False))
    names = ("hours.requests", "hours.kept", "people.sure", "hours.half", "hours.unknown")
    columns = {t("hours.part"): [t(name) for name in names]}
    for row in rows:
        columns[t("hours.night" if row.from_hour == 21 else "hours.day")] = [
            format_number(row.requests_count),
            t("hours.in_time_short", x=format_number(row.answered_in_promise_count), n=format_number(row.due_count)),
            format_likely_range(row.answered_in_promise_count, row.due_count),
            format_duration(row.median_hours) if is_known(row.median_hours) else _no_median(row),
            format_number(row.unknown_count),
        ]
    return pd.DataFrame(columns)


def _no_median(row: Any) -> str:
    return t("hours.not_reached" if row.waits_known_count >= ENOUGH else "people.too_few")


def best_title(rows: pd.DataFrame) -> str:
    """The best time, where one stands out; else that there are too few posts."""
    enough = rows[rows["shrunk_engagement"].notna()]
    if len(enough) < 2:
        return t("hours.best_few")
    best = enough[enough["is_best"]]
    if len(best) != 1:
        return t("hours.best_even")
    block = best.iloc[0]
    return t(
        "hours.best",
        day=weekday_name(block.local_weekday),
        start=format_hour(block.from_hour),
        end=format_hour(block.from_hour + 4),
    )


def best_reading(rows: pd.DataFrame) -> str:
    """What the numbers are, and what is usual for all posts."""
    if rows.empty:
        return t("hours.best_none")
    first = rows.iloc[0]
    return t(
        "hours.best_reading",
        n=format_number(first.all_posts_count),
        usual=format_number(round(first.overall_engagement, 1)),
    )


def best_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Every four hours with a post: n, the median, the middle half, drawn towards the whole."""
    blocks = records(rows)
    return pd.DataFrame(
        {
            t("hours.when"): [
                f"{weekday_name(row.local_weekday)} {format_hour(row.from_hour)}–{format_hour(row.from_hour + 4)}"
                for row in blocks
            ],
            t("works.posts"): [format_number(row.posts_count) for row in blocks],
            t("works.median"): [_number(row.median_engagement) for row in blocks],
            t("works.middle"): [f"{_number(row.lower_engagement)}–{_number(row.upper_engagement)}" for row in blocks],
            t("hours.shrunk"): [
                _number(row.shrunk_engagement) if is_known(row.shrunk_engagement) else t("works.too_few")
                for row in blocks
            ],
        }
    )


def _number(value: float) -> str:
    return format_number(round(value, 1))
