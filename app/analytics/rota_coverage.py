"""The coverage of the rota in sentences and a week table: who looks when, gaps, requests by hour. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pandas as pd

from app.ui.markup import Html, escape_markdown, tag
from app.ui.words import format_day, format_moment, t
from warehouse.casebook.rota import (
    DAY_HOURS,
    WEEK_HOURS,
    Away,
    Gap,
    Rota,
    RotaEvent,
    Slot,
    on_duty_at,
    people_on_duty,
    requests_in_gaps,
    uncovered_gaps,
)

WEEKS = 13  # how far back requests are counted
_BLOCK = 4  # hours
_GAPS_SAID = 4
_MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def count_by_hour(rows: pd.DataFrame) -> dict[int, int]:
    """Rows of queries.timing.asked_hours → hour of the week → how many asked."""
    columns = (rows["local_weekday"], rows["local_hour"], rows["requests_count"])
    return {
        (int(weekday) - 1) * DAY_HOURS + int(hour): int(count) for weekday, hour, count in zip(*columns, strict=True)
    }


def now_line(rota: Rota, local: datetime) -> str:
    """Who looks at this moment."""
    if not rota.slots:
        return t("rota.nobody_yet")
    names = on_duty_at(rota, local)
    return t("rota.now", names=join_names(names), count=len(names)) if names else t("rota.now_nobody")


def gap_lines(rota: Rota, asked: Mapping[int, int]) -> list[str]:
    """Where nobody looks in an ordinary week, and how many requests came then; those with most requests first."""
    if not rota.slots:
        return []
    open_gaps = uncovered_gaps(rota)
    if not open_gaps:
        return [t("rota.no_gap")]
    total = sum(asked.values())
    open_gaps = sorted(open_gaps, key=lambda gap: -requests_in_gaps(gap, asked))
    lines = [_gap(gap, requests_in_gaps(gap, asked), total) for gap in open_gaps[:_GAPS_SAID]]
    more = len(open_gaps) - _GAPS_SAID
    return [*lines, t("rota.more_gaps", count=more)] if more > 0 else lines


def _gap(gap: Gap, came: int, total: int) -> str:
    start, end = format_hour(gap.start), format_hour(gap.start + gap.hours)
    if gap.hours >= DAY_HOURS:
        first, last = gap.weekdays[0], (gap.weekdays[0] - 1 + (gap.start + gap.hours) // DAY_HOURS) % 7 + 1
        when = t("rota.gap_days", first=weekday_name(first), start=start, last=weekday_name(last), end=end)
    elif len(gap.weekdays) == 7:
        when = t("rota.gap_daily", start=start, end=end)
    else:
        when = t("rota.gap", days=format_weekdays(gap.weekdays), start=start, end=end)
    return f"{when}; {t('rota.came', count=total, inside=came or t('rota.none'))}." if total else f"{when}."


def slot_line(slot: Slot) -> str:
    """'Monday to Friday, 18:00–22:00'."""
    return t("rota.slot", days=format_weekdays(slot.weekdays), start=format_hour(slot.start), end=format_hour(slot.end))


def away_line(away: Away, now: datetime) -> str:
    """'1 December to 3 December'."""
    first, last = (datetime(on.year, on.month, on.day, tzinfo=UTC) for on in (away.first, away.last))
    return (
        t("rota.away", first=format_day(first, now), last=format_day(last, now))
        if first != last
        else format_day(first, now)
    )


def weekday_name(number: int) -> str:
    """1 → 'Monday'."""
    return f"{_MONDAY.replace(day=_MONDAY.day + (number - 1) % 7):%A}"


def format_weekdays(numbers: Sequence[int]) -> str:
    """'every day', 'Monday to Friday', 'Monday and Saturday'."""
    if len(numbers) == 7:
        return t("rota.every_day")
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return t("rota.run", first=weekday_name(numbers[0]), last=weekday_name(numbers[-1]))
    return join_names([weekday_name(number) for number in numbers])


def join_names(names: Sequence[str]) -> str:
    """'Dee, Kim and Sam'."""
    if len(names) < 2:
        return "".join(names)
    return t("rota.list", first=", ".join(names[:-1]), last=names[-1])


def format_hour(hour: int) -> str:
    """An hour as it stands on a clock."""
    return f"{hour % DAY_HOURS:02d}:00"


def week_table(rota: Rota, asked: Mapping[int, int]) -> Html:
    """The week as a table: days down, blocks of hours across; in each who looks and how many asked."""
    names_by_hour = people_on_duty(rota)
    blocks = range(0, DAY_HOURS, _BLOCK)
    head = tag(
        "tr",
        tag("td"),
        *(tag("th", f"{format_hour(start)}–{format_hour(start + _BLOCK)}", scope="col") for start in blocks),
    )
    lines = []
    for number in range(1, 8):
        first = (number - 1) * DAY_HOURS
        cells = (_cell(range(first + start, first + start + _BLOCK), names_by_hour, asked) for start in blocks)
        lines.append(tag("tr", tag("th", weekday_name(number), scope="row"), *cells))
    return tag("table", tag("thead", head), tag("tbody", *lines), cls="week")


def _cell(hours: range, names_by_hour: Mapping[int, tuple[str, ...]], asked: Mapping[int, int]) -> Html:
    names = list(dict.fromkeys(name for index in hours for name in names_by_hour.get(index, ())))
    label = f"{format_hour(hours[0])}–{format_hour(hours[-1] + 1)}"
    inside = [tag("span", label, cls="hours", aria_hidden="true")]
    inside += [tag("span", _looks(name, hours, names_by_hour), cls="looks") for name in names]
    if not names:
        inside.append(tag("span", t("rota.nobody"), cls="nobody"))
    if count := sum(asked.get(index % WEEK_HOURS, 0) for index in hours):
        inside.append(tag("span", t("rota.asked", count=count), cls="asked"))
    return tag("td", *inside, cls="covered" if names else "uncovered")


def _looks(name: str, hours: range, names_by_hour: Mapping[int, tuple[str, ...]]) -> str:
    theirs = [index for index in hours if name in names_by_hour.get(index, ())]
    if len(theirs) == len(hours):
        return name
    return f"{name} {theirs[0] % DAY_HOURS:02d}–{(theirs[-1] + 1) % DAY_HOURS:02d}"


def changes_table(changes: Sequence[RotaEvent], zone: str, now: datetime) -> pd.DataFrame:
    """What was changed when by whom, the newest first."""
    by_id = {change.event_id: change for change in changes}
    rows = [
        (
            format_moment(change.at, zone, now),
            escape_markdown(change.who),
            escape_markdown(_changed(change, by_id, now)),
        )
        for change in reversed(changes)
    ]
    return pd.DataFrame(rows, columns=[t("rota.when"), t("rota.who"), t("rota.what")])


def _changed(event: RotaEvent, by_id: Mapping[int, RotaEvent], now: datetime) -> str:
    if event.what == "remove":
        before = by_id.get(event.detail["event_id"])
        return t("rota.removed", what=_changed(before, by_id, now)) if before else t("rota.removed", what="–")
    person = event.detail["person"]
    if event.what == "add_away":
        dates = (datetime.fromisoformat(event.detail[name]).date() for name in ("first", "last"))
        return t("rota.is_away", person=person, dates=away_line(Away(0, person, *dates), now))
    detail = event.detail
    slot = Slot(0, person, tuple(detail["weekdays"]), detail["start"], detail["end"])
    return t("rota.looks", person=person, slot=slot_line(slot))
