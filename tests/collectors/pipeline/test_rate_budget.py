"""One budget per server: half its published limit, its word over ours, and a breaker."""

from datetime import UTC, datetime, timedelta

import pytest

from collectors.fetch_types import FetchFailed
from collectors.pipeline.rate_budget import Budget, Limit

FIVE, FIFTEEN = timedelta(minutes=5), timedelta(minutes=15)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 20, 12, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def a_budget(clock: Clock) -> Budget:
    return Budget("carers.example", (Limit(300, FIVE), Limit(40, FIFTEEN, is_paged=True)), clock)


def test_half_of_the_published_limit_is_ours_and_the_next_window_is_fresh(clock: Clock) -> None:
    budget = a_budget(clock)
    for _ in range(150):
        budget.spend(is_paged=False)
    with pytest.raises(FetchFailed) as caught:
        budget.spend(is_paged=False)
    assert caught.value.kind == "limited"
    assert caught.value.retry_at == datetime(2026, 11, 20, 12, 5, tzinfo=UTC)  # aligned to the wall clock
    clock.at += FIVE
    budget.spend(is_paged=False)


def test_paged_requests_have_a_smaller_limit_of_their_own(clock: Clock) -> None:
    budget = a_budget(clock)
    for _ in range(20):
        budget.spend(is_paged=True)
    with pytest.raises(FetchFailed):
        budget.spend(is_paged=True)
    budget.spend(is_paged=False)  # the head page still may be asked for
    assert (budget.remaining(), budget.remaining(is_paged=True)) == (129, 0)


def test_a_refused_request_is_not_counted(clock: Clock) -> None:
    budget = a_budget(clock)
    for _ in range(20):
        budget.spend(is_paged=True)
    for _ in range(50):
        with pytest.raises(FetchFailed):
            budget.spend(is_paged=True)
    assert budget.remaining() == 130


def test_the_servers_own_count_below_a_fifth_stops_us_until_its_reset(clock: Clock) -> None:
    budget = a_budget(clock)
    reset = clock.at + timedelta(minutes=3)
    budget.report(7, reset)
    with pytest.raises(FetchFailed) as caught:
        budget.spend(is_paged=False)
    assert caught.value.retry_at == reset
    clock.at = reset
    budget.spend(is_paged=False)


def test_after_a_429_nobody_asks_before_the_reset_and_not_all_at_once(clock: Clock) -> None:
    budget = a_budget(clock)
    reset = clock.at + timedelta(minutes=2)
    until = budget.back_off(reset)
    assert timedelta(seconds=1) <= until - reset <= timedelta(seconds=10)
    assert budget.remaining() == 0
    clock.at = until
    assert budget.remaining() > 0


def test_a_429_without_a_readable_reset_waits_five_minutes(clock: Clock) -> None:
    assert a_budget(clock).back_off(None) >= clock.at + FIVE


def test_the_breaker_opens_for_five_minutes_then_longer_up_to_an_hour(clock: Clock) -> None:
    budget = a_budget(clock)
    pauses = []
    for _ in range(6):
        pauses.append((budget.failed() - clock.at) / timedelta(minutes=1))
        clock.at += timedelta(hours=2)
    assert pauses == [5, 10, 20, 40, 60, 60]
    budget.answered()
    assert budget.failed() - clock.at == FIVE


def test_the_record_of_old_windows_does_not_grow(clock: Clock) -> None:
    budget = a_budget(clock)
    for _ in range(500):
        budget.spend(is_paged=True)
        clock.at += FIFTEEN
    assert len(budget._spent) < 50
