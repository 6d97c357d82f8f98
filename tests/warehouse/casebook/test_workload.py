"""What one person has taken on, and nobody else's."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from warehouse.casebook.decisions import Event, Workload, workload_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FROM, TO = NOW - timedelta(days=4), NOW + timedelta(days=3)


def event(number: int, post: int, who: str, what: str, hours_ago: float, **detail: Any) -> Event:
    return Event(number, "g", UUID(int=post), NOW - timedelta(hours=hours_ago), who, what, detail)


def load(*events: Event, who: str = "Dee") -> Workload:
    return workload_of(events, who, NOW, FROM, TO)


def test_what_somebody_took_on_was_handed_and_ended() -> None:
    found = load(
        event(1, 1, "Dee", "claim", 1),
        event(2, 2, "Sam", "hand_over", 1, to="dee"),
        event(3, 3, "Dee", "claim", 30),
        event(4, 3, "Dee", "answered_here", 29),
        event(5, 4, "Sam", "claim", 1),
        event(6, 5, "Dee", "hand_over", 1, to="Sam"),  # not hers
    )
    assert found == Workload(now_count=2, taken_count=3, ended_count=1)


def test_what_lapsed_was_let_go_or_taken_back_is_not_held() -> None:
    found = load(
        event(1, 1, "Dee", "claim", 3),  # two hours
        event(2, 2, "Dee", "claim", 1),
        event(3, 2, "Dee", "release", 0.5),
        event(4, 3, "Dee", "claim", 1),
        event(5, 3, "Dee", "undo", 0.5, event_id=4),
    )
    assert found == Workload(now_count=0, taken_count=2, ended_count=0)


def test_what_was_before_the_period_is_not_in_it() -> None:
    assert load(event(1, 1, "Dee", "claim", 200), event(2, 1, "Dee", "answered_here", 190)) == Workload(0, 0, 0)
