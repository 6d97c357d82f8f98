"""Until when something can be put off."""

from datetime import UTC, datetime

import pytest

from app.request_queue import actions
from app.request_queue.lists import find_new


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "found"),
    [
        # an afternoon in winter: London is UTC
        ("2026-11-20 14:00", {"tonight": "2026-11-20 19:00", "morning": "2026-11-21 08:00", "three_days": "2026-11-23 08:00"}),
        # in the evening there is no tonight any more
        ("2026-11-20 18:30", {"morning": "2026-11-21 08:00", "three_days": "2026-11-23 08:00"}),
        # in the small hours the morning is today's
        ("2026-11-20 03:00", {"tonight": "2026-11-20 19:00", "morning": "2026-11-20 08:00", "three_days": "2026-11-23 08:00"}),
        # over the night in which clocks go back, eight is eight
        ("2026-10-24 14:00", {"tonight": "2026-10-24 18:00", "morning": "2026-10-25 08:00", "three_days": "2026-10-27 08:00"}),
    ],
)  # fmt: skip
def test_snooze_times_are_times_of_the_groups_own_day(now: str, found: dict[str, str]) -> None:
    made = actions.snooze_times(at(now), "Europe/London")
    assert {name: when.astimezone(UTC) for name, when in made.items()} == {k: at(v) for k, v in found.items()}


@pytest.mark.parametrize(
    ("ids", "known", "new"),
    [
        ({"a", "b"}, {"a"}, {"b"}),
        ({"a"}, {"a", "b"}, set()),
        ({"b"}, {"a"}, set()),  # nothing known is left to read: there is no place to lose
        (set(), {"a"}, set()),
    ],
)
def test_only_beside_something_known_is_something_new(ids: set[str], known: set[str], new: set[str]) -> None:
    assert find_new(ids, known) == new
