"""People, together: newcomers, helpers, who keeps writing, looking after, support. Hand-worked. Now is Friday 2026-11-20, 12:00.

The town has collected since 1 July, so somebody new can be told from 29 September on.
"""

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.warehouse.models.conftest import Town, at, named
from warehouse.storage import rows


@pytest.fixture(autouse=True)
def october_and_november(town: Town) -> None:
    town.period("2026-10-01", "2026-12-01")


def one(town: Town, view: str, group: str = "riverside") -> dict[str, Any]:
    town.rebuild()
    found = town.ask(f"select * from shown.{view} where group_id = '{group}'")
    return found[0] if found else {}


def comes(town: Town, who: str, when: str, answered_after: float | None = None, **given: Any) -> None:
    """Somebody's first post; read whole at the end."""
    town.account(who)
    town.post(f"{who} first", who, when, first_contact=True, **given)
    town.read(f"{who} first", "2026-11-20 11:50")
    if answered_after is not None:
        replied = (at(when) + timedelta(hours=answered_after)).strftime("%Y-%m-%d %H:%M")
        town.post(f"reply to {who}", "ben", replied, f"{who} first")


def newcomers(town: Town) -> dict[str, int]:
    found = one(town, "newcomers")
    return {key.removesuffix("_count"): value for key, value in found.items() if key.endswith("_count")}


def test_newcomers_are_told_from_the_ninetieth_day_on(town: Town) -> None:
    town.period("2026-09-01", "2026-12-01")
    comes(town, "early", "2026-09-28 12:00")
    comes(town, "first", "2026-09-29 00:00")
    found = one(town, "newcomers")
    assert (found["newcomers_count"], str(found["known_from_date"])) == (1, "2026-09-29")


def test_before_the_ninetieth_day_nothing_is_said(town: Town) -> None:
    town.period("2026-08-01", "2026-09-01")
    comes(town, "early", "2026-08-10 12:00")
    assert one(town, "newcomers") == {}


def test_newcomers_answered_within_a_day_and_back_within_thirty(town: Town) -> None:
    comes(town, "quick", "2026-10-05 10:00", 2)
    comes(town, "edge", "2026-10-05 10:00", 24)
    comes(town, "late", "2026-10-05 10:00", 24.5)
    comes(town, "never", "2026-10-05 10:00")
    comes(town, "young", "2026-11-20 10:00")  # two hours old: not due
    comes(town, "settling", "2026-10-25 10:00", 1)  # 26 days old: too young to have come back or not
    town.post("same day", "quick", "2026-10-05 20:00")  # no coming back
    town.post("day 30", "edge", "2026-11-04 09:00")
    town.post("day 31", "late", "2026-11-05 09:00")
    town.post("soon", "settling", "2026-10-26 09:00")
    assert newcomers(town) == {
        "newcomers": 6, "due": 5, "answered": 3, "unknown": 0, "settled": 4, "came_back": 1
    }  # fmt: skip


def test_a_first_post_whose_thread_could_not_be_read_is_in_neither_figure(town: Town) -> None:
    town.account("ann")
    town.post("ann first", "ann", "2026-10-05 10:00", first_contact=True)
    assert newcomers(town) == {
        "newcomers": 1, "due": 0, "answered": 0, "unknown": 1, "settled": 1, "came_back": 0
    }  # fmt: skip


def test_robots_are_no_newcomers(town: Town) -> None:
    town.account("robot", is_bot=True)
    town.post("beep", "robot", "2026-10-05 10:00", first_contact=True)
    assert newcomers(town)["newcomers"] == 0


def test_an_answer_that_somebody_noted_or_called_hostile_changes_who_was_answered(town: Town) -> None:
    comes(town, "phoned", "2026-10-05 10:00")
    town.decide("phoned first", outcome="answered elsewhere", outcome_at=at("2026-10-05 20:00"))
    comes(town, "insulted", "2026-10-05 10:00", 1)
    town.decide("reply to insulted", flag="hostile")
    assert (newcomers(town)["due"], newcomers(town)["answered"]) == (2, 1)


def test_helpers_are_people_who_answered_requests_and_are_counted_once(town: Town) -> None:
    for who in ("ann", "ben", "cat", "dan", "eve", "fay"):
        town.account(who)
    for number, helpers in enumerate((("ben", "cat", "riverside"), ("ben", "dan"), ("ben", "ann", "eve"))):
        town.post(f"ask {number}", ("ann", "fay", "cat")[number], f"2026-10-0{number + 2} 10:00", asks=True)
        for helper in helpers:
            town.post(f"{helper} {number}", helper, f"2026-10-0{number + 2} 11:00", f"ask {number}")
    town.post("hello", "ann", "2026-10-08 10:00")
    town.post("to a hello", "fay", "2026-10-08 11:00", "hello")  # no answer to a request
    found = one(town, "helpers")
    assert (found["answers_count"], found["helpers_count"], found["peer_helpers_count"], found["by_peer_count"]) == (
        8,
        6,
        5,
        7,
    )
    assert (found["busiest_count"], found["busiest_share"]) == (3, 37.5)
    assert (found["askers_count"], found["both_count"]) == (3, 2)  # ann and cat did both


def test_who_helped_before_the_period_does_not_help_for_the_first_time(town: Town) -> None:
    for number, when in enumerate(("2026-09-30 10:00", "2026-10-01 10:00")):
        town.post(f"ask {number}", "ann", when, asks=True)
        town.post(f"old {number}", "ben", when.replace("10:00", "11:00"), f"ask {number}")
    town.post("new", "cat", "2026-10-01 12:00", "ask 1")
    town.post("dee", "riverside-dee", "2026-10-01 12:00", "ask 1")
    found = one(town, "helpers")
    assert (found["helpers_count"], found["first_time_count"]) == (3, 1)


def test_a_mark_by_a_person_makes_somebody_a_helper_who_helped_for_the_first_time_before(town: Town) -> None:
    town.post("chat", "ann", "2026-09-20 10:00")
    town.post("reply", "ben", "2026-09-20 11:00", "chat")
    town.post("ask", "ann", "2026-10-02 10:00", asks=True)
    town.post("again", "ben", "2026-10-02 11:00", "ask")
    assert one(town, "helpers")["first_time_count"] == 1
    town.decide("chat", is_request=True)
    assert one(town, "helpers")["first_time_count"] == 0


def test_with_few_helpers_no_share_of_the_busiest_is_told(town: Town) -> None:
    town.post("ask", "ann", "2026-10-02 10:00", asks=True)
    for number in range(6):
        town.post(f"r{number}", "ben", "2026-10-02 11:00", "ask")
    found = one(town, "helpers")
    assert (found["busiest_count"], found["busiest_share"]) == (6, None)


def test_checked_back_is_of_answers_that_are_a_week_old(town: Town) -> None:
    for name, when in (("cared", "2026-11-01 10:00"), ("left", "2026-11-02 10:00"), ("fresh", "2026-11-19 10:00")):
        town.post(name, f"asker of {name}", when, asks=True)
        town.post(f"answer {name}", "ben", when.replace("10:00", "11:00"), name)
    town.post("how are you", "ben", "2026-11-04 11:00", "answer cared")
    town.post("thanks", "asker of left", "2026-11-02 12:00", "answer left", thanks=True)
    town.post("unanswered", "dan", "2026-11-03 10:00", asks=True)
    found = one(town, "looking_after")
    assert (
        found["answered_count"],
        found["check_due_count"],
        found["checked_back_count"],
        found["came_back_count"],
    ) == (3, 2, 1, 1)


def writes(town: Town, who: str, *days: str) -> None:
    for day in days:
        town.post(f"{who} {day}", who, f"{day} 10:00")


def meets(town: Town, who: str, when: str) -> None:
    """The first contact with somebody, all that is left of it."""
    town.insert(rows.FirstContact("riverside", named(who), named(who), at(when)))


def forgotten(town: Town, name: str) -> None:
    """What the nightly forgetting leaves of a post's writer: a number that stands nowhere else."""
    town.con.execute("update stored.posts set author_id = uuid() where post_id = ?", [named(name)])


def test_people_who_keep_writing_come_back_or_fall_silent(town: Town) -> None:
    town.period(
        "2026-11-01", "2026-12-01"
    )  # today is the 20th: the last 90 days begin on 23 August, the last 30 on 22 October
    writes(town, "ann", "2026-11-03")  # new
    meets(town, "ann", "2026-11-03 10:00")
    writes(town, "ben", "2026-11-03", "2026-11-04")  # met in July, and nothing since
    meets(town, "ben", "2026-07-05 00:00")
    writes(town, "cat", "2026-08-05", "2026-11-03")  # 90 days apart: 89 silent ones
    meets(town, "cat", "2026-08-05 00:00")
    writes(town, "dan", "2026-08-23", "2026-09-10", "2026-10-01", "2026-10-21")  # a regular who fell silent
    writes(town, "eve", "2026-08-22", "2026-09-10", "2026-10-01", "2026-10-21")  # the first is a day too early
    writes(town, "gus", "2026-09-01", "2026-09-02", "2026-10-03", "2026-10-22")  # a regular who is still here
    writes(town, "riverside-dee", "2026-11-03")
    found = one(town, "regulars")
    assert (found["people_count"], found["first_count"], found["returning_count"]) == (3, 1, 2)
    assert found["reactivated_count"] == 1
    assert (found["regulars_count"], found["lost_count"]) == (2, 1)


def test_where_writers_are_forgotten_no_people_are_counted(town: Town) -> None:
    town.period("2026-08-01", "2026-09-01")
    writes(town, "ann", "2026-08-03", "2026-08-04", "2026-11-03")
    forgotten(town, "ann 2026-08-03")
    found = one(town, "regulars")
    assert (found["forgotten_count"], found["people_count"], found["reactivated_count"]) == (1, None, None)
    assert found["lost_count"] == 0  # the last 90 days are known
    town.period("2026-11-01", "2026-12-01")
    assert one(town, "regulars")["people_count"] == 1


def test_a_silence_is_told_only_where_enough_of_it_was_seen(town: Town) -> None:
    writes(town, "old", "2026-09-10")
    forgotten(town, "old 2026-09-10")
    meets(town, "ben", "2026-05-05 00:00")
    writes(town, "ben", "2026-11-12")
    town.period("2026-11-10", "2026-12-01")  # 60 days after 11 September
    assert one(town, "regulars")["reactivated_count"] == 1
    town.period("2026-11-09", "2026-12-01")
    assert one(town, "regulars")["reactivated_count"] is None


def test_helpers_whose_answers_are_forgotten_are_not_counted_as_people(town: Town) -> None:
    town.post("ask", "ann", "2026-10-02 10:00", asks=True)
    town.post("reply", "ben", "2026-10-02 11:00", "ask")
    forgotten(town, "reply")
    found = one(town, "helpers")
    assert (found["answers_count"], found["forgotten_count"], found["helpers_count"], found["both_count"]) == (
        1,
        1,
        None,
        None,
    )


def test_who_may_have_helped_in_days_that_are_forgotten_does_not_help_for_the_first_time(town: Town) -> None:
    writes(town, "old", "2026-09-10")
    forgotten(town, "old 2026-09-10")
    town.post("ask", "ann", "2026-10-02 10:00", asks=True)
    for who, met in (("ben", "2026-08-01 00:00"), ("cat", "2026-10-02 11:00")):
        town.post(f"{who} helps", who, "2026-10-02 11:00", "ask")
        meets(town, who, met)
    assert (one(town, "helpers")["helpers_count"], one(town, "helpers")["first_time_count"]) == (2, 1)


def test_in_the_first_ninety_days_nobody_is_called_new(town: Town) -> None:
    town.period("2026-08-01", "2026-12-01")
    town.post("ask", "ann", "2026-08-02 10:00", asks=True)
    town.post("reply", "ben", "2026-08-02 11:00", "ask")
    meets(town, "ben", "2026-08-02 11:00")
    assert (one(town, "helpers")["helpers_count"], one(town, "helpers")["first_time_count"]) == (1, 0)
    found = one(town, "regulars")
    assert (found["people_count"], found["first_count"], found["returning_count"]) == (2, None, None)


def test_a_newcomer_who_is_forgotten_neither_came_back_nor_stayed_away(town: Town) -> None:
    comes(town, "ann", "2026-10-05 10:00", 2)
    forgotten(town, "ann first")
    found = newcomers(town)
    assert (found["newcomers"], found["answered"], found["settled"], found["came_back"]) == (1, 1, 0, 0)


def test_regulars_are_not_told_before_we_have_looked_for_ninety_days(town: Town) -> None:
    town.now = at("2026-09-20 12:00")
    writes(town, "ann", "2026-09-03")
    assert one(town, "regulars")["lost_count"] is None


def test_groups_have_their_own_people_and_their_own_days(town: Town) -> None:
    town.group("auckland", zone="Pacific/Auckland")
    town.period("2026-11-01", "2026-11-02")
    for group in ("riverside", "auckland"):
        town.post(f"{group} ask", "ann", "2026-10-31 23:30", group=group, asks=True)  # 1 November in Auckland
    assert one(town, "regulars")["people_count"] == 0
    assert one(town, "regulars", "auckland")["people_count"] == 1


def test_support_is_told_in_shares_that_add_up_with_unsure_shown(town: Town) -> None:
    for number, kind in enumerate(("emotional", "emotional", "practical", "unsure", None)):
        town.post(f"ask {number}", f"p{number}", "2026-11-02 10:00", asks=True, support=kind)
    town.decide("ask 2", support_asked="informational")
    town.post("answer", "ben", "2026-11-02 11:00", "ask 0", gives="emotional")
    town.rebuild()
    found = town.ask("select * from shown.support_kinds")
    asked = {row["kind"]: row["share"] for row in found if row["direction"] == "asked"}
    assert asked == {"emotional": 40, "informational": 20, "unsure": 40}
    assert [(row["kind"], row["share"], row["of_count"]) for row in found if row["direction"] == "given"] == [
        ("emotional", None, 1)
    ]


def test_a_kind_says_how_often_the_word_lists_had_it_right(town: Town) -> None:
    for number in range(10):
        town.post(f"ask {number}", f"p{number}", "2026-11-02 10:00", asks=True, support="emotional")
        town.decide(f"ask {number}", is_request=True, support_asked="practical" if number == 0 else None)
    town.rebuild()
    (row,) = town.ask("select * from shown.support_kinds where kind = 'emotional'")
    assert (row["judged_count"], row["right_share"], row["share"]) == (10, 90, 90)


def test_everybody_who_took_their_posts_down_still_wrote(town: Town) -> None:
    town.post("gone", "ann", "2026-11-02 10:00", asks=True, deleted="2026-11-03 10:00")
    assert one(town, "regulars")["people_count"] == 1
    assert one(town, "helpers")["askers_count"] == 1


@pytest.mark.parametrize("view", ["newcomers", "helpers", "looking_after", "regulars"])
def test_one_post_and_no_post_are_no_trouble(town: Town, view: str) -> None:
    assert not one(town, view) or set(one(town, view).values()) - {"riverside"}
    town.post("only", "ann", "2026-11-02 10:00", asks=True)
    assert one(town, view)


def test_the_parts_add_up_whatever_was_written(town: Town) -> None:
    """A hundred posts by chance: people are new or wrote before; every answer is by the team or a peer; shares make 100."""
    dice = random.Random(7)  # noqa: S311 - a town, not a lottery
    for number in range(100):
        when = f"2026-{dice.randint(9, 11):02d}-{dice.randint(1, 19):02d} {dice.randint(0, 23):02d}:00"
        under = f"post {dice.randrange(number)}" if number and dice.random() < 0.6 else None
        by = dice.choice(["riverside-dee", *(f"p{one}" for one in range(12))])
        town.post(
            f"post {number}", by, max(when, town.posts[under].created_at.isoformat(" ")[:16]) if under else when, under,
            asks=dice.random() < 0.5 and not by.startswith("riverside"), support=dice.choice(["emotional", "practical", None]),
        )  # fmt: skip
    keeps, helps, after = one(town, "regulars"), one(town, "helpers"), one(town, "looking_after")
    assert keeps["people_count"] == keeps["first_count"] + keeps["returning_count"]
    assert keeps["reactivated_count"] <= keeps["returning_count"]
    assert helps["peer_helpers_count"] <= helps["helpers_count"] <= helps["answers_count"]
    assert helps["busiest_count"] * helps["helpers_count"] >= helps["answers_count"] >= helps["by_peer_count"]
    assert after["checked_back_count"] <= after["check_due_count"] <= after["answered_count"]
    (answers,) = town.ask("select sum(answers_count) as n from shown.request_hours")
    assert answers["n"] == helps["answers_count"]
    for direction in ("asked", "given"):
        shares = town.ask(f"select share from shown.support_kinds where direction = '{direction}'")
        assert sum(row["share"] for row in shares) == pytest.approx(100)
