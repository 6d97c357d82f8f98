"""What people's corrections say of the rules."""

from typing import Any
from uuid import UUID

from tests.warehouse.models.conftest import Town, at, named


def pick(town: Town, name: str, *, asks: bool = True, rules: str = "r1", support: str | None = None) -> None:
    town.post(name, "ann", "2026-11-10 10:00", asks=asks, queue=True, support=support)
    town.con.execute("update stored.verdicts set rule_ids = ? where post_id = ?", [rules.split(), named(name)])


def rows(town: Town) -> dict[tuple[str, str], dict[str, Any]]:
    town.rebuild()
    found = town.ask("select * from shown.rule_precision order by all")
    return {(row["kind"], row["subject"]): row for row in found}


def test_nothing_judged_says_nothing(town: Town) -> None:
    pick(town, "ask")
    assert rows(town) == {}


def test_marks_and_outcomes_judge_the_rules_that_picked(town: Town) -> None:
    for name, said in {
        "marked": {"is_request": True},
        "wrong": {"is_request": False},
        "answered": {"outcome": "answered elsewhere"},
        "closed": {"outcome": "closed without an answer"},
        "needed none": {"outcome": "no reply needed"},  # says nothing about whether it was one
        "claimed": {"claimed_by": "Dee"},
    }.items():
        pick(town, name, rules="r1 r2" if name == "wrong" else "r1")
        town.decide(name, **said)
    found = rows(town)
    assert {key: (row["judged_count"], row["right_count"]) for key, row in found.items()} == {
        ("counted", ""): (4, 3),
        ("rule", "r1"): (4, 3),
        ("rule", "r2"): (1, 0),
    }
    assert found["rule", "r1"]["language"] == "en"


def test_what_only_stands_in_the_queue_is_judged_apart(town: Town) -> None:
    pick(town, "count")
    pick(town, "queue", asks=False)
    for name in ("count", "queue"):
        town.decide(name, is_request=name == "count")
    found = rows(town)
    assert found["counted", ""]["right_count"] == 1
    assert (found["queue", ""]["judged_count"], found["queue", ""]["right_count"]) == (1, 0)


def test_what_no_rule_picked_judges_no_rule(town: Town) -> None:
    town.post("chat", "ann", "2026-11-10 10:00")
    town.decide("chat", is_request=True)
    assert rows(town) == {}


def test_under_ten_is_too_few_to_say(town: Town) -> None:
    for number in range(10):
        pick(town, f"p{number}")
        town.decide(f"p{number}", is_request=number < 4)
        if number == 8:
            assert rows(town)["rule", "r1"]["right_share"] is None
            assert not rows(town)["rule", "r1"]["is_fallen"]
    row = rows(town)["rule", "r1"]
    assert (row["right_share"], row["late_right_share"], row["is_fallen"]) == (0.4, 0.4, True)


def test_a_rule_falls_by_the_last_ninety_days_only(town: Town) -> None:
    for number in range(30):
        pick(town, f"p{number}")
        is_old = number < 20
        when = "2026-08-22 11:59" if is_old else "2026-08-22 12:00"  # 90 days before noon on 20 November
        town.decide(f"p{number}", is_request=is_old, changed_at=at(when))
    row = rows(town)["rule", "r1"]
    assert (row["judged_count"], row["right_share"]) == (30, 20 / 30)
    assert (row["late_judged_count"], row["late_right_share"], row["is_fallen"]) == (10, 0, True)


def test_a_kind_of_support_is_right_unless_somebody_named_another(town: Town) -> None:
    for name, said in {
        "left": {"is_request": True},
        "same": {"is_request": True, "support_asked": "practical"},
        "other": {"is_request": True, "support_asked": "emotional"},
        "no request": {"is_request": False},
    }.items():
        pick(town, name, support="practical")
        town.decide(name, **said)
    row = rows(town)["support", "practical"]
    assert (row["judged_count"], row["right_count"]) == (3, 2)


def test_ids_in_the_rows_are_rules_and_never_posts(town: Town) -> None:
    pick(town, "ask")
    town.decide("ask", is_request=True)
    assert not [value for row in rows(town).values() for value in row.values() if isinstance(value, UUID)]
