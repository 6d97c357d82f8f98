"""When people reach out: by the hour on the group's clock, the nights, the best time. Hand-worked.

Now is Friday 2026-11-20, 12:00.
"""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from tests.warehouse.models import test_weeks as weeks
from tests.warehouse.models.conftest import Town, at


def ask(town: Town, name: str, when: str, answered_after: float | None = None, by: str = "ben", **given: Any) -> None:
    town.post(name, f"asker of {name}", when, asks=True, **given)
    town.read(name, "2026-11-20 11:50")
    if answered_after is not None:
        replied = (at(when) + timedelta(hours=answered_after)).strftime("%Y-%m-%d %H:%M")
        town.post(f"reply to {name}", by, replied, name, **given)


def hours(town: Town, group: str = "riverside") -> dict[tuple[int, int], tuple[int, int]]:
    """(weekday, hour) → requests, answers."""
    town.rebuild()
    rows = town.ask(f"select * from shown.request_hours where group_id = '{group}'")
    return {(row["local_weekday"], row["local_hour"]): (row["requests_count"], row["answers_count"]) for row in rows}


def cover(town: Town, level: str) -> dict[tuple[int, int], dict[str, Any]]:
    """(weekday, hour) → a cell."""
    town.rebuild()
    rows = town.ask(f"select * from shown.night_cover where level = '{level}'")
    return {(row["weekday"], row["from_hour"]): row for row in rows}


def test_a_request_and_its_answers_each_stand_in_the_hour_they_were_written(town: Town) -> None:
    town.period("2026-11-16", "2026-11-23")
    ask(town, "late", "2026-11-17 23:20", 1)  # Tuesday night; answered on Wednesday at 00:20
    town.post("more", "cat", "2026-11-18 00:40", "late")
    assert hours(town) == {(2, 23): (1, 0), (3, 0): (0, 2)}


def test_an_answer_below_two_requests_counts_once_and_a_me_too_is_none(town: Town) -> None:
    town.period("2026-11-16", "2026-11-23")
    ask(town, "ask", "2026-11-17 10:00")
    town.post("me too", "cat", "2026-11-17 11:00", "ask", asks=True)
    town.post("answer", "ben", "2026-11-17 12:00", "me too")
    assert hours(town) == {(2, 10): (1, 0), (2, 11): (1, 0), (2, 12): (0, 1)}


def test_what_people_decide_changes_which_replies_are_answers(town: Town) -> None:
    town.period("2026-11-16", "2026-11-23")
    for name in ("ask", "hostile", "needless", "chat"):
        town.post(name, f"asker of {name}", "2026-11-17 10:00", asks=name != "chat")
        town.post(f"reply to {name}", "ben", "2026-11-17 12:00", name)
    town.decide("reply to hostile", flag="hostile")
    town.decide("needless", outcome="no reply needed", outcome_at=town.now)
    town.decide("chat", is_request=True)
    assert hours(town) == {(2, 10): (3, 0), (2, 12): (0, 2)}


def test_in_the_night_when_an_hour_comes_twice_both_count_as_that_hour(town: Town) -> None:
    town.period("2026-10-25", "2026-10-26")
    ask(town, "summer", "2026-10-25 00:30")  # 01:30 by summer time
    ask(town, "winter", "2026-10-25 01:30")  # 01:30 again
    assert hours(town) == {(7, 1): (2, 0)}


def test_in_the_night_when_an_hour_is_left_out_nothing_stands_in_it(town: Town) -> None:
    town.now = at("2026-03-30 12:00")
    town.period("2026-03-29", "2026-03-30")
    ask(town, "before", "2026-03-29 00:59")
    ask(town, "after", "2026-03-29 01:00")  # 02:00 by summer time
    assert hours(town) == {(7, 0): (1, 0), (7, 2): (1, 0)}


def test_a_period_ends_before_its_last_midnight_where_the_group_is(town: Town) -> None:
    town.group("auckland", zone="Pacific/Auckland")
    town.period("2026-11-16", "2026-11-23")
    for group in ("riverside", "auckland"):
        for when in ("2026-11-15 11:00", "2026-11-15 23:59", "2026-11-16 00:00", "2026-11-22 12:00"):
            ask(town, f"{group} {when}", when, group=group)
    # London: Monday 00:00 and Sunday 12:00 lie in it.
    # Auckland is 13 hours ahead: Monday 00:00, 12:59 and 13:00 lie in it, Monday 01:00 a week later does not.
    assert hours(town) == {(1, 0): (1, 0), (7, 12): (1, 0)}
    assert hours(town, "auckland") == {(1, 0): (1, 0), (1, 12): (1, 0), (1, 13): (1, 0)}


def test_all_taken_down_still_came(town: Town) -> None:
    town.period("2026-11-16", "2026-11-23")
    ask(town, "gone", "2026-11-17 10:00", 1, deleted="2026-11-18 10:00")
    assert hours(town) == {(2, 10): (1, 0)}


def test_the_night_is_from_nine_to_eight_and_says_how_many_it_knows_of(town: Town) -> None:
    town.period("2026-11-01", "2026-11-18")
    # five at night: answered after 1, 2, 3 and 30 hours, one not at all; one by day, answered at once
    for day, (hour, after) in enumerate([("21:00", 1), ("23:20", 2), ("07:59", 3), ("02:00", 30), ("04:00", None)], 2):
        ask(town, f"night {day}", f"2026-11-{day:02d} {hour}", after)
    ask(town, "day", "2026-11-03 08:00", 0)
    parts = cover(town, "part")
    night = parts[0, 21]
    assert (night["requests_count"], night["due_count"], night["answered_in_promise_count"]) == (5, 5, 3)
    assert (night["answered_in_promise_share"], night["median_hours"]) == (60, 3)
    assert parts[0, 8]["requests_count"] == 1
    assert (parts[0, 8]["answered_in_promise_share"], parts[0, 8]["median_hours"]) == (None, None)  # too few


def test_a_median_that_too_many_still_wait_for_is_not_reached(town: Town) -> None:
    town.period("2026-11-01", "2026-11-18")
    for day in range(2, 8):
        ask(town, f"ask {day}", f"2026-11-{day:02d} 22:00", 1 if day < 4 else None)
    night = cover(town, "part")[0, 21]
    assert (night["waits_known_count"], night["median_hours"]) == (6, None)


def test_half_of_a_night_is_half_of_the_period_when_all_asked_at_night(town: Town) -> None:
    """The curve is written twice, for the hours of a week and for spans of time: on random nights both say the same."""
    dice = random.Random(5)  # noqa: S311 - a test, not a lottery
    nights = [f"2026-10-{day:02d}" for day in range(1, 26)]
    for night in nights:
        for number in range(dice.choice((5, 6, 9))):
            wait = dice.choice((0, 1, 2, 3, 8, 30, 200))
            name = f"{night} {number}"
            read = (at(f"{night} 21:10") + timedelta(hours=wait)).strftime("%Y-%m-%d %H:%M")
            is_answered = dice.random() < dice.choice((0.3, 0.6, 1))
            weeks.ask(town, name, f"{night} 21:10", wait if is_answered else None, read=read)
    town.rebuild()
    medians = []
    for night in nights:
        span = (night, str(date.fromisoformat(night) + timedelta(days=1)))
        (cell,) = town.ask("select * from shown.night_cover where level = 'part'", period=span)
        sql = "select * from shown.request_spans where span = 'period' and replied_by = 'anybody'"
        (row,) = town.ask(sql, period=span)
        assert (cell["median_hours"], cell["waits_known_count"]) == (row["median_hours"], row["followed_count"]), night
        medians.append(row["median_hours"])
    assert None in medians
    assert len(set(medians)) > 3


def test_what_could_not_be_read_is_in_neither_figure(town: Town) -> None:
    town.period("2026-11-01", "2026-11-18")
    town.post("unread", "ann", "2026-11-10 22:00", asks=True)
    cell = cover(town, "hour")[2, 22]
    assert (cell["requests_count"], cell["due_count"], cell["unknown_count"]) == (1, 0, 1)


@pytest.mark.parametrize("level", ["hour", "block", "day hour", "part"])
def test_every_level_adds_up_to_all_requests(town: Town, level: str) -> None:
    town.period("2026-11-01", "2026-11-18")
    for number in range(40):
        ask(town, f"ask {number}", f"2026-11-{2 + number % 15:02d} {number * 7 % 24:02d}:15", number % 3 or None)
    cells = cover(town, level).values()
    assert sum(cell["requests_count"] for cell in cells) == 40
    assert sum(cell["due_count"] + cell["unknown_count"] for cell in cells) == 40
    assert sum(requests for requests, _ in hours(town).values()) == 40


def times(town: Town) -> dict[tuple[int, int], dict[str, Any]]:
    town.rebuild()
    return {(row["local_weekday"], row["from_hour"]): row for row in town.ask("select * from shown.best_times")}


def publish(town: Town, when: str, likes: int, **given: Any) -> None:
    town.post(when, "riverside", when, **given)
    town.count(when, (at(when) + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M"), likes=likes)


def test_a_cell_is_drawn_towards_all_posts_and_five_are_needed(town: Town) -> None:
    town.period("2026-11-16", "2026-11-23")
    for week, likes in enumerate((10, 20, 30, 40, 50)):  # Mondays, 18:00
        publish(town, f"2026-10-{5 + 7 * week % 28:02d} 17:0{week}" if week < 4 else "2026-11-02 18:00", likes)
    for week in range(5):  # Sundays, 09:00
        publish(town, f"2026-09-{6 + 7 * week % 28:02d} 08:0{week}" if week < 4 else "2026-08-30 08:00", 2)
    publish(town, "2026-11-04 12:00", 500)  # a Wednesday: one post says nothing
    found = times(town)
    # all eleven: 2 2 2 2 2 10 20 30 40 50 500 → median 10
    assert found[1, 16]["overall_engagement"] == 10
    assert (found[1, 16]["median_engagement"], found[1, 16]["shrunk_engagement"]) == (30, 20)  # (5·30 + 5·10) ÷ 10
    assert (found[7, 8]["median_engagement"], found[7, 8]["shrunk_engagement"]) == (2, 6)
    assert (found[3, 12]["is_too_few"], found[3, 12]["shrunk_engagement"]) == (True, None)
    assert [cell for cell, row in found.items() if row["is_best"]] == [(1, 16)]


def test_replies_new_posts_and_those_from_before_we_counted_say_nothing_about_the_time(town: Town) -> None:
    town.period("2026-11-16", "2026-11-23")
    publish(town, "2026-06-20 12:00", 9)  # collecting began in July
    publish(town, "2026-11-19 12:00", 9)  # a day old
    town.post("ask", "ann", "2026-11-10 10:00", asks=True)
    town.post("reply", "riverside", "2026-11-10 11:00", "ask")
    assert times(town) == {}
