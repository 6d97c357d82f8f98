"""Screen texts with plurals; formats of numbers, durations, dates in the group's zone; other people's text made harmless.

What a screen says stands in texts/, one file for each page or subject. What a number means, and how a request stands, stands in
the SQL that decides it.
"""

import re
import tomllib
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_EMPTY_LINES = re.compile(r"\n\s*\n\s*\n\s*")
_PILED_UP = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
TEXT_LIMIT = 5_000  # characters of one post shown; networks allow 300 to a few thousand, a hostile server anything
_DAY = timedelta(days=1)


@cache
def catalogue() -> dict[str, Any]:
    """All screen texts as nested tables, whichever file they stand in."""
    return load_texts(Path(__file__).with_name("texts"))


def load_texts(folder: Path) -> dict[str, Any]:
    """The tables of all TOML files in a folder. Raises ValueError: two files have the same table, so a key could be in both."""
    tables: dict[str, Any] = {}
    for path in sorted(folder.glob("*.toml")):
        for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if name in tables:
                raise ValueError(f"{path.name}: [{name}] stands in two files; keep one")
            tables[name] = table
    return tables


def t(key: str, count: float | None = None, **values: object) -> str:
    """The screen text named `table.key`, filled in; `t` as in other catalogues of translations, for it stands everywhere.

    With `count` it takes the plural form (tables none, one, other). Raises KeyError for a text that is not in the catalogue.
    """
    text: Any = catalogue()
    for part in key.split("."):
        text = text[part]
    if isinstance(text, dict):
        text = text[_form(count, text)]
    if count is not None:
        values.setdefault("count", format_number(count))
    return str(text).format(**values)


def has_text(key: str) -> bool:
    """Is there a screen text of that name?"""
    table, _, rest = key.partition(".")
    return rest in catalogue().get(table, {})


def _form(count: float | None, forms: dict[str, str]) -> str:
    """English plural forms, and `none` where a text has one. A language with more forms adds them here."""
    if count == 0 and "none" in forms:
        return "none"
    return "one" if count == 1 else "other"


def format_number(value: float) -> str:
    """1234 → '1,234'; a whole number has no decimals."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def format_signed(value: float) -> str:
    """A gain or a loss, with a real minus sign: '+34', '−3', '0'."""
    if value == 0:
        return "0"
    return f"+{format_number(value)}" if value > 0 else f"−{format_number(-value)}"


def format_duration(hours: float) -> str:
    """A wait in words, rounded down as people do: '25 minutes', '3 hours', '2 days'."""
    if hours < 1:
        return t("time.minutes", count=max(int(hours * 60), 0))
    if hours < 48:
        return t("time.hours", count=int(hours))
    return t("time.days", count=int(hours // 24))


def format_ago(then: datetime, now: datetime) -> str:
    """'4 minutes ago', 'just now'."""
    passed = now - then
    if passed < timedelta(minutes=1):
        return t("time.just_now")
    return t("time.ago", duration=format_duration(passed.total_seconds() / 3600))


def format_moment(at: datetime, zone: str, now: datetime) -> str:
    """A time as people of the group say it: 'today 09:12', 'yesterday 23:20', 'Friday 23:20', '3 October 14:05'."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    clock = f"{local:%H:%M}"
    days = (today - local.date()).days
    if days in (0, 1):
        return t("time.today" if days == 0 else "time.yesterday", clock=clock)
    if 1 < days < 7:
        return f"{local:%A} {clock}"
    return f"{format_day(local, now)} {clock}"


def format_until(at: datetime, zone: str, now: datetime) -> str:
    """A time to come: 'today 19:00', 'tomorrow 08:00', 'Wednesday 08:00'."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    days = (local.date() - today).days
    if days in (0, 1):
        return t("time.today" if days == 0 else "time.tomorrow", clock=f"{local:%H:%M}")
    return f"{local:%A %H:%M}" if days < 7 else f"{format_day(local, now)} {local:%H:%M}"


def format_day(at: datetime, now: datetime | None = None) -> str:
    """'3 October', with the year where it is not that of `now`."""
    return f"{at.day} {at:%B}" if now is None or at.year == now.year else f"{at.day} {at:%B %Y}"


def format_week(start: datetime) -> str:
    """A week from its Monday: '16 to 22 November'."""
    end = start + 6 * _DAY
    first = f"{start.day}" if start.month == end.month else f"{start.day} {start:%B}"
    return t("time.week", first=first, last=f"{end.day} {end:%B}")


def format_quarter(name: str) -> str:
    """'2026-Q3' → 'July to September 2026'."""
    year, _, which = name.partition("-Q")
    first = datetime(int(year), 3 * int(which) - 2, 1, tzinfo=UTC)
    last = datetime(int(year), 3 * int(which), 1, tzinfo=UTC)
    return t("time.quarter", first=f"{first:%B}", last=f"{last:%B}", year=year)


def sanitise(text: str, limit: int = TEXT_LIMIT) -> str:
    """Somebody's text made harmless to look at: no control characters, no direction overrides, `limit` signs.

    Nor is anybody's page filled with empty lines, or written over by accents piled up on one letter.
    """
    clean = strip_invisible(text[: limit + 1])
    clean = _PILED_UP.sub(r"\1", _EMPTY_LINES.sub("\n\n", clean))
    return clean if len(text) <= limit else f"{clean[:limit].rstrip()}…"


def strip_invisible(text: str) -> str:
    """Without the signs that nobody sees and that turn or hide what stands beside them. Line breaks stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(sign for sign in text if sign == "\n" or not _is_hidden(sign))


def _is_hidden(sign: str) -> bool:
    """Controls, and the marks that turn the direction of writing round. Joiners that emoji and scripts need stay."""
    category = unicodedata.category(sign)
    return category in ("Cc", "Cs", "Co") or (category == "Cf" and sign not in "\u200c\u200d")


def as_sentence(text: str) -> str:
    """A reason or a cure with a capital and a full stop: they come from many places, and some stand inside sentences."""
    text = text.strip()
    if text.split(" ", 1)[0].isalpha():  # not a server's name
        text = text[:1].upper() + text[1:]
    return text + ("" if text.endswith((".", "!", "?", "…")) else ".")


def is_given(value: Any) -> bool:
    """Not null and not empty; pandas has several kinds of nothing."""
    return isinstance(value, datetime | bool) or (isinstance(value, str) and bool(value))
