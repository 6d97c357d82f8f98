"""Across groups, worked by hand. Now is Friday 2026-11-20, 12:00."""

from tests.warehouse.models.conftest import Town
from tests.warehouse.models.test_weeks import ask


def test_each_group_has_its_own_line(town: Town) -> None:
    town.group("hill")
    ask(town, "kept", "2026-11-16 10:00", 1)
    ask(town, "late", "2026-11-16 10:00", 30)
    ask(town, "open", "2026-11-18 12:00")
    ask(town, "unread", "2026-11-17 10:00", read="2026-11-17 11:00")
    ask(town, "before", "2026-11-01 10:00", 1)
    town.rebuild()
    rows = {row["group_id"]: row for row in town.ask("select * from shown.across_groups")}
    this = rows["riverside"]
    assert (this["open_count"], this["oldest_waiting_hours"]) == (2, 74)  # the unread one waits too
    assert (this["due_count"], this["answered_in_promise_count"], this["unknown_count"]) == (3, 1, 1)
    assert (rows["hill"]["open_count"], rows["hill"]["oldest_waiting_hours"], rows["hill"]["due_count"]) == (0, None, 0)
