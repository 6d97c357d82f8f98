"""When things happen in the sample community: by the clock on a British kitchen wall, summer time and all.

Everything is derived from a seed and a calendar date, so that a longer history only appends.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
EPOCH = date(2024, 1, 1)  # a Monday; weeks are numbered from here
_HOURS = (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)
_HOUR_WEIGHTS = (1, 2, 4, 5, 4, 2, 2, 3, 2, 2, 2, 2, 3, 5, 5, 2)
_DAY_WEIGHTS = (6, 5, 5, 5, 4, 5, 7)


def rng(seed: int, *parts: object) -> Random:
    """A source of chance that depends on nothing but the seed and these words."""
    return Random(" ".join(map(str, (seed, *parts))))  # noqa: S311, a sample must be repeatable, not secret


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A time on the wall in London as UTC."""
    return datetime.combine(day, time(hour, minute, second), LONDON).astimezone(UTC)


def local(moment: datetime) -> datetime:
    """A moment as the wall in London shows it."""
    return moment.astimezone(LONDON)


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def week_number(day: date) -> int:
    """Weeks since the epoch."""
    return (day - EPOCH).days // 7


def is_august(day: date) -> bool:
    """The quiet month; a week belongs to the month of its Thursday."""
    return (monday(day) + timedelta(days=3)).month == 8


@cache
def asks_in_week(seed: int, group: str, week: int) -> int:
    """How many asks arrive in a week: 13–22 in the large group, 2–4 in the small one, few in August."""
    chance = rng(seed, group, "count", week)
    is_quiet = is_august(EPOCH + timedelta(weeks=week))
    if group == "riverside":
        return chance.randint(5, 8) if is_quiet else chance.randint(14, 21)
    return chance.randint(1, 2) if is_quiet else chance.randint(2, 4)


@cache
def asks_before(seed: int, group: str, week: int) -> int:
    """How many asks there were before a week, since the epoch: the turn of the first one in it."""
    return sum(asks_in_week(seed, group, number) for number in range(week))


def waking_moment(chance: Random, first_day: date) -> datetime:
    """Some moment by day or evening in the week that starts on `first_day`."""
    day = first_day + timedelta(days=chance.choices(range(7), _DAY_WEIGHTS)[0])
    return at(day, chance.choices(_HOURS, _HOUR_WEIGHTS)[0], chance.randrange(60), chance.randrange(60))


def late_moment(chance: Random, first_day: date) -> datetime:
    """A moment around 23:20, the hour this tool is for."""
    day = first_day + timedelta(days=chance.choices(range(7), _DAY_WEIGHTS)[0])
    return at(day, 23, 20) + timedelta(
        minutes=chance.choice((0, 0, 1, -3, 4, -12, 18, 32)), seconds=chance.randrange(60)
    )


def small_hours(chance: Random, first_day: date) -> datetime:
    """A moment when hardly anybody is up."""
    return at(first_day + timedelta(days=chance.randrange(7)), chance.choice((1, 2, 3)), chance.randrange(60), 7)


def not_before_breakfast(moment: datetime, chance: Random) -> datetime:
    """Most people who would answer in the small hours answer after breakfast."""
    wall = local(moment)
    minutes = wall.hour * 60 + wall.minute
    if not 40 <= minutes < 400 or chance.random() < 0.12:
        return moment
    return at(wall.date(), 7, 0) + timedelta(minutes=chance.randrange(150), seconds=chance.randrange(60))


def soon(moment: datetime, chance: Random, start: int, end: int) -> datetime:
    """`start` to `end` minutes later, and not in the middle of the night for most."""
    return not_before_breakfast(moment + timedelta(minutes=chance.uniform(start, end)), chance)


def at_breakfast(moment: datetime) -> datetime:
    """Seven o'clock on the morning after an evening or night."""
    wall = local(moment)
    return at(wall.date() + timedelta(days=1 if wall.hour >= 12 else 0), 7, 10)


def in_daytime(moment: datetime) -> datetime:
    """The same local day, moved between nine in the morning and nine in the evening."""
    wall = local(moment)
    if 9 <= wall.hour < 21:
        return moment
    return at(wall.date(), 9 + (wall.hour + wall.minute) % 11, wall.minute, wall.second)
