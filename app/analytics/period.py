"""A period of days: this or the last week, month, quarter or year, or any dates; from and to the query string. Pure.

A period is half-open, [from_date, to_date), in the group's own dates; where it begins and ends in time follows from the
group's zone, so a week in which the clocks change has 167 or 169 hours. A week begins on Monday.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.ui.words import format_day, t

KINDS = ("week", "month", "quarter", "year")
CHOICES = tuple(f"{which}_{kind}" for kind in KINDS for which in ("this", "last"))
CUSTOM = "custom"
FIRST = CHOICES[0]
EARLIEST = date(2008, 1, 1)  # neither network is older
_DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """The days from from_date on, up to but without to_date."""

    kind: str  # week, month, quarter, year or custom
    from_date: date
    to_date: date

    @property
    def last_date(self) -> date:
        """Its last day."""
        return self.to_date - _DAY

    @property
    def days_count(self) -> int:
        """How many days it has."""
        return (self.to_date - self.from_date).days

    def before(self) -> "Period":
        """The period of the same kind before; of any dates, as many days before."""
        if self.kind in _MONTHS:
            return Period(self.kind, _months(self.from_date, -_MONTHS[self.kind]), self.from_date)
        return Period(self.kind, self.from_date - (self.to_date - self.from_date), self.from_date)

    def starts_at(self, zone: str) -> datetime:
        """Its first moment, in UTC."""
        return start_of_day(self.from_date, zone)

    def ends_at(self, zone: str) -> datetime:
        """The first moment after it, in UTC."""
        return start_of_day(self.to_date, zone)

    def is_over(self, now: datetime, zone: str) -> bool:
        """Has its last day ended where the group is?"""
        return now >= self.ends_at(zone)


def local_date(now: datetime, zone: str) -> date:
    """The date where the group is."""
    return now.astimezone(ZoneInfo(zone)).date()


def start_of_day(on: date, zone: str) -> datetime:
    """When a date begins where the group is, in UTC. Where the clocks skip midnight: at the first moment of the date."""
    local = datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC)
    return local if local.astimezone(ZoneInfo(zone)).date() == on else local + timedelta(hours=1)


def period_containing(kind: str, on: date) -> Period:
    """The week, month, quarter or year in which a date lies."""
    if kind == "week":
        monday = on - on.weekday() * _DAY
        return Period(kind, monday, monday + 7 * _DAY)
    months = _MONTHS[kind]
    first = on.replace(month=(on.month - 1) // months * months + 1, day=1)
    return Period(kind, first, _months(first, months))


def period_of_choice(choice: str, on: date) -> Period:
    """A choice of CHOICES → its days, seen from a date."""
    which, _, kind = choice.partition("_")
    this = period_containing(kind, on)
    return this if which == "this" else this.before()


def custom_period(first: date, last: date) -> Period:
    """From one day to another, both included; the wrong way round is put right."""
    first, last = sorted((max(first, EARLIEST), max(last, EARLIEST)))
    return Period(CUSTOM, first, last + _DAY)


def format_period(period: Period, now: datetime) -> str:
    """'16 to 22 November', 'November', 'July to September', '2026'; with the year where it is not that of `now`."""
    first, last = (datetime.combine(on, time(), UTC) for on in (period.from_date, period.last_date))
    year = "" if first.year == last.year == now.year else f" {last.year}"
    if period.kind == "year":
        return str(first.year)
    if period.kind == "month":
        return f"{first:%B}{year}"
    if period.kind == "quarter":
        return t("time.span", first=f"{first:%B}", last=f"{last:%B}") + year
    if first == last:
        return format_day(first) + year
    if first.year != last.year:
        return t("time.span", first=f"{format_day(first)} {first.year}", last=f"{format_day(last)} {last.year}")
    begins = str(first.day) if first.month == last.month else format_day(first)
    return t("time.span", first=begins, last=format_day(last)) + year


def parse_query(query: Mapping[str, str]) -> tuple[str, date | None, date | None]:
    """What an address asks for: a choice and, for any dates, the first and the last day. Nonsense is the first choice."""
    choice = query.get("period", FIRST)
    if choice == CUSTOM:
        first, last = _date(query.get("from")), _date(query.get("to"))
        return (CUSTOM, first, last) if first and last else (FIRST, None, None)
    return (choice if choice in CHOICES else FIRST), None, None


def format_query(choice: str, period: Period) -> dict[str, str]:
    """The same as it stands in the address; the first choice needs nothing there."""
    if choice == CUSTOM:
        return {"period": CUSTOM, "from": period.from_date.isoformat(), "to": period.last_date.isoformat()}
    return {} if choice == FIRST else {"period": choice}


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _months(first: date, months: int) -> date:
    """The first of the month so many months later."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
