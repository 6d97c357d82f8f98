"""Whom a message is about: those who wait and whom nobody has taken on."""

from datetime import timedelta

from tests.warehouse.models.conftest import Town


def waits(town: Town) -> list[dict[str, object]]:
    return town.ask("select * from shown.waits order by waiting_since_at")


def ask(town: Town, name: str = "ask", by: str = "ana", when: str = "2026-11-20 06:00", **given: object) -> None:
    town.account(by)
    town.post(name, by, when, asks=True, **given)  # type: ignore[arg-type]
    town.read(name, "2026-11-20 11:50")


def test_a_request_that_nobody_answered_waits_since_it_was_asked_and_is_late_after_the_promise(town: Town) -> None:
    ask(town)
    town.rebuild()
    (row,) = waits(town)
    assert row["late_at"] == row["waiting_since_at"] + timedelta(hours=24)  # type: ignore[operator]


def test_two_requests_by_one_person_have_one_asker(town: Town) -> None:
    ask(town)
    town.post("again", "ana", "2026-11-20 07:00", asks=True)
    town.read("again", "2026-11-20 11:50")
    ask(town, "other", "bo")
    town.rebuild()
    assert len({row["asker_number"] for row in waits(town)}) == 2
    assert len({row["wait_id"] for row in waits(town)}) == 3


def test_nobody_is_called_for_what_was_put_off_or_could_not_be_read_or_only_might_be_a_request(town: Town) -> None:
    for name in ("waits", "put off", "imported"):
        ask(town, name, name, imported=name == "imported")
    town.account("kim")
    town.post("unread", "kim", "2026-11-20 07:00", asks=True)
    town.post("maybe", "kim", "2026-11-20 07:00", queue=True)
    town.read("maybe", "2026-11-20 11:50")
    town.decide("put off", snoozed_until_at=town.now + timedelta(hours=3))
    town.rebuild()
    assert town.state("unread") == "unknown"
    assert [row["waiting_since_at"] for row in waits(town)] == [town.states()["waits"]["waiting_since_at"]]
