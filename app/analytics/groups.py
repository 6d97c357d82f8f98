"""The table of *Across groups*: one line per group, from shown.across_groups and the rotas. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from app.analytics.rota_coverage import join_names
from app.ui.markup import escape_markdown
from app.ui.words import format_duration, format_number, t
from warehouse.casebook.rota import Rota, on_duty_at
from warehouse.settings import Group

_EVENING, _NIGHT_HOURS = time(21), 11  # from 21:00 to 08:00, as warehouse.casebook.rota counts nights


def table(groups: Sequence[Group], rows: pd.DataFrame, rotas: Mapping[str, Rota], now: datetime) -> pd.DataFrame:
    """One line per group: waiting now, longest wait, answered within the promise, cover tonight, coverage."""
    row_of_group: dict[str, Any] = {str(row.group_id): row for row in rows.itertuples()}
    lines = [_line(group, row_of_group.get(group.id), rotas.get(group.id, Rota()), now) for group in groups]
    names = ("group", "waiting", "longest", "in_time", "tonight", "coverage")
    return pd.DataFrame(lines, columns=[t(f"across.{name}") for name in names])


def lead(groups: Sequence[Group], rows: pd.DataFrame) -> str:
    """How many wait in all the groups together."""
    waiting = int(rows.loc[rows["group_id"].isin([group.id for group in groups]), "open_count"].sum())
    return t("across.lead", count=waiting)


def _line(group: Group, row: Any, rota: Rota, now: datetime) -> tuple[str, ...]:
    name, cover = escape_markdown(group.name), tonight_cover(rota, group.timezone, now)
    if row is None:
        return (name, "–", "–", "–", cover, t("across.not_read"))
    longest = format_duration(row.oldest_waiting_hours) if pd.notna(row.oldest_waiting_hours) else "–"
    in_time = t("across.none_due")
    if row.due_count:
        in_time = t("this_week.x_of_y", x=format_number(row.answered_in_promise_count), y=format_number(row.due_count))
    if row.unknown_count:
        in_time = f"{in_time}; {t('this_week.unknown_left_out', count=row.unknown_count)}"
    return name, format_number(row.open_count), longest, in_time, cover, _coverage(row)


def _coverage(row: Any) -> str:
    if not row.sources_count or pd.isna(row.last_read_at):
        return t("across.not_read")
    return t("across.gaps", count=int(row.late_sources_count))


def tonight_cover(rota: Rota, zone: str, now: datetime) -> str:
    """Who is down for the coming night, or the rest of this one, hour by hour on the group's wall clock."""
    if not rota.slots:
        return t("across.no_rota")
    local = now.astimezone(ZoneInfo(zone))
    evening = local.date() if local.hour >= 8 else local.date() - timedelta(days=1)
    starts = [datetime.combine(evening, _EVENING) + timedelta(hours=hour) for hour in range(_NIGHT_HOURS)]
    watched = [on_duty_at(rota, start.replace(tzinfo=local.tzinfo)) for start in starts]
    names = list(dict.fromkeys(name for names in watched for name in names))
    empty = sum(not names for names in watched)
    if not names:
        return t("across.nobody")
    who = escape_markdown(join_names(names))
    return t("across.covered", names=who) if not empty else t("across.partly", count=empty, names=who)
