"""What works: kinds of posts, described pictures, conversations, hashtags, topics. Hand-worked.

Now is Friday 2026-11-20, 12:00.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.warehouse.models.conftest import Town, at
from warehouse.storage import rows


@pytest.fixture(autouse=True)
def november(town: Town) -> None:
    town.period("2026-11-01", "2026-12-01")


def publish(town: Town, name: str, when: str = "2026-11-10 10:00", likes: int = 0, **given: Any) -> None:
    town.post(name, "riverside", when, **given)
    town.count(name, (at(when) + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M"), likes=likes)


def kinds(town: Town) -> dict[str, dict[str, Any]]:
    town.rebuild()
    return {row["kind"]: row for row in town.ask("select * from shown.post_kinds")}


def test_each_post_is_of_one_kind(town: Town) -> None:
    town.post("ask", "ann", "2026-11-10 09:00", asks=True)
    publish(town, "reply", pictures=1, under="ask")
    publish(town, "quote", quotes="ask", poll=True)
    publish(town, "poll", poll=True, pictures=1)
    publish(town, "picture", pictures=2, text="See https://carers.example/")
    publish(town, "link", text="See carers.example/forms")
    publish(town, "plain", text="We meet at 7.30, e.g. at the library.")
    found = kinds(town)
    assert {kind: row["posts_count"] for kind, row in found.items()} == dict.fromkeys(
        ("reply", "quote", "poll", "picture", "link", "plain"), 1
    )


def test_five_posts_have_a_median_and_four_do_not(town: Town) -> None:
    for number, likes in enumerate((1, 2, 3, 10, 100)):
        publish(town, f"plain {number}", likes=likes)
        if number < 4:
            publish(town, f"picture {number}", likes=likes, pictures=1)
    found = kinds(town)
    plain = found["plain"]
    assert (plain["engagement_gained"], plain["median_engagement"]) == (116, 3)
    assert (plain["lower_engagement"], plain["upper_engagement"]) == (2, 10)
    assert (found["picture"]["engagement_gained"], found["picture"]["median_engagement"]) == (16, None)


def test_a_period_begins_with_its_first_day_and_ends_before_its_last(town: Town) -> None:
    for when in ("2026-10-31 23:59", "2026-11-01 00:00", "2026-11-30 23:59", "2026-12-01 00:00"):
        publish(town, when, when)
    assert kinds(town)["plain"]["posts_count"] == 2


def test_a_post_taken_down_keeps_its_place(town: Town) -> None:
    publish(town, "gone", likes=4, deleted="2026-11-12 10:00")
    assert (kinds(town)["plain"]["posts_count"], kinds(town)["plain"]["engagement_gained"]) == (1, 4)


def test_a_picture_counts_as_described_once(town: Town) -> None:
    publish(town, "both", pictures=2, described=2)
    publish(town, "one of three", pictures=3, described=1)
    publish(town, "no picture")
    publish(town, "nonsense", pictures=1, described=2)
    town.rebuild()
    (row,) = town.ask("select * from shown.alt_texts")
    assert (row["pictures_count"], row["described_count"]) == (6, 4)
    assert (row["posts_with_pictures_count"], row["undescribed_posts_count"]) == (3, 1)


def test_without_a_picture_there_is_no_share(town: Town) -> None:
    publish(town, "plain")
    town.rebuild()
    assert town.ask("select described_share from shown.alt_texts") == [{"described_share": None}]


def test_a_conversation_takes_two_people_who_are_not_the_team(town: Town) -> None:
    for name in ("lively", "one voice", "team only", "gone"):
        publish(town, name)
    town.account("robot", is_bot=True)
    town.post("a", "ann", "2026-11-10 11:00", "lively")
    town.post("b", "ben", "2026-11-10 12:00", "a")
    town.post("c", "ann", "2026-11-10 13:00", "b")
    town.post("thanks", "riverside", "2026-11-10 14:00", "c")
    for number in range(3):
        town.post(f"again {number}", "ann", f"2026-11-10 1{number}:00", "one voice")
    town.post("dee", "riverside-dee", "2026-11-10 11:00", "team only")
    town.post("bot", "robot", "2026-11-10 11:00", "team only")
    town.post("d", "ann", "2026-11-10 11:00", "gone", deleted="2026-11-10 12:00")
    town.post("e", "ben", "2026-11-10 11:00", "gone")
    assert kinds(town)["plain"]["started_count"] == 1
    (row,) = town.ask("select * from shown.conversations")
    assert (row["post_id"], row["people_count"], row["replies_count"], row["text"]) == (
        "lively",
        2,
        3,
        "words of lively",
    )


def test_a_conversation_goes_on_under_a_post_that_was_taken_down_and_its_words_do_not(town: Town) -> None:
    publish(town, "post", deleted="2026-11-12 10:00")
    town.post("a", "ann", "2026-11-10 11:00", "post")
    town.post("b", "ben", "2026-11-10 12:00", "post")
    town.rebuild()
    assert [row["text"] for row in town.ask("select text from shown.conversations")] == [None]


def source(town: Town, kind: str, tag: str, server: str = "carers.example", network: str = "mastodon") -> None:
    town.con.execute(
        "insert into stored.sources values (?, 'riverside', ?, ?, ?, ?, '2026-11-20', null, 0, true, null, null, null)",
        [f"{kind} {tag} {server}", network, server, kind, tag],
    )


def topic(town: Town, tag: str, day: str, count: int, server: str = "carers.example") -> None:
    town.insert(rows.TopicCount("riverside", tag, server, date.fromisoformat(day), count))


def tag(town: Town, name: str) -> dict[str, Any]:
    town.rebuild()
    return {row["tag"]: row for row in town.ask("select * from shown.hashtags")}[name]


def test_the_share_of_the_groups_own_tag_is_of_all_that_was_found_with_it(town: Town) -> None:
    source(town, "hashtag", "riversidecarers")
    source(town, "hashtag", "riversidecarers", "other.example")
    for number in range(6):
        publish(town, f"own {number}", likes=number, tags=("riversidecarers", "carers"))
    town.post("other", "ann", "2026-11-10 11:00", why=("hashtag",), tags=("riversidecarers",))
    town.post("mention", "ben", "2026-11-10 11:00", why=("mention", "hashtag"), tags=("riversidecarers",))
    town.post("card", "cat", "2026-11-10 11:00", why=("hashtag",), link_only=True)
    town.post("chat", "dan", "2026-11-10 11:00", why=("mention",))
    own = tag(town, "riversidecarers")
    assert (own["posts_count"], own["engagement_gained"], own["median_engagement"]) == (6, 15, 2.5)
    assert (own["own_seen_count"], own["seen_count"]) == (6, 9)
    assert own["seen_share"] == pytest.approx(100 * 6 / 9)
    assert own["servers"] == ["carers.example", "other.example"]
    nobody_read = tag(town, "carers")
    assert (nobody_read["posts_count"], nobody_read["seen_count"], nobody_read["servers"]) == (6, None, [])


def test_with_two_own_tags_nobody_knows_which_one_somebody_used(town: Town) -> None:
    source(town, "hashtag", "one")
    source(town, "hashtag", "two")
    publish(town, "own", tags=("one",))
    assert tag(town, "one")["seen_count"] is None


def test_the_share_of_a_topic_begins_when_it_is_counted_and_where_it_is_read(town: Town) -> None:
    source(town, "topic", "carers")
    topic(town, "carers", "2026-11-05", 30)
    topic(town, "carers", "2026-11-06", 20, "other.example")
    topic(town, "carers", "2026-10-31", 500)  # before the period
    for number in range(5):
        publish(town, f"own {number}", tags=("carers",))
    publish(town, "elsewhere", tags=("carers",), network="bluesky")
    found = tag(town, "carers")
    assert (found["posts_count"], found["own_seen_count"], found["seen_count"], found["seen_share"]) == (6, 5, 50, 10)


def test_under_five_posts_a_tag_is_too_few_to_say(town: Town) -> None:
    source(town, "topic", "carers")
    topic(town, "carers", "2026-11-05", 30)
    publish(town, "own", tags=("carers",))
    found = tag(town, "carers")
    assert (found["is_too_few"], found["median_engagement"], found["seen_share"]) == (True, None, None)


def test_a_topic_is_counted_from_its_first_day_to_today_over_all_servers(town: Town) -> None:
    source(town, "topic", "carers")
    topic(town, "carers", "2026-11-17", 3)
    topic(town, "carers", "2026-11-17", 4, "other.example")
    topic(town, "carers", "2026-11-19", 1)
    found = town.ask("select local_date, posts_count, servers from shown.topics order by local_date")
    assert [(row["local_date"].day, row["posts_count"]) for row in found] == [(17, 7), (18, 0), (19, 1), (20, 0)]
    assert found[0]["servers"] == ["carers.example"]
