"""Hand-worked examples of what the group's posts gained, day by day, and of followers. Riverside is in London."""

from datetime import date
from typing import Any

import pytest

from tests.warehouse.models.conftest import Town


def gained(town: Town, name: str = "news", measure: str = "likes_gained") -> dict[str, int]:
    town.rebuild()
    found = town.ask(
        f"select * from prepared.post_days where post_id = '{town.posts[name].post_id}' order by local_date"
    )
    return {str(row["local_date"]): row[measure] for row in found}


def days(town: Town, group: str = "riverside") -> dict[str, dict[str, Any]]:
    town.rebuild()
    return {str(row["local_date"]): row for row in town.ask(f"select * from shown.days where group_id = '{group}'")}


def test_a_post_first_read_within_a_day_of_publishing_starts_at_zero(town: Town) -> None:
    town.post("news", "riverside", "2026-11-10 10:00")
    town.count("news", "2026-11-11 10:00", likes=5)  # 24 hours later to the second: just within
    town.count("news", "2026-11-12 10:00", likes=8)
    assert gained(town) == {"2026-11-11": 5, "2026-11-12": 3}


def test_any_other_starts_at_its_first_reading(town: Town) -> None:
    town.post("news", "riverside", "2026-11-10 10:00")
    town.count("news", "2026-11-11 10:01", likes=5)  # found by the back-fill: what came before is not ours to date
    town.count("news", "2026-11-12 10:00", likes=8)
    assert gained(town) == {"2026-11-11": 0, "2026-11-12": 3}


def test_the_last_reading_of_the_day_counts(town: Town) -> None:
    town.post("news", "riverside", "2026-11-10 10:00")
    for hour, likes in ((11, 1), (23, 6), (12, 9)):  # 9 at noon, 6 at night: three took their like back
        town.count("news", f"2026-11-10 {hour}:00", likes=likes)
    assert gained(town) == {"2026-11-10": 6}


def test_counts_that_fall_are_a_negative_gain(town: Town) -> None:
    town.post("news", "riverside", "2026-11-10 10:00")
    town.count("news", "2026-11-10 11:00", likes=6)
    town.count("news", "2026-11-12 11:00", likes=4)
    assert gained(town) == {"2026-11-10": 6, "2026-11-12": -2}
    assert days(town)["2026-11-12"]["engagement_gained"] == -2


def test_a_deleted_post_keeps_its_last_reading(town: Town) -> None:
    town.post("news", "riverside", "2026-11-10 10:00", deleted="2026-11-11 10:00")
    town.count("news", "2026-11-10 11:00", likes=6)
    assert gained(town) == {"2026-11-10": 6}


def test_counts_are_never_added_over_servers(town: Town) -> None:
    town.post("news", "riverside", "2026-11-10 10:00")
    town.count("news", "2026-11-10 11:00", likes=6)
    town.count("news", "2026-11-10 11:30", likes=4, server="other.example")  # knows of fewer
    town.count("news", "2026-11-11 11:30", likes=9, server="other.example")
    assert gained(town) == {"2026-11-10": 6}


def test_without_a_reading_from_the_groups_own_server_the_first_server_is_the_named_one(town: Town) -> None:
    town.post("news", "riverside", "2026-11-10 10:00")
    town.count("news", "2026-11-10 11:00", likes=6, server="b.example")
    town.count("news", "2026-11-10 11:30", likes=99, server="a.example")
    assert gained(town) == {"2026-11-10": 6}


def test_quotes_that_a_server_begins_to_report_are_not_a_gain(town: Town) -> None:
    town.post("news", "riverside", "2026-11-10 10:00")
    town.count("news", "2026-11-10 11:00", quotes=None)
    town.count("news", "2026-11-13 11:00", quotes=7)  # upgraded today: the seven are older
    town.count("news", "2026-11-14 11:00", quotes=8)
    assert gained(town, measure="quotes_gained") == {"2026-11-10": 0, "2026-11-13": 0, "2026-11-14": 1}


def test_replies_by_others_count_on_the_day_they_were_written(town: Town) -> None:
    town.post("news", "riverside", "2026-11-10 10:00")
    town.count("news", "2026-11-10 11:00")
    town.post("first", "ann", "2026-11-10 12:00", "news")  # counts
    town.post("team", "riverside-dee", "2026-11-10 13:00", "news", why=("reply",))  # the team: does not count
    town.post("self", "riverside", "2026-11-10 14:00", "news")  # the group: does not count
    town.post("deep", "ben", "2026-11-11 12:00", "first", why=("thread",))  # replies to Ann, not to the group
    town.post("late", "cat", "2026-11-12 12:00", "news")  # counts, on a day without a reading
    assert gained(town, measure="replies_gained") == {"2026-11-10": 1, "2026-11-12": 1}


def test_the_day_is_the_groups_own_also_on_nights_when_the_clocks_change(town: Town) -> None:
    town.post("news", "riverside", "2026-10-24 20:00")
    town.count("news", "2026-10-24 22:30", likes=1)  # 23:30 on Saturday, summer time
    town.count("news", "2026-10-24 23:30", likes=3)  # 00:30 on Sunday, summer time
    town.count("news", "2026-10-25 23:30", likes=6)  # 23:30 on the 25 hour long Sunday, winter time
    town.count("news", "2026-10-26 00:30", likes=10)  # 00:30 on Monday
    assert gained(town) == {"2026-10-24": 1, "2026-10-25": 5, "2026-10-26": 4}


def test_and_in_spring(town: Town) -> None:
    town.post("spring", "riverside", "2026-03-28 20:00")
    town.count("spring", "2026-03-28 23:30", likes=1)  # 23:30 on Saturday, winter time
    town.count("spring", "2026-03-29 22:30", likes=3)  # 23:30 on the 23 hour long Sunday, summer time
    town.count("spring", "2026-03-29 23:30", likes=6)  # 00:30 on Monday
    assert gained(town, "spring") == {"2026-03-28": 1, "2026-03-29": 2, "2026-03-30": 3}


def test_two_groups_in_two_zones_each_have_their_own_day(town: Town) -> None:
    town.group("auckland", zone="Pacific/Auckland")
    town.post("news", "riverside", "2026-11-10 10:00")
    town.post("kia-ora", "auckland", "2026-11-10 10:00", group="auckland")
    for name in ("news", "kia-ora"):
        town.count(name, "2026-11-10 12:00", likes=4)  # 01:00 on the 11th in Auckland
    assert (gained(town), gained(town, "kia-ora")) == ({"2026-11-10": 4}, {"2026-11-11": 4})


class TestFollowers:
    """Readings of the group's own accounts; never who follows."""

    def test_a_day_without_a_reading_is_a_gap_and_not_a_zero(self, town: Town) -> None:
        town.followers("2026-11-17 10:00", 100)
        town.followers("2026-11-19 10:00", 110)
        rows = days(town)
        assert [(rows[day]["followers_count"], rows[day]["has_gap"]) for day in ("2026-11-17", "2026-11-18", "2026-11-19")] == [
            (100, False), (None, True), (110, False),
        ]  # fmt: skip

    def test_the_last_reading_of_the_day_counts(self, town: Town) -> None:
        town.followers("2026-11-19 22:00", 110)
        town.followers("2026-11-19 10:00", 100)
        assert days(town)["2026-11-19"]["followers_count"] == 110

    def test_hidden_followers_are_unknown_and_no_gap(self, town: Town) -> None:
        town.followers("2026-11-19 10:00", 100)
        town.followers("2026-11-19 12:00", None)  # hidden since
        row = days(town)["2026-11-19"]
        assert (row["followers_count"], row["has_gap"]) == (None, False)

    def test_two_accounts_on_one_network_are_added_and_one_missing_makes_a_gap(self, town: Town) -> None:
        own(town, "second", "mastodon")
        town.followers("2026-11-18 10:00", 100)
        town.followers("2026-11-18 10:00", 20, account="second")
        town.followers("2026-11-19 10:00", 100)
        rows = days(town)
        assert (rows["2026-11-18"]["followers_count"], rows["2026-11-19"]["followers_count"]) == (120, None)
        assert rows["2026-11-19"]["has_gap"]

    def test_an_account_added_later_makes_no_gap_of_the_days_before(self, town: Town) -> None:
        own(town, "second", "mastodon")
        town.followers("2026-11-17 10:00", 100)
        town.followers("2026-11-18 10:00", 100)
        town.followers("2026-11-18 10:00", 20, account="second")
        rows = days(town)
        assert [rows[day]["followers_count"] for day in ("2026-11-17", "2026-11-18")] == [100, 120]
        assert not rows["2026-11-17"]["has_gap"]

    def test_a_network_added_later_makes_no_gap_of_the_days_before(self, town: Town) -> None:
        own(town, "sky", "bluesky")
        town.post("old", "riverside", "2026-11-15 10:00")
        town.count("old", "2026-11-15 11:00", likes=1)
        town.followers("2026-11-17 10:00", 100)
        town.followers("2026-11-18 10:00", 100)
        town.followers("2026-11-18 10:00", 20, account="sky", network="bluesky")
        town.rebuild()
        gaps = town.ask("select network, local_date::varchar as day from shown.days where has_gap order by all")
        before, after = ("2026-11-15", "2026-11-16"), ("2026-11-19", "2026-11-20")
        assert [tuple(row.values()) for row in gaps] == [
            (network, day) for network in ("bluesky", "mastodon") for day in (*before, *after)
        ]

    def test_an_account_taken_out_of_the_settings_no_longer_counts(self, town: Town) -> None:
        town.followers("2026-11-18 10:00", 100)
        town.followers("2026-11-18 10:00", 20, account="once-ours")
        assert days(town)["2026-11-18"]["followers_count"] == 100


def own(town: Town, name: str, network: str) -> None:
    town.con.execute(f"insert into stored.group_accounts values ('riverside', '{town_id(name)}', '{network}', 'group')")


def town_id(name: str) -> str:
    from tests.warehouse.models.conftest import named

    return str(named(name))


def test_without_data_there_is_today_and_nothing_on_it(town: Town) -> None:
    rows = days(town)
    assert list(rows) == ["2026-11-20"]
    assert (rows["2026-11-20"]["engagement_gained"], rows["2026-11-20"]["followers_count"]) == (0, None)


@pytest.mark.parametrize(
    ("zone", "today"), [("Pacific/Auckland", date(2026, 11, 21)), ("America/Lima", date(2026, 11, 20))]
)
def test_today_is_the_groups_own_today(town: Town, zone: str, today: date) -> None:
    town.group("elsewhere", zone=zone)
    assert list(days(town, "elsewhere")) == [str(today)]


def test_requests_stand_on_the_day_they_were_written(town: Town) -> None:
    town.post("ask", "ann", "2026-11-18 10:00", asks=True)
    town.post("maybe", "ben", "2026-11-18 11:00", queue=True)  # a candidate: in no figure
    assert days(town)["2026-11-18"]["requests_count"] == 1
