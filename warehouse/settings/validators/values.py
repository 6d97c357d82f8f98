"""What any value in mutuals.toml must mean: a text, a number, a choice, a date, a time. Knows no other module.

Every validator returns the value as the rest of the program wants it, or raises InvalidValue: what is wrong and the cure.
"""

import re
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


class InvalidValue(Exception):
    """What is wrong with a value, and the cure."""


def check_text(value: str) -> str:
    """Any text but an empty one."""
    if not value.strip():
        raise InvalidValue("it is empty; write something")
    return value


def check_range(value: int, low: int, high: int) -> int:
    """A number in a range, both ends included."""
    if not low <= value <= high:
        raise InvalidValue(f"{value} is out of range; write a number from {low} to {high}")
    return value


def check_choice(value: str, known: Sequence[str], kind: str) -> str:
    """The id of something known: of a group that stands in the file (kind="group"), or of a measure."""
    if value not in known:
        near = get_close_matches(value, known, 1)
        cure = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known) or 'none'}"
        raise InvalidValue(f"no {kind} has the id {value!r}; {cure}")
    return value


def parse_date(value: str) -> str:
    """A date, as 2026-12-31."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise InvalidValue(f"{value!r} is not a date; write it like 2026-12-31") from None


def parse_time_of_day(value: str) -> str:
    """A time of day, as 08:00."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise InvalidValue(f"{value!r} is not a time of day; write it like '08:00'")
    return value


def parse_time_range(value: str) -> str:
    """From one time of day to another, over midnight or not, as 22:00-08:00."""
    start, dash, end = (part.strip() for part in value.partition("-"))
    try:
        parse_time_of_day(start), parse_time_of_day(end)
    except InvalidValue:
        dash = ""
    if not dash or start == end:
        raise InvalidValue(f"{value!r} is not a stretch of the day; write it like '22:00-08:00'")
    return f"{start}-{end}"


def parse_time_zone(value: str) -> str:
    """A zone of the tz database."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidValue(f"{value!r} is not a time zone{_suggest_zone(value)}") from None
    return value


def _suggest_zone(value: str) -> str:
    """The cure for a zone that is not there: London is Europe/London."""
    zones = sorted(available_timezones())
    wanted = value.strip().replace(" ", "_").lower()
    same = [zone for zone in zones if wanted in (zone.lower(), zone.lower().rpartition("/")[2])]
    by_name = {zone.lower(): zone for zone in zones}
    near = same or [by_name[name] for name in get_close_matches(wanted, by_name, 1)]
    return f"; did you mean {near[0]!r}?" if near else "; write it like 'Europe/London'"
