"""Who looks when, and when nobody does: on the wall clock, over midnight, in the nights when the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest

from warehouse.casebook.events import Casebook
from warehouse.casebook.rota import (
    Away,
    Gap,
    Rota,
    Slot,
    away_on,
    on_duty_at,
    people_on_duty,
    requests_in_gaps,
    rota_after,
    uncovered_gaps,
    uncovered_nights,
)
from warehouse.casebook.rota_events import add_away, add_slot, load_rota, load_rota_changes, remove_entry

EVERY_DAY = tuple(range(1, 8))
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday


def of(*slots: tuple[str, tuple[int, ...], int, int], away: tuple[Away, ...] = ()) -> Rota:
    return Rota(tuple(Slot(n, *slot) for n, slot in enumerate(slots)), away, SINCE)


def local(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


def utc(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "names"),
    [
        ("2026-11-20 17:59", ()),
        ("2026-11-20 18:00", ("Dee",)),
        ("2026-11-20 21:59", ("Dee",)),
        ("2026-11-20 22:00", ("Kim",)),
        ("2026-11-21 01:59", ("Kim",)),  # Friday's slot goes on on Saturday
        ("2026-11-21 02:00", ()),
        ("2026-11-21 18:00", ()),
        ("2026-11-20 01:00", ()),  # Thursday has none that could
    ],
)
def test_a_slot_goes_on_after_midnight(when: str, names: tuple[str, ...]) -> None:
    assert on_duty_at(of(("Dee", (5,), 18, 22), ("Kim", (5,), 22, 2)), local(when)) == names


def test_a_slot_until_midnight_ends_there() -> None:
    evening = of(("Dee", (5,), 18, 24))
    assert on_duty_at(evening, local("2026-11-20 23:59")) == ("Dee",)
    assert on_duty_at(evening, local("2026-11-21 00:00")) == ()


def test_who_is_away_does_not_look_from_the_first_day_to_the_last() -> None:
    dee = of(("Dee", EVERY_DAY, 22, 2), away=(Away(9, "dee", date(2026, 11, 20), date(2026, 11, 21)),))
    assert on_duty_at(dee, local("2026-11-20 01:00")) == ("Dee",)  # that slot began on Thursday
    assert on_duty_at(dee, local("2026-11-20 22:00")) == ()
    assert on_duty_at(dee, local("2026-11-22 01:00")) == ()
    assert on_duty_at(dee, local("2026-11-22 22:00")) == ("Dee",)
    assert away_on(dee, date(2026, 11, 21)) == {"dee"}


def test_the_same_gap_on_every_day_is_one() -> None:
    assert uncovered_gaps(of(("Dee", EVERY_DAY, 8, 22))) == [Gap(EVERY_DAY, 22, 10)]


def test_gaps_that_differ_are_told_apart_the_longest_first() -> None:
    weekdays = of(("Dee", (1, 2, 3, 4, 5), 8, 22), ("Kim", (6,), 8, 12))
    assert uncovered_gaps(weekdays) == [Gap((6,), 12, 44), Gap((1, 2, 3, 4, 5), 22, 10)]


def test_a_week_without_slots_is_one_gap_and_a_full_one_has_none() -> None:
    assert [gap.hours for gap in uncovered_gaps(Rota())] == [168]
    assert uncovered_gaps(of(("Dee", EVERY_DAY, 8, 20), ("Kim", EVERY_DAY, 20, 8))) == []


def test_requests_of_a_gap_are_counted_by_the_hour_they_came_in() -> None:
    (gap,) = uncovered_gaps(of(("Dee", EVERY_DAY, 8, 22)))
    assert requests_in_gaps(gap, {22: 2, 7: 1, 8: 5, 167: 3, 21: 4}) == 6


def test_every_hour_has_its_lookers() -> None:
    found = people_on_duty(of(("Dee", (7,), 22, 2), ("Kim", (1,), 1, 3)))
    assert found == {166: ("Dee",), 167: ("Dee",), 0: ("Dee",), 1: ("Dee", "Kim"), 2: ("Kim",)}


def test_without_a_rota_no_night_is_without_cover() -> None:
    assert uncovered_nights(Rota(), "Europe/London", NOW) == []


def test_a_night_in_which_nobody_looks_is_found_in_the_groups_zone() -> None:
    evening = of(("Dee", EVERY_DAY, 18, 22))
    assert uncovered_nights(evening, "Europe/London", NOW) == [(utc("2026-11-19 22:00"), utc("2026-11-20 08:00"))]
    assert uncovered_nights(evening, "Europe/Berlin", NOW) == [(utc("2026-11-19 21:00"), utc("2026-11-20 07:00"))]
    assert uncovered_nights(evening, "Asia/Kathmandu", NOW)[0] == (utc("2026-11-19 16:15"), utc("2026-11-20 02:15"))


def test_somebody_who_is_away_leaves_the_night_without_cover() -> None:
    night = of(("Dee", EVERY_DAY, 21, 8))
    assert uncovered_nights(night, "Europe/London", NOW) == []
    away = of(("Dee", EVERY_DAY, 21, 8), away=(Away(9, "Dee", date(2026, 11, 19), date(2026, 11, 19)),))
    assert uncovered_nights(away, "Europe/London", NOW) == [(utc("2026-11-19 21:00"), utc("2026-11-20 08:00"))]


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        ("2026-03-29 09:00", 9),  # the clocks go forward
        ("2026-10-25 09:00", 11),  # and back: 01:00 to 02:00 comes twice
        ("2026-11-20 09:00", 10),
    ],
)
def test_the_nights_when_the_clocks_change_are_an_hour_shorter_or_longer(now: str, hours: int) -> None:
    stretches = uncovered_nights(of(("Dee", EVERY_DAY, 18, 22)), "Europe/London", utc(now))
    assert sum((end - start for start, end in stretches), timedelta()) == timedelta(hours=hours)


def test_a_night_before_there_was_a_rota_is_nobodys() -> None:
    new = Rota((Slot(1, "Dee", EVERY_DAY, 18, 22),), (), utc("2026-11-20 03:00"))
    assert uncovered_nights(new, "Europe/London", NOW) == [(utc("2026-11-20 03:00"), utc("2026-11-20 08:00"))]


def test_the_rota_is_kept_with_who_changed_it_and_what_is_removed_is_remembered(casebook: Casebook) -> None:
    slot = add_slot(casebook, "g", "Sam", NOW, person=" Dee  Dee ", weekdays=(5, 1), start=18, end=22)
    add_away(casebook, "g", "Sam", NOW, person="Dee Dee", first=date(2026, 12, 1), last=date(2026, 12, 3))
    add_slot(casebook, "other", "Sam", NOW, person="Kim", weekdays=(1,), start=1, end=2)
    kept = load_rota(casebook, "g")
    assert kept.slots == (Slot(slot, "Dee Dee", (1, 5), 18, 22),)
    assert [one.last for one in kept.aways] == [date(2026, 12, 3)]
    remove_entry(casebook, "g", "Kim", NOW, slot)
    remove_entry(casebook, "g", "Kim", NOW, slot)
    assert load_rota(casebook, "g").slots == ()
    assert [(one.who, one.what) for one in load_rota_changes(casebook, "g")][:1] == [("Sam", "add_slot")]
    assert rota_after(load_rota_changes(casebook, "g")).aways == kept.aways


@pytest.mark.parametrize(
    "changed",
    [{"weekdays": ()}, {"weekdays": (8,)}, {"start": 24}, {"end": 0}, {"end": 18}, {"person": "  "}],
)
def test_a_slot_that_makes_no_sense_is_refused(casebook: Casebook, changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"slot|name"):
        add_slot(casebook, "g", "Sam", NOW, **{"person": "Dee", "weekdays": (1,), "start": 18, "end": 22} | changed)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="before"):
        add_away(casebook, "g", "Sam", NOW, person="Dee", first=date(2026, 12, 2), last=date(2026, 12, 1))
    assert load_rota_changes(casebook, "g") == []
