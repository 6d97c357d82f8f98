"""What a person typed → a group of the settings, a period. Mistakes name what there is instead."""

import re
from datetime import date, timedelta
from difflib import get_close_matches

from app.period import Period, containing
from app.stopping import Stopped
from warehouse.settings import Group, Settings

_FORMS = "2026, 2026-Q3, 2026-11, 2026-W47, 2026-11-22 or 2026-11-01..2026-11-22"


def group_named(settings: Settings, group_id: str | None) -> Group:
    """The group of that id; without one, the only group there is. Raises Stopped."""
    if not settings.groups:
        raise Stopped(f"{settings.config}: there is no group yet; add one with: mutuals groups add")
    ids = [group.id for group in settings.groups]
    if group_id is None:
        if len(ids) > 1:
            raise Stopped(f"which group? Say --group and one of: {', '.join(ids)}")
        return settings.groups[0]
    if group_id not in ids:
        near = get_close_matches(group_id, ids, 1)
        cure = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(ids)}"
        raise Stopped(f"--group {group_id}: {settings.config} has no such group; {cure}")
    return next(group for group in settings.groups if group.id == group_id)


def period_named(name: str) -> Period:
    """A year, quarter, month, week, day, or two days with '..' between them, both included. Raises Stopped."""
    try:
        return _period(name.strip().upper())
    except (ValueError, OverflowError):
        raise Stopped(f"--period {name}: there is no such period; write it like {_FORMS}") from None


def _period(name: str) -> Period:
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", name):
        return containing("quarter", date(int(found[1]), 3 * int(found[2]) - 2, 1))
    if found := re.fullmatch(r"(\d{4})-W(\d{1,2})", name):
        return containing("week", date.fromisocalendar(int(found[1]), int(found[2]), 1))
    if re.fullmatch(r"\d{4}", name):
        return containing("year", date(int(name), 1, 1))
    if found := re.fullmatch(r"(\d{4})-(\d{2})", name):
        return containing("month", date(int(found[1]), int(found[2]), 1))
    first, dots, last = name.partition("..")
    from_date = date.fromisoformat(first)
    to_date = (date.fromisoformat(last) if dots else from_date) + timedelta(days=1)
    if to_date <= from_date:
        raise ValueError
    return Period("custom", from_date, to_date)
