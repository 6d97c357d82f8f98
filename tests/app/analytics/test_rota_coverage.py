"""The rota in words and as a week."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from app.analytics import rota_coverage
from app.ui.markup import escape_markdown
from warehouse.casebook.rota import Away, Rota, RotaEvent, Slot

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVERY_DAY = tuple(range(1, 8))


def of(*slots: tuple[str, tuple[int, ...], int, int]) -> Rota:
    return Rota(tuple(Slot(n, *slot) for n, slot in enumerate(slots)))


def test_a_gap_is_named_with_the_requests_that_came_then() -> None:
    rota = of(("Dee", EVERY_DAY, 8, 22))
    assert rota_coverage.gap_lines(rota, {23: 4, 30: 2, 12: 34}) == [
        "Nobody looks between 22:00 and 08:00; 6 of the last 40 requests came then."
    ]
    assert rota_coverage.gap_lines(rota, {12: 1}) == [
        "Nobody looks between 22:00 and 08:00; none of 1 request came then."
    ]
    assert rota_coverage.gap_lines(rota, {}) == ["Nobody looks between 22:00 and 08:00."]


def test_the_gap_in_which_most_requests_came_stands_first() -> None:
    rota = of(("Dee", (1, 2, 3, 4, 5), 8, 22), ("Kim", (6,), 8, 12))
    assert rota_coverage.gap_lines(rota, {23: 3, 24 * 6: 2}) == [
        "Monday to Friday: nobody looks between 22:00 and 08:00; 3 of the last 5 requests came then.",
        "Nobody looks from Saturday 12:00 to Monday 08:00; 2 of the last 5 requests came then.",
    ]


def test_many_gaps_are_not_all_read_out() -> None:
    rota = of(*((f"p{day}", (day,), 8, 12 + day) for day in range(1, 7)))
    lines = rota_coverage.gap_lines(rota, {})
    assert len(lines) == 5
    assert lines[-1] == "There are 2 more gaps: see the week below."


def test_a_full_week_has_no_gap_and_an_empty_rota_says_nothing_of_gaps() -> None:
    assert rota_coverage.gap_lines(of(("Dee", EVERY_DAY, 8, 20), ("Kim", EVERY_DAY, 20, 8)), {}) == [
        "Somebody looks at every hour of the week."
    ]
    assert rota_coverage.gap_lines(Rota(), {3: 1}) == []
    assert rota_coverage.now_line(Rota(), NOW) == "Nobody has said yet when they look."


def test_who_looks_now_is_named() -> None:
    both = of(("Dee", EVERY_DAY, 8, 22), ("Kim", (5,), 11, 13))
    assert rota_coverage.now_line(both, NOW) == "Dee and Kim look now."
    assert rota_coverage.now_line(both, NOW.replace(hour=20)) == "Dee looks now."
    assert rota_coverage.now_line(both, NOW.replace(hour=23)) == "Nobody is down to look at this hour."


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((1,), "Monday"),
        ((6, 7), "Saturday and Sunday"),
        ((1, 3, 5), "Monday, Wednesday and Friday"),
        ((2, 3, 4), "Tuesday to Thursday"),
        (EVERY_DAY, "every day"),
    ],
)
def test_days_are_said_as_people_say_them(days: tuple[int, ...], words: str) -> None:
    assert rota_coverage.format_weekdays(days) == words


def test_the_week_shows_who_looks_for_part_of_a_block_and_escapes_names() -> None:
    drawn = str(rota_coverage.week_table(of(("<b>Dee</b>", (1,), 9, 13)), {9: 2}))
    assert "&lt;b&gt;Dee&lt;/b&gt; 09–12" in drawn
    assert "&lt;b&gt;Dee&lt;/b&gt; 12–13" in drawn
    assert "2 asked" in drawn
    assert drawn.count("<td") == 1 + 7 * 6


def test_requests_are_counted_by_the_hour_of_the_week() -> None:
    rows = pd.DataFrame([(1, 0, 3), (7, 23, 2)], columns=["local_weekday", "local_hour", "requests_count"])
    assert rota_coverage.count_by_hour(rows) == {0: 3, 167: 2}
    assert rota_coverage.count_by_hour(rows.iloc[:0]) == {}


def test_what_was_changed_is_told_with_who_and_when() -> None:
    slot = RotaEvent(1, NOW, "Sam", "add_slot", {"person": "Dee", "weekdays": [1, 2, 3, 4, 5], "start": 18, "end": 24})
    away = RotaEvent(2, NOW, "Sam", "add_away", {"person": "Dee", "first": "2026-12-01", "last": "2026-12-03"})
    gone = RotaEvent(3, NOW, "Kim", "remove", {"event_id": 1})
    table = rota_coverage.changes_table([slot, away, gone], "Europe/London", NOW)
    assert table.to_numpy().tolist() == [
        ["today 12:00", "Kim", escape_markdown("Taken off: Dee looks: Monday to Friday, 18:00–00:00")],
        ["today 12:00", "Sam", escape_markdown("Dee is away: 1 December to 3 December")],
        ["today 12:00", "Sam", escape_markdown("Dee looks: Monday to Friday, 18:00–00:00")],
    ]
    assert rota_coverage.away_line(Away(1, "Dee", date(2026, 12, 1), date(2026, 12, 1)), NOW) == "1 December"
