"""Hand-worked periods. Now is Friday 2026-11-20, 12:00, unless a test says otherwise."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import pytest

from tests.warehouse.models.conftest import Town, at, hours, named
from tests.warehouse.models.test_weeks import ask

MONTH = ("2026-10-01", "2026-11-01")


def numbers(
    town: Town, period: tuple[str, str] = MONTH, now: str = "2026-11-20 12:00", group: str = "riverside"
) -> dict[str, Any]:
    town.rebuild()
    return town.ask(f"select * from shown.periods where group_id = '{group}'", at(now), period)[0]


def waits(town: Town, period: tuple[str, str] = MONTH, now: str = "2026-11-20 12:00") -> dict[str, dict[str, Any]]:
    """The period's times to the first reply, by who replied."""
    town.rebuild()
    found = town.ask("select * from shown.request_spans where span = 'period'", at(now), period)
    return {row["replied_by"]: row for row in found}


class TestTheEdges:
    """A period is half-open, in the group's own days."""

    def test_its_first_moment_is_in_it_and_the_moment_after_its_last_is_not(self, town: Town) -> None:
        ask(town, "september", "2026-09-30 22:59", 1)  # London is an hour ahead of UTC
        ask(town, "first", "2026-09-30 23:00", 1)
        ask(town, "last", "2026-10-31 23:59", 1)  # and is not any more
        ask(town, "november", "2026-11-01 00:00", 1)
        assert numbers(town)["asks_count"] == 2

    def test_the_night_the_clocks_go_back_is_an_hour_longer(self, town: Town) -> None:
        ask(town, "before", "2026-10-24 22:59", 1)
        ask(town, "first", "2026-10-24 23:00", 1)
        ask(town, "twice", "2026-10-25 00:30", 1)  # half past one
        ask(town, "and again", "2026-10-25 01:30", 1)  # half past one again
        ask(town, "last", "2026-10-25 23:59", 1)
        ask(town, "after", "2026-10-26 00:00", 1)
        assert numbers(town, ("2026-10-25", "2026-10-26"))["asks_count"] == 4

    def test_and_in_spring_an_hour_shorter(self, town: Town) -> None:
        for name, when in (("before", "28 23:59"), ("first", "29 00:00"), ("last", "29 22:59"), ("after", "29 23:00")):
            ask(town, name, f"2026-03-{when}", 1)
        assert numbers(town, ("2026-03-29", "2026-03-30"))["asks_count"] == 2

    def test_two_groups_in_two_zones_each_have_their_own_days(self, town: Town) -> None:
        town.group("hill", zone="Pacific/Auckland")
        for group in ("riverside", "hill"):
            town.post(f"ask {group}", "ann", "2026-10-31 12:00", group=group, asks=True)  # 1 November in Auckland
        november = ("2026-11-01", "2026-12-01")
        assert [numbers(town, november, group=group)["asks_count"] for group in ("riverside", "hill")] == [0, 1]

    def test_it_is_over_at_the_groups_midnight_and_so_far_until_its_last_promise(self, town: Town) -> None:
        ask(town, "quick", "2026-10-09 10:00", 1)
        moments = ("2026-10-31 23:59", "2026-11-01 00:00", "2026-11-01 23:59", "2026-11-02 00:00")
        found = [numbers(town, now=now) for now in moments]
        assert [row["is_complete"] for row in found] == [False, True, True, True]
        assert [row["is_so_far"] for row in found] == [True, True, True, False]

    def test_a_quarter_is_the_sum_of_its_months(self, town: Town) -> None:
        for month, days in ((7, 3), (8, 1), (9, 2)):
            for day in range(1, days + 1):
                ask(town, f"{month} {day}", f"2026-{month:02}-{day:02} 10:00", 1)
        quarter = numbers(town, ("2026-07-01", "2026-10-01"))
        assert (quarter["asks_count"], quarter["answered_in_promise_count"]) == (6, 6)


class TestWithLittle:
    """No data, one post, all answered, none answered, everything deleted."""

    def test_without_data_nothing_is_claimed(self, town: Town) -> None:
        row = numbers(town, ("2026-11-16", "2026-11-23"))
        assert (row["asks_count"], row["due_count"], row["engagement_gained"]) == (0, 0, 0)
        known = ("answered_in_promise_share", "median_hours", "p90_hours", "engagement_rate", "followers_end",
                 "growth_percent", "checked_back_share")  # fmt: skip
        assert [row[name] for name in known] == [None] * len(known)
        assert town.ask("select * from shown.reach", period=MONTH) == []

    def test_before_anything_is_known_there_is_no_row(self, town: Town) -> None:
        ask(town, "first", "2026-11-19 10:00", 1)
        town.rebuild()
        assert town.ask("select * from shown.periods", period=("2025-01-01", "2026-01-01")) == []

    def test_all_answered(self, town: Town) -> None:
        for day in range(1, 5):
            ask(town, f"{day}", f"2026-10-0{day} 10:00", day)
        row = numbers(town)
        assert (row["answered_in_promise_share"], row["median_hours"], row["p90_hours"]) == (100, 2, 4)

    def test_none_answered(self, town: Town) -> None:
        for day in range(1, 5):
            ask(town, f"{day}", f"2026-10-0{day} 10:00")
        row, by = numbers(town), waits(town)["anybody"]
        assert (row["answered_in_promise_share"], row["median_hours"]) == (0, None)
        assert (by["followed_count"], by["replied_count"], by["no_reply_count"]) == (4, 0, 4)

    def test_everything_taken_down(self, town: Town) -> None:
        for day in range(1, 4):
            town.post(f"{day}", "ann", f"2026-10-0{day} 10:00", asks=True, deleted=f"2026-10-0{day} 12:00")
            town.read(f"{day}", "2026-11-20 11:50")
        row, by = numbers(town), waits(town)["anybody"]
        assert (row["asks_count"], row["due_count"], row["waiting_count"], row["answered_count"]) == (3, 0, 0, 0)
        assert (by["followed_count"], by["median_hours"]) == (3, None)  # each was followed for its two hours


class TestTheFirstReply:
    """Kaplan–Meier, by anybody, by the group and by peers."""

    def test_by_the_group_and_by_peers_are_two_times(self, town: Town) -> None:
        for name, peer, group in (("a", 1, 5), ("b", 2, None), ("c", None, 7)):
            town.post(name, f"asker {name}", "2026-10-05 10:00", asks=True)
            town.read(name, "2026-10-15 10:00")
            for by, after in (("ben", peer), ("riverside", group)):
                if after:
                    when = (at("2026-10-05 10:00") + hours(after)).strftime("%Y-%m-%d %H:%M")
                    town.post(f"{by} {name}", by, when, name)
        found = waits(town)
        told = {by: (row["median_hours"], row["p90_hours"], row["replied_count"]) for by, row in found.items()}
        # by peers: 1/3 done at 1 h, 2/3 at 2 h, the third never; by the group: 1/3 at 5 h, 2/3 at 7 h
        assert told == {"anybody": (2, 7, 3), "peers": (2, None, 2), "group": (7, None, 2)}

    def test_buckets_hold_their_upper_edge_and_add_up(self, town: Town) -> None:
        for number, after in enumerate((0, 1, 1.02, 4, 24, 24.02, 72, 168, 168.02)):
            ask(town, f"{number}", "2026-10-05 10:00", after)
        ask(town, "none", "2026-10-05 10:00")
        row = waits(town)["anybody"]
        names = ("within_1h", "within_4h", "within_24h", "within_3d", "within_7d", "over_7d", "no_reply")
        assert [row[f"{name}_count"] for name in names] == [2, 2, 1, 2, 1, 1, 1]
        assert sum(row[f"{name}_count"] for name in names) == row["followed_count"] == 10

    def test_imported_posts_and_threads_never_read_whole_are_in_no_time(self, town: Town) -> None:
        town.post("old", "ann", "2026-10-05 10:00", asks=True, imported=True, indexed="2026-10-15 10:00")
        town.post("reply", "ben", "2026-10-15 11:00", "old")
        town.post("unread", "cat", "2026-10-05 10:00", asks=True)
        row = waits(town)["anybody"]
        assert (row["asks_count"], row["answered_count"], row["followed_count"]) == (2, 1, 0)

    def test_what_somebody_noted_by_hand_is_a_reply_by_the_group(self, town: Town) -> None:
        ask(town, "ask", "2026-10-05 10:00")
        town.decide("ask", outcome="answered elsewhere", outcome_at=at("2026-10-05 13:00"))
        found = waits(town)
        assert [found[by]["median_hours"] for by in ("anybody", "group", "peers")] == [3, 3, None]

    def test_it_is_what_lifelines_says(self, town: Town) -> None:
        """Forty days of random waits with ties, answered or followed only so far: the same curve, read at the same heights."""
        lifelines = pytest.importorskip("lifelines")
        dice = random.Random(11)  # noqa: S311 - a test, not a lottery
        told: dict[date, list[tuple[float, bool]]] = {}
        for day in (date(2026, 9, 1) + timedelta(days=number) for number in range(40)):
            told[day] = [
                (dice.choice((0, 1, 2, 3, 5, 8, 13, 30, 200)), dice.random() < dice.choice((0.2, 0.7, 1)))
                for _ in range(dice.choice((1, 2, 5, 12)))
            ]
            for number, (wait, is_answered) in enumerate(told[day]):
                read = (at(f"{day} 10:00") + timedelta(hours=wait)).strftime("%Y-%m-%d %H:%M")
                ask(town, f"{day} {number}", f"{day} 10:00", wait if is_answered else None, read=read)
        town.rebuild()
        for day, cases in told.items():
            span = (str(day), str(day + timedelta(days=1)))
            (row,) = town.ask(
                "select * from shown.request_spans where span = 'period' and replied_by = 'anybody'", period=span
            )
            fitted = lifelines.KaplanMeierFitter().fit([wait for wait, _ in cases], [is_done for _, is_done in cases])
            waiting = fitted.survival_function_["KM_estimate"]
            for name, height in (("median_hours", 0.5), ("p90_hours", 0.1)):
                reached = waiting[waiting <= height + 1e-9]
                assert row[name] == (None if reached.empty else reached.index[0]), (day, name, cases)
            assert row["followed_count"] == len(cases)


def test_checked_back_is_a_share_of_what_is_old_enough(town: Town) -> None:
    ask(town, "checked", "2026-10-05 10:00", 1)
    town.post("again", "ben", "2026-10-08 10:00", "checked")
    ask(town, "not", "2026-10-05 10:00", 1)
    ask(town, "young", "2026-11-14 10:00", 1)
    row = numbers(town, ("2026-10-01", "2026-12-01"))
    assert (row["checked_back_count"], row["checked_back_due_count"], row["checked_back_share"]) == (1, 2, 50)


class TestActivity:
    """Engagement, the rate, followers and reach."""

    def published(self, town: Town, *days: int) -> None:
        for day in days:
            town.post(f"own {day}", "riverside", f"2026-10-{day:02} 10:00")

    def test_gained_in_the_period_is_apart_from_what_its_posts_gained(self, town: Town) -> None:
        town.post("old", "riverside", "2026-09-29 10:00")
        town.count("old", "2026-09-29 11:00", likes=2)
        town.count("old", "2026-10-02 11:00", likes=7)  # five in October
        self.published(town, 30)
        town.count("own 30", "2026-10-30 11:00", likes=3)
        town.count("own 30", "2026-11-02 11:00", likes=10)  # three in October, seven later
        row = numbers(town)
        assert (row["engagement_gained"], row["published_engagement"]) == (8, 10)

    def test_counts_that_fall_are_a_negative_gain(self, town: Town) -> None:
        town.post("old", "riverside", "2026-09-29 10:00")
        town.count("old", "2026-09-29 11:00", likes=9)
        town.count("old", "2026-10-02 11:00", likes=4)
        assert numbers(town)["likes_gained"] == -5

    def test_what_was_first_seen_late_does_not_make_the_period_grow(self, town: Town) -> None:
        """A back-fill: written in August, first counted in October with 50 likes, which nobody knows when they came."""
        town.post("old", "riverside", "2026-08-01 10:00")
        town.count("old", "2026-10-05 10:00", likes=50)
        town.count("old", "2026-10-20 10:00", likes=53)
        august, october = numbers(town, ("2026-08-01", "2026-09-01")), numbers(town)
        assert (august["engagement_gained"], october["engagement_gained"]) == (0, 3)

    @pytest.mark.parametrize(
        ("followers", "posts", "rate"), [(100, 3, 10), (30, 3, pytest.approx(100 / 3)), (29, 3, None), (100, 2, None)]
    )
    def test_the_rate_is_a_week_for_every_hundred_and_not_said_of_few(
        self, followers: int, posts: int, rate: float | None, town: Town
    ) -> None:
        """Ten gained in the week of the 5th."""
        self.published(town, *range(5, 5 + posts))
        town.count("own 5", "2026-10-05 11:00", likes=10)
        for day in range(5, 12):
            town.followers(f"2026-10-{day:02} 10:00", followers)
        assert numbers(town, ("2026-10-05", "2026-10-12"))["engagement_rate"] == rate

    def test_growth_is_over_the_period_with_gaps_in_it(self, town: Town) -> None:
        for when, count in (("09-30", 100), ("10-02", 104), ("10-30", 110)):
            town.followers(f"2026-{when} 10:00", count)
        row = numbers(town)
        assert (row["followers_start"], row["followers_end"], row["followers_gained"]) == (100, 110, 10)
        assert (row["growth_percent"], row["days_count"], row["read_days_count"]) == (10, 31, 2)
        assert row["has_gap"]

    def test_hidden_followers_are_not_known(self, town: Town) -> None:
        self.published(town, 5, 6, 7)
        for day in range(1, 32):
            town.followers(f"2026-10-{day:02} 09:00", None)
        row = numbers(town)
        assert (row["followers_end"], row["followers_gained"], row["growth_percent"]) == (None, None, None)
        assert row["engagement_rate"] is None
        (reach,) = town.ask("select * from shown.reach", period=MONTH)
        assert (reach["posts_count"], reach["known_count"], reach["median_possible_count"]) == (3, 0, None)

    def test_growth_from_none_is_not_a_share(self, town: Town) -> None:
        for when, count in (("09-30", 0), ("10-30", 12)):
            town.followers(f"2026-{when} 10:00", count)
        row = numbers(town)
        assert (row["followers_gained"], row["growth_percent"]) == (12, None)

    def test_reach_is_a_range_of_the_middle_and_of_the_widest_post_and_never_a_sum(self, town: Town) -> None:
        """100 followers. Boosters' followers: 0, 40, 900; confirmed: 0, 2, 3."""
        town.followers("2026-10-01 09:00", 100)
        self.published(town, 5, 6, 7)
        town.count("own 6", "2026-10-06 11:00", boosts=1, boosters=40)
        town.count("own 7", "2026-10-07 11:00", boosts=3, boosters=900, partial=True)
        for post, people in (("own 6", "ab"), ("own 7", "abc")):
            for one in people:
                town.con.execute(
                    "insert into stored.interactions values (?, ?, 'boost', timestamp '2026-10-07')",
                    [named(post), named(one)],
                )
        town.rebuild()
        (row,) = town.ask("select * from shown.reach", period=MONTH)
        assert (row["median_confirmed_count"], row["median_possible_count"]) == (2, 140)
        assert (row["widest_confirmed_count"], row["widest_possible_count"], row["is_at_least"]) == (3, 1000, True)

    def test_boosts_whose_boosters_were_not_read_make_it_at_least(self, town: Town) -> None:
        town.followers("2026-10-01 09:00", 100)
        self.published(town, 5)
        town.count("own 5", "2026-10-05 11:00", boosts=2)
        town.rebuild()
        (row,) = town.ask("select * from shown.reach", period=MONTH)
        assert (row["widest_possible_count"], row["is_at_least"]) == (100, True)

    def test_reach_is_never_under_what_was_seen(self, town: Town) -> None:
        town.followers("2026-10-01 09:00", 1)
        self.published(town, 5)
        for one in "abc":
            town.con.execute(
                "insert into stored.interactions values (?, ?, 'reply', timestamp '2026-10-07')",
                [named("own 5"), named(one)],
            )
        town.rebuild()
        assert town.ask("select * from shown.reach", period=MONTH)[0]["widest_possible_count"] == 3

    def test_a_post_from_before_the_first_reading_of_followers_has_no_reach(self, town: Town) -> None:
        self.published(town, 5)
        town.followers("2026-10-06 09:00", 100)
        town.rebuild()
        assert town.ask("select * from shown.reach", period=MONTH)[0]["known_count"] == 0


class TestTotalsAreTheSumOfTheirParts:
    """A month of random life: days, weeks, networks and the whole agree."""

    MEASURES = ("likes_gained", "boosts_gained", "replies_gained", "engagement_gained", "posts_count")
    COUNTS = (
        "asks_count",
        "due_count",
        "answered_in_promise_count",
        "unknown_count",
        "waiting_count",
        "answered_count",
    )

    @pytest.fixture(params=range(3))
    def lived(self, request: pytest.FixtureRequest, town: Town) -> Town:
        dice = random.Random(request.param)  # noqa: S311 - a test, not a lottery
        first = date(2026, 9, 28)
        for number in range(25):
            when = f"{first + timedelta(days=dice.randrange(42))} {dice.randrange(24):02}:{dice.randrange(60):02}"
            read = dice.choice(("2026-11-20 11:50", "2026-10-01 10:00"))
            ask(
                town, f"ask {number}", when, dice.choice((None, 0, 3, 30, 200)), dice.choice(("ben", "riverside")), read
            )
        for number in range(8):
            day = first + timedelta(days=dice.randrange(35))
            town.post(f"own {number}", "riverside", f"{day} 10:00")
            for later in range(3):
                town.count(
                    f"own {number}",
                    f"{day + timedelta(days=later)} 11:00",
                    likes=dice.randrange(9),
                    boosts=dice.randrange(4),
                )
        town.rebuild()
        return town

    def test_weeks_days_and_networks_add_up_to_the_period(self, lived: Town) -> None:
        span = ("2026-09-28", "2026-11-09")  # six whole weeks
        (whole,) = lived.ask("select * from shown.periods", period=span)
        weeks = lived.ask(
            "select * from shown.weeks where week_start_date between date '2026-09-28' and date '2026-11-02'"
        )
        days = lived.ask("select * from shown.days where local_date >= '2026-09-28' and local_date < '2026-11-09'")
        networks = lived.ask("select * from shown.period_networks", period=span)
        for name in self.MEASURES:
            assert sum(row[name] for row in weeks) == whole[name], name
            assert sum(row[name] for row in days) == whole[name], name
            assert sum(row[name] for row in networks) == whole[name], name
        for name in self.COUNTS:
            assert sum(row[name] for row in weeks) == whole[name], name
        assert sum(row["requests_count"] for row in days) == whole["asks_count"]
        kinds = ("likes_gained", "boosts_gained", "quotes_gained", "replies_gained")
        assert sum(whole[name] for name in kinds) == whole["engagement_gained"]

    def test_a_week_is_the_period_of_its_days(self, lived: Town) -> None:
        (week,) = lived.ask("select * from shown.weeks where week_start_date = date '2026-10-12'")
        (period,) = lived.ask("select * from shown.periods", period=("2026-10-12", "2026-10-19"))
        assert {name: period[name] for name in week if name in period} == {
            name: value for name, value in week.items() if name != "week_start_date"
        }


class TestTheRota:
    """Waits within the hours in which somebody is down to look, on the clock on the wall."""

    EVENINGS = tuple(accumulate((1.0 if hour % 24 >= 18 else 0.0 for hour in range(168)), initial=0.0))

    def within(self, town: Town, asked: str, answered: str, before: Sequence[float] = EVENINGS) -> float:
        """How long somebody waited within the rota's hours: from 18:00 to midnight unless a test says otherwise."""
        town.post("ask", "ann", asked, asks=True)
        town.post("reply", "ben", answered, "ask")
        town.rebuild()
        town.con.execute("set variable rota_before = $before::double[]", {"before": list(before)})
        (row,) = town.ask(
            "select * from shown.request_spans where span = 'period' and replied_by = 'anybody in rota hours'",
            period=("2026-01-01", "2026-12-31"),
        )
        town.con.execute("reset variable rota_before")
        return float(row["median_hours"])

    @pytest.mark.parametrize(
        ("asked", "answered", "hours_waited"),
        [
            ("2026-11-10 17:00", "2026-11-10 19:30", 1.5),
            ("2026-11-10 19:00", "2026-11-10 19:20", 1 / 3),
            ("2026-11-10 02:00", "2026-11-10 09:00", 0),  # all of it in the night
            ("2026-11-08 23:00", "2026-11-09 08:00", 1),  # over the end of the week
            ("2026-11-02 12:00", "2026-11-16 12:00", 84),  # two weeks of seven evenings of six hours
            ("2026-10-24 22:00", "2026-10-25 22:00", 5),  # the clocks go back: 23:00 to midnight, and 18:00 to 22:00
            ("2026-03-28 23:00", "2026-03-29 18:00", 2),  # and forward: 23:00 to midnight, and 18:00 to 19:00
        ],
    )
    def test_only_the_hours_of_the_rota_count(self, town: Town, asked: str, answered: str, hours_waited: float) -> None:
        assert self.within(town, asked, answered) == pytest.approx(hours_waited)

    def test_a_rota_round_the_clock_is_the_elapsed_wait(self, town: Town) -> None:
        always = [float(hour) for hour in range(169)]
        assert self.within(town, "2026-11-10 17:10", "2026-11-13 03:55", always) == pytest.approx(58.75)

    def test_without_a_rota_there_is_no_such_row(self, town: Town) -> None:
        ask(town, "ask", "2026-10-05 10:00", 1)
        assert set(waits(town)) == {"anybody", "group", "peers"}
