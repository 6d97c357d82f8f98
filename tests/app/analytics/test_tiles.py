"""Numbers of a period in words: each with its n, and nothing made of nothing."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from app.analytics import tiles
from app.analytics.period import period_containing
from app.analytics.week import Tile
from tests.app.analytics.test_week import usual

PERIOD = {
    "asks_count": 7, "due_count": 5, "answered_in_promise_count": 4, "unknown_count": 0, "waiting_count": 3,
    "by_group_count": 2, "by_peer_count": 3, "checked_back_count": 1, "checked_back_due_count": 2,
    "answered_in_promise_share": 80.0, "checked_back_share": 50.0, "median_hours": 2.5, "p90_hours": None,
    "posts_count": 4, "likes_gained": 20, "boosts_gained": 5, "quotes_gained": 0, "replies_gained": 6,
    "engagement_gained": 31, "published_engagement": 12, "engagement_rate": 7.6, "followers_end": 408,
    "followers_gained": -2, "growth_percent": -0.49, "read_days_count": 6, "days_count": 7,
}  # fmt: skip
WEEK, MONTH = period_containing("week", date(2026, 11, 16)), period_containing("month", date(2026, 11, 16))


def period(**changed: Any) -> pd.Series:
    return pd.Series({**PERIOD, **changed})


def tiles_of(
    this: pd.Series, before: pd.Series | None = None, ranges: Any = None, about: Any = WEEK
) -> dict[str, Tile]:
    return {tile.measure: tile for tile in tiles.period_tiles(this, before, ranges or {}, about)}


def reply(by: str, **changed: Any) -> dict[str, Any]:
    counts = {f"{name}_count": 0 for name in tiles.BUCKETS}
    facts = {"replied_by": by, "followed_count": 3, "replied_count": 1, "median_hours": None, "p90_hours": None}
    return {**counts, **facts, **changed}


def test_shares_are_said_as_counts_with_their_n() -> None:
    found = tiles_of(period())
    assert found["answered_in_promise_share"].value == "4 of 5"
    assert found["checked_back_share"].value == "1 of 2"


def test_what_there_is_none_of_is_said_in_words() -> None:
    found = tiles_of(
        period(due_count=0, checked_back_due_count=0, engagement_rate=None, followers_end=None, followers_gained=None)
    )
    notes = [
        found[name].note
        for name in ("answered_in_promise_share", "checked_back_share", "engagement_rate", "followers_gained")
    ]
    assert notes == ["none due yet", "none old enough", "too few to say", "not known"]


def test_a_week_is_compared_with_our_usual_and_a_month_with_the_one_before() -> None:
    ranges = {"asks_count": usual(measure="asks_count", wanted="none")}
    assert tiles_of(period(), None, ranges)["asks_count"].note == "above the usual 2 to 6"
    assert tiles_of(period(), period(asks_count=9), ranges, MONTH)["asks_count"].note == "9 the month before"
    assert tiles_of(period(), None, {}, MONTH)["asks_count"].note == ""


def test_what_could_not_be_read_stands_beside_the_share() -> None:
    assert tiles_of(period(unknown_count=2))["answered_in_promise_share"].note == "2 could not be read and are left out"


def test_followers_lost_are_said_with_a_minus() -> None:
    assert tiles_of(period())["followers_gained"].note == "−2 (−0.5%) in these days"


@pytest.mark.parametrize(
    ("changed", "value", "note"),
    [
        ({"median_hours": 2.5}, "2 hours", "1 of 3 answered"),
        ({}, "–", "not reached; 1 of 3 answered"),
        ({"followed_count": 0}, "–", "nobody to count"),
    ],
)
def test_a_time_has_its_n_or_says_why_not(changed: dict[str, Any], value: str, note: str) -> None:
    tile = tiles.reply_tiles(pd.DataFrame([reply("anybody", **changed)]))[0]
    assert (tile.value, tile.note) == (value, note)


def test_rota_hours_are_shown_where_there_is_a_rota() -> None:
    rows = pd.DataFrame([reply("anybody", median_hours=9.0), reply("anybody in rota hours", median_hours=1.0)])
    assert [tile.value for tile in tiles.reply_tiles(rows)] == ["9 hours", "–", "1 hour"]
    assert len(tiles.reply_tiles(rows[:1])) == 2


def test_the_table_of_replies_has_every_bucket_for_each_who_replied() -> None:
    table = tiles.replies_table(pd.DataFrame([reply("anybody", within_1h_count=1), reply("group"), reply("peers")]))
    assert list(table.columns) == ["First reply", "Anybody", "The group", "Peers"]
    assert table["Anybody"].tolist()[:1] == ["1"]
    assert len(table) == len(tiles.BUCKETS) + 3


def test_reach_is_said_as_a_range_and_as_unknown() -> None:
    reach = {"posts_count": 3, "known_count": 3, "median_confirmed_count": 2, "median_possible_count": 140,
             "widest_confirmed_count": 3, "widest_possible_count": 1000, "is_at_least": True}  # fmt: skip
    assert "up to 140. The widest: 3 seen, up to at least 1,000." in tiles.reach_line(pd.DataFrame([reach]))
    assert "not known or hidden" in tiles.reach_line(pd.DataFrame([{**reach, "known_count": 0}]))
    assert tiles.reach_line(pd.DataFrame()) == "No post was published in these days."


def test_words_of_a_post_are_only_ever_text() -> None:
    post = {"text": "**bold** [x](javascript:1) " + "long " * 50, "local_date": pd.Timestamp(2026, 11, 3), "network": "mastodon",
            "replies_gained": 1, "engagement_gained": 4, "engagement_rate": None, "possible_reach_count": None}  # fmt: skip
    (row,) = tiles.top_posts_table(pd.DataFrame([post])).to_dict("records")
    assert "**bold**" not in row["Post"]
    assert row["Post"].endswith("…")
    assert (row["Rate"], row["Reach"]) == ("not known", "not known")


def test_every_number_stands_beside_the_one_before() -> None:
    table = tiles.all_numbers(period(), period(asks_count=9), {})
    asked = table.iloc[0].tolist()
    assert asked == ["Asked", "7", "9", "–"]
