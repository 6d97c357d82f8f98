"""Which days a choice means, at every edge of the calendar and of the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analytics import period
from app.analytics.period import CHOICES, CUSTOM, KINDS, Period

NOW = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
DATES = st.dates(date(2009, 1, 1), date(2100, 1, 1))


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("choice", "on", "first", "last"),
    [
        ("this_week", date(2026, 11, 22), date(2026, 11, 16), date(2026, 11, 22)),  # a Sunday is a week's last day
        ("this_week", date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 29)),  # and a Monday its first
        ("last_week", date(2026, 11, 23), date(2026, 11, 16), date(2026, 11, 22)),
        ("this_week", date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3)),  # over New Year
        ("last_month", date(2026, 3, 31), date(2026, 2, 1), date(2026, 2, 28)),
        ("last_month", date(2028, 3, 1), date(2028, 2, 1), date(2028, 2, 29)),  # a leap year
        ("last_month", date(2026, 1, 15), date(2025, 12, 1), date(2025, 12, 31)),
        ("this_quarter", date(2026, 9, 30), date(2026, 7, 1), date(2026, 9, 30)),
        ("this_quarter", date(2026, 10, 1), date(2026, 10, 1), date(2026, 12, 31)),
        ("last_quarter", date(2026, 1, 1), date(2025, 10, 1), date(2025, 12, 31)),
        ("this_year", date(2026, 12, 31), date(2026, 1, 1), date(2026, 12, 31)),
        ("last_year", date(2026, 1, 1), date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_choice_means_these_days(choice: str, on: date, first: date, last: date) -> None:
    found = period.period_of_choice(choice, on)
    assert (found.from_date, found.last_date) == (first, last)


@given(st.sampled_from(KINDS), DATES)
def test_every_day_lies_in_its_period_and_the_one_before_ends_where_it_begins(kind: str, on: date) -> None:
    this = period.period_containing(kind, on)
    before = this.before()
    assert this.from_date <= on < this.to_date
    assert before.to_date == this.from_date
    assert before == period.period_containing(kind, before.from_date)


@given(DATES, DATES)
def test_any_dates_hold_both_their_ends_and_are_compared_with_as_many_days(one: date, other: date) -> None:
    this = period.custom_period(one, other)
    assert {this.from_date, this.last_date} == {one, other}
    assert this.before().days_count == this.days_count == abs((one - other).days) + 1


@pytest.mark.parametrize(
    ("zone", "monday", "hours"),
    [
        ("Europe/London", date(2026, 3, 23), 167),  # the clocks go forward on its Sunday
        ("Europe/London", date(2026, 10, 19), 169),  # and back
        ("Europe/London", date(2026, 11, 16), 168),
        ("Australia/Lord_Howe", date(2026, 4, 5) - timedelta(days=6), 168.5),  # by half an hour
        ("Asia/Kathmandu", date(2026, 3, 23), 168),
    ],
)
def test_a_week_is_as_long_as_its_clocks_say(zone: str, monday: date, hours: float) -> None:
    this = period.period_containing("week", monday)
    assert this.ends_at(zone) - this.starts_at(zone) == timedelta(hours=hours)


def test_a_day_whose_midnight_the_clocks_skip_begins_at_its_first_moment() -> None:
    """In Santiago the clocks go from 24:00 to 01:00: 2026-09-06 begins at 01:00, which is 04:00 in UTC."""
    assert period.start_of_day(date(2026, 9, 6), "America/Santiago") == at("2026-09-06 04:00")


def test_a_midnight_that_comes_twice_counts_from_the_first_time() -> None:
    """In Havana 00:00 to 01:00 comes twice on 2026-11-01: the date begins at the first, 04:00 in UTC."""
    assert period.start_of_day(date(2026, 11, 1), "America/Havana") == at("2026-11-01 04:00")


@pytest.mark.parametrize(
    ("zone", "today"),
    [
        ("Pacific/Auckland", date(2026, 11, 23)),
        ("Europe/London", date(2026, 11, 22)),
        ("Pacific/Niue", date(2026, 11, 22)),
    ],
)
def test_today_is_where_the_group_is(zone: str, today: date) -> None:
    assert period.local_date(at("2026-11-22 11:30"), zone) == today


def test_a_period_is_over_at_the_groups_midnight() -> None:
    this = period.period_containing("week", date(2026, 10, 20))  # its last night is an hour longer
    assert [this.is_over(at(now), "Europe/London") for now in ("2026-10-25 23:59", "2026-10-26 00:00")] == [False, True]
    spring = period.period_containing("week", date(2026, 3, 25))
    assert [spring.is_over(at(now), "Europe/London") for now in ("2026-03-29 22:59", "2026-03-29 23:00")] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("this", "words"),
    [
        (period.period_containing("week", date(2026, 11, 22)), "16 to 22 November"),
        (period.period_containing("week", date(2026, 10, 1)), "28 September to 4 October"),
        (period.period_containing("week", date(2025, 11, 22)), "17 to 23 November 2025"),
        (period.period_containing("week", date(2027, 1, 1)), "28 December 2026 to 3 January 2027"),
        (period.period_containing("month", date(2026, 2, 1)), "February"),
        (period.period_containing("month", date(2025, 2, 1)), "February 2025"),
        (period.period_containing("quarter", date(2026, 8, 1)), "July to September"),
        (period.period_containing("quarter", date(2025, 8, 1)), "July to September 2025"),
        (period.period_containing("year", date(2026, 8, 1)), "2026"),
        (period.custom_period(date(2026, 8, 3), date(2026, 8, 3)), "3 August"),
        (period.custom_period(date(2025, 8, 3), date(2025, 8, 9)), "3 to 9 August 2025"),
    ],
)
def test_a_period_has_a_name_that_people_use(this: Period, words: str) -> None:
    assert period.format_period(this, NOW) == words


@given(st.sampled_from((*CHOICES, CUSTOM)), DATES, DATES)
def test_what_stands_in_the_address_comes_back(choice: str, one: date, other: date) -> None:
    this = period.custom_period(one, other) if choice == CUSTOM else period.period_of_choice(choice, one)
    found, first, last = period.parse_query(period.format_query(choice, this))
    assert found == choice
    if choice == CUSTOM:
        assert first is not None
        assert last is not None
        assert period.custom_period(first, last) == this


@pytest.mark.parametrize(
    "told",
    [
        {"period": "forever"},
        {"period": "custom"},
        {"period": "custom", "from": "soon", "to": "2026-01-01"},
        {"to": "x"},
    ],
)
def test_nonsense_in_the_address_is_this_week(told: dict[str, str]) -> None:
    assert period.parse_query(told) == ("this_week", None, None)


def test_days_before_either_network_are_not_asked_for() -> None:
    assert period.custom_period(date(1, 1, 1), date(2026, 1, 1)).from_date == period.EARLIEST
