"""What leaves in an export adds up to what the pages show, whatever happened."""

import random
from datetime import timedelta

import pytest

from tests.warehouse.models.conftest import Town


@pytest.mark.parametrize("seed", range(4))
def test_weeks_and_days_are_the_sums_of_the_exported_rows(town: Town, seed: int) -> None:
    """Random posts, answers, deletions and languages over five weeks; every third seed sits on the night the clocks go back."""
    dice = random.Random(seed)  # noqa: S311 chance, not secrets
    town.now += timedelta(days=-24 if seed % 3 == 0 else 0)
    for number in range(60):
        when = town.now - timedelta(hours=dice.uniform(1, 24 * 35))
        extra = {"deleted": f"{town.now:%Y-%m-%d %H:%M}"} if dice.random() < 0.1 else {}
        town.post(
            f"ask-{number}", f"member{dice.randint(1, 9)}", f"{when:%Y-%m-%d %H:%M}", asks=dice.random() < 0.8, **extra
        )
        for answer in range(dice.choice((0, 0, 1, 2))):
            later = min(when + timedelta(hours=dice.uniform(0, 60)), town.now)
            by = dice.choice(("riverside-dee", "riverside", "ben", "lou"))
            town.post(f"answer-{number}-{answer}", by, f"{later:%Y-%m-%d %H:%M}", f"ask-{number}")
    town.rebuild()
    weeks = town.ask("""
        select week_start_date, asks_count, due_count, answered_in_promise_count, unknown_count, by_group_count, by_peer_count
        from shown.weeks where asks_count > 0 order by week_start_date
    """)
    exported = town.ask("""
        select
            date_trunc('week', local_date)::date as week_start_date,
            count(*) as asks_count,
            count(*) filter (is_due) as due_count,
            count(*) filter (is_due and is_answered_in_promise) as answered_in_promise_count,
            count(*) filter (is_due_unknown) as unknown_count,
            count(*) filter (is_answered_by_group) as by_group_count,
            count(*) filter (is_answered_by_peer) as by_peer_count
        from shown.export_requests where is_counted group by all order by week_start_date
    """)
    assert len(weeks) >= 5
    assert weeks == exported
    by_day = town.ask("""
        select local_date, count(*) as requests_count from shown.export_requests where is_counted group by all order by all
    """)
    days = town.ask("""
        select local_date, sum(requests_count)::bigint as requests_count from shown.export_days
        where not is_imported group by local_date having sum(requests_count) > 0 order by all
    """)
    assert days == by_day
