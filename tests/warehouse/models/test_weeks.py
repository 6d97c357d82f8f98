"""Hand-worked weeks. Now is Friday 2026-11-20, 12:00; the week began on Monday the 16th."""

from datetime import date, timedelta
from typing import Any

from tests.warehouse.models.conftest import Town, at, named


def week(town: Town, monday: str = "2026-11-16", now: str = "2026-11-20 12:00") -> dict[str, Any]:
    town.rebuild()
    rows = town.ask(f"select * from shown.weeks where week_start_date = date '{monday}'", at(now))
    return rows[0] if rows else {}


def ask(
    town: Town,
    name: str,
    when: str,
    answered_after: float | None = None,
    by: str = "ben",
    read: str = "2026-11-20 11:50",
) -> None:
    town.post(name, f"asker of {name}", when, asks=True)
    town.read(name, read)
    if answered_after is not None:
        replied = at(when) + timedelta(hours=answered_after)
        town.post(f"reply to {name}", by, replied.strftime("%Y-%m-%d %H:%M"), name)


def test_a_week_in_numbers(town: Town) -> None:
    ask(town, "quick", "2026-11-16 10:00", 1)  # due, in time, by a peer
    ask(town, "late", "2026-11-17 10:00", 30, by="riverside")  # due, late, by the group
    ask(town, "open", "2026-11-18 10:00")  # due, waits
    ask(town, "unread", "2026-11-18 11:00", read="2026-11-18 12:00")  # unknown: not read since its promise ran out
    ask(town, "young", "2026-11-20 10:00")  # not due yet, waits
    ask(town, "before", "2026-11-15 23:59", 1)  # Sunday night: the week before
    row = week(town)
    assert (row["asks_count"], row["due_count"], row["answered_in_promise_count"]) == (5, 3, 1)
    assert (row["unknown_count"], row["waiting_count"]) == (1, 3)
    assert (row["by_group_count"], row["by_peer_count"]) == (1, 1)
    assert (row["is_complete"], row["is_so_far"]) == (False, True)


def test_a_week_is_so_far_until_its_last_promise_has_run_out(town: Town) -> None:
    ask(town, "quick", "2026-11-09 10:00", 1)
    states = [week(town, "2026-11-09", now) for now in ("2026-11-15 23:59", "2026-11-16 00:00", "2026-11-17 00:00")]
    assert [(row["is_complete"], row["is_so_far"]) for row in states] == [(False, True), (True, True), (True, False)]


def test_the_week_ends_at_the_groups_midnight_on_the_night_the_clocks_change(town: Town) -> None:
    ask(town, "quick", "2026-10-20 10:00", 1)
    late = [week(town, "2026-10-19", now)["is_complete"] for now in ("2026-10-25 23:59", "2026-10-26 00:00")]
    assert late == [False, True]  # London is on winter time by then: midnight is 00:00 UTC
    ask(town, "spring", "2026-03-25 10:00", 1)
    late = [week(town, "2026-03-23", now)["is_complete"] for now in ("2026-03-29 22:59", "2026-03-29 23:00")]
    assert late == [False, True]


def test_all_answered_and_none_answered(town: Town) -> None:
    ask(town, "one", "2026-11-16 10:00", 1)
    ask(town, "two", "2026-11-17 10:00", 2)
    ask(town, "three", "2026-11-09 10:00")
    this, last = week(town), week(town, "2026-11-09")
    assert (this["answered_in_promise_share"], last["answered_in_promise_share"]) == (100, 0)
    assert (this["median_hours"], last["median_hours"]) == (1, None)  # nobody answered: not reached


def test_a_week_without_asks_has_no_share(town: Town) -> None:
    row = week(town)
    assert (row["asks_count"], row["answered_in_promise_share"], row["median_hours"]) == (0, None, None)


def test_the_median_follows_open_requests_until_they_were_last_read(town: Town) -> None:
    """Kaplan–Meier by hand: 4 asks; answered after 1 and 3 h; one open, followed for 2 h; one open for 50 h.

    At 1 h: 3/4 still wait. At 3 h two are followed, one is answered: 3/4 × 1/2 = 3/8 ≤ 1/2. The median is 3 hours.
    """
    ask(town, "one", "2026-11-18 09:00", 1)
    ask(town, "three", "2026-11-18 09:00", 3)
    ask(town, "lost", "2026-11-18 09:00", read="2026-11-18 11:00")
    ask(town, "open", "2026-11-18 09:00", read="2026-11-20 11:00")
    row = week(town)
    assert (row["median_hours"], row["p90_hours"], row["waits_known_count"]) == (3, None, 4)


def test_a_post_taken_down_is_followed_until_then(town: Town) -> None:
    town.post("gone", "ann", "2026-11-18 09:00", asks=True, deleted="2026-11-18 09:30")
    town.read("gone", "2026-11-20 11:00")
    ask(town, "one", "2026-11-18 09:00", 1)
    assert week(town)["median_hours"] == 1  # only one was still followed at 1 h, and was answered then


def test_followers_at_the_start_and_the_end(town: Town) -> None:
    town.followers("2026-11-15 20:00", 100)
    town.followers("2026-11-18 20:00", 107)
    row = week(town)
    assert (row["followers_start"], row["followers_end"], row["followers_gained"]) == (100, 107, 7)
    assert row["has_gap"]


def test_without_a_reading_on_the_day_before_growth_is_not_known(town: Town) -> None:
    town.followers("2026-11-14 20:00", 100)
    town.followers("2026-11-18 20:00", 107)
    assert week(town)["followers_gained"] is None


def test_a_network_added_later_leaves_the_weeks_before_as_they_were(town: Town) -> None:
    town.con.execute(f"insert into stored.group_accounts values ('riverside', '{named('sky')}', 'bluesky', 'group')")
    for day in range(8, 21):
        town.followers(f"2026-11-{day:02} 10:00", 100 + day)
    town.followers("2026-11-20 10:00", 30, account="sky", network="bluesky")
    before, joined = week(town, "2026-11-09"), week(town)
    assert (before["has_gap"], before["followers_end"], before["followers_gained"]) == (False, 115, 7)
    assert (joined["followers_end"], joined["followers_gained"]) == (150, None), "thirty did not come in a day"


class TestTheUsualRange:
    """The lowest and the highest of the last 12 complete weeks that can be compared."""

    def lived(self, town: Town, asks: list[int], *, skip: int | None = None) -> None:
        """One week per number, the last one ending on 2026-11-08; read every day, but not in week `skip`."""
        for back, count in enumerate(reversed(asks)):
            monday = date(2026, 11, 2) - timedelta(weeks=back)
            for day in range(7):
                if back != skip:
                    town.followers(f"{monday + timedelta(days=day)} 10:00", 100)
            for number in range(count):
                ask(town, f"{monday} {number}", f"{monday} 1{number % 10}:00", 1)

    def usual(self, town: Town, monday: str = "2026-11-09", measure: str = "asks_count") -> dict[str, Any]:
        town.rebuild()
        return town.ask(
            f"select * from shown.usual_ranges where week_start_date = date '{monday}' and measure = '{measure}'"
        )[0]

    def test_five_weeks_are_too_early_to_say_and_six_are_enough(self, town: Town) -> None:
        self.lived(town, [2, 3, 4, 3, 2])
        ask(town, "first", "2026-11-09 10:00", 1)
        assert (self.usual(town)["weeks_count"], self.usual(town)["lowest"], self.usual(town)["is_unusual"]) == (
            5,
            None,
            False,
        )

    def test_only_a_value_outside_is_unusual(self, town: Town) -> None:
        self.lived(town, [2, 3, 4, 3, 2, 3])
        for number in range(4):
            ask(town, f"now {number}", f"2026-11-09 1{number}:00", 1)
        row = self.usual(town)
        assert (row["lowest"], row["highest"], row["value"], row["is_unusual"]) == (2, 4, 4, False)
        ask(town, "one more", "2026-11-10 10:00", 1)
        assert self.usual(town)["is_unusual"]

    def test_a_week_that_is_not_over_is_never_unusual(self, town: Town) -> None:
        self.lived(town, [2, 3, 4, 3, 2, 3])
        row = self.usual(town, "2026-11-16")
        assert (row["value"], row["is_unusual"]) == (0, False)

    def test_only_the_last_twelve_count(self, town: Town) -> None:
        self.lived(town, [9, *[2] * 12])
        assert (self.usual(town)["highest"], self.usual(town)["weeks_count"]) == (2, 12)

    def test_a_week_that_was_not_read_is_not_compared(self, town: Town) -> None:
        self.lived(town, [2, 3, 9, 3, 2, 3, 2], skip=4)  # the nine asks were in a week full of gaps
        assert (self.usual(town)["highest"], self.usual(town)["weeks_count"]) == (3, 6)

    def test_nor_is_one_before_collecting_began(self, town: Town) -> None:
        self.lived(town, [9, 2, 3, 4, 3, 2, 3])
        town.con.execute("update stored.groups set collecting_since_at = '2026-09-28 00:00'")
        assert (self.usual(town)["highest"], self.usual(town)["weeks_count"]) == (4, 6)

    def test_on_monday_morning_what_came_is_told_and_what_may_still_be_answered_is_not(self, town: Town) -> None:
        """The weekly mail goes out then: the promise of Sunday's requests has not run out yet."""
        self.lived(town, [2, 3, 4, 3, 2, 3])
        for number in range(6):
            ask(town, f"now {number}", f"2026-11-15 1{number}:00")
        found = {}
        for now in ("2026-11-16 08:00", "2026-11-17 00:00"):
            town.rebuild()
            sql = "select measure, is_unusual from shown.usual_ranges where week_start_date = date '2026-11-09'"
            found[now] = {row["measure"] for row in town.ask(sql, at(now)) if row["is_unusual"]}
        assert "asks_count" in found["2026-11-16 08:00"]
        assert "by_peer_count" not in found["2026-11-16 08:00"]
        assert {"asks_count", "by_peer_count"} <= found["2026-11-17 00:00"]


def test_the_queue_has_what_waits_now_of_whatever_week(town: Town) -> None:
    ask(town, "old", "2026-11-10 12:00")
    town.post("maybe", "ann", "2026-11-19 10:00", queue=True)
    town.read("maybe", "2026-11-20 11:50")
    town.rebuild()
    (row,) = town.ask("select * from shown.queues")
    assert (row["open_count"], row["unknown_count"], row["candidates_count"], row["oldest_waiting_hours"]) == (
        1,
        0,
        1,
        240,
    )
