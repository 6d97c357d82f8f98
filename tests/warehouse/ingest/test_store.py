"""What a store keeps, moves on, and says that it touched; on a real DuckDB."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from duckdb import DuckDBPyConnection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.support.rows import DAY, HOUR, NOW, account, all_of, dump, group, kept, named, post, reading, scope, whole
from warehouse.ingest.store import Rows, Touched, store
from warehouse.storage import rows


def everything() -> Rows:
    """At least one row of every table."""
    out = whole("ask")
    out.extend(whole("answer", "bob", NOW + HOUR, why="thread", parent_id=named("ask"), root_id=named("ask")))
    out.groups = [group()]
    out.group_accounts = [rows.GroupAccount("g", named("dee"), "mastodon", "team")]
    out.first_contacts = [rows.FirstContact("g", named("ann"), named("ask"), NOW)]
    out.account_snapshots = [rows.AccountSnapshot("g", named("g"), "mastodon", NOW, 10, None, 5)]
    out.interactions = [rows.Interaction(named("ask"), named("bob"), "reply", NOW)]
    out.thread_reads = [rows.ThreadRead(named("ask"), named("ask"), NOW, "x.example", NOW, True, None, NOW, 1, 1)]
    out.due = [rows.Due(named("ask"), "g", "mastodon", "x.example", "ask", "refresh", NOW, NOW, None, 0, None, 0, None)]
    out.sources = [rows.Source("s", "g", "mastodon", "x.example", "own", "g", NOW, None, 0, False, None, None, None)]
    out.coverage = [
        rows.Coverage("r", "s", "g", "mastodon", "x.example", "own", NOW, NOW, None, None, 1, 2, 0, 0, True, None)
    ]
    out.capabilities = [rows.Capability("mastodon", "x.example", "threads", "open", None, None, NOW)]
    out.quarantine = [rows.Quarantine("s", named("item"), "no date", NOW, NOW)]
    out.topic_counts = [rows.TopicCount("g", "carers", "x.example", NOW.date(), 1)]
    out.topic_seen = [rows.TopicSeen("g", "carers", named("seen"), NOW)]
    out.decisions = [rows.Decision("g", named("ask"), True, None, None, None, None, "Dee", NOW, None, NOW)]
    out.opt_outs = [rows.OptOut(named("zoe"), NOW)]
    out.erased = [rows.Erased(named("yan"), "account", NOW)]
    out.duties = [rows.Duty("sweep", NOW, 3)]
    out.cycles = [rows.Cycle("r", NOW, NOW, 1, 2, True)]
    return out


def test_every_table_can_be_stored(con: DuckDBPyConnection) -> None:
    assert all(getattr(everything(), one.name) for one in fields(Rows)), "a table is missing from this test"
    kept(con, everything())
    empty = [name for name, held in dump(con).items() if not held]
    assert empty == ["imported_counts", "imports"]  # a person's file brings these, no collector


def test_the_same_rows_twice_change_nothing_in_any_table(con: DuckDBPyConnection) -> None:
    kept(con, everything())
    before = dump(con)
    assert kept(con, everything()) == Touched()
    assert dump(con) == before


def test_nothing_stored_touches_nothing(con: DuckDBPyConnection) -> None:
    touched = kept(con, Rows())
    assert touched == Touched()
    assert not touched


def test_a_new_post_touches_its_day_its_conversation_and_itself(con: DuckDBPyConnection) -> None:
    touched = kept(con, everything())
    assert touched.roots == {named("ask")}
    assert touched.posts == {named("ask"), named("answer")}
    assert touched.group_days == {("g", date(2026, 11, 22))}


def test_the_first_claim_of_a_time_is_kept_and_the_side_tables_follow_it(con: DuckDBPyConnection) -> None:
    kept(con, Rows(groups=[group()]))
    kept(con, whole("ask", at=NOW))
    changed = whole("ask", at=NOW - 900 * DAY, text="new words", verified_at=NOW + HOUR)
    changed.post_scope.append(scope("ask", NOW - 900 * DAY, "hashtag"))
    kept(con, changed)
    naive = NOW.replace(tzinfo=None)
    assert all_of(con, "created_at", "posts") == [(naive,)]
    assert all_of(con, "created_at, text", "post_texts") == [(naive, "new words")]
    assert all_of(con, "created_at, why, local_date, local_hour", "post_scope") == [
        (naive, "hashtag", date(2026, 11, 22), 12),
        (naive, "mention", date(2026, 11, 22), 12),
    ]
    assert len(all_of(con, "post_id", "post_addresses")) == len(all_of(con, "post_id", "verdicts")) == 1


def test_of_two_claims_in_one_batch_the_first_counts(con: DuckDBPyConnection) -> None:
    both = whole("ask", at=NOW)
    both.extend(whole("ask", at=NOW - 5 * DAY))
    kept(con, both)
    assert all_of(con, "created_at", "posts") == [(NOW.replace(tzinfo=None),)]
    assert len(all_of(con, "post_id", "post_texts")) == 1


def test_what_is_first_is_kept_and_what_is_last_moves_on(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    later = whole(
        "ask", text="edited", verified_at=NOW + HOUR, first_seen_at=NOW + HOUR, edited_at=NOW + HOUR, language="cy"
    )
    touched = kept(con, later)
    first, seen, edited, language = all_of(con, "first_seen_at, verified_at, edited_at, language", "posts")[0]
    assert (first, seen, edited) == tuple(one.replace(tzinfo=None) for one in (NOW, NOW + HOUR, NOW + HOUR))
    assert language == "cy"
    assert all_of(con, "text", "post_texts") == [("edited",)]
    assert touched.roots == {named("ask")}


def test_a_post_merely_seen_again_moves_its_time_and_touches_no_conversation(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    touched = kept(con, Rows(posts=[post("ask", verified_at=NOW + HOUR)]))
    assert all_of(con, "verified_at", "posts") == [((NOW + HOUR).replace(tzinfo=None),)]
    assert touched == Touched(posts={named("ask")})


def test_an_older_reading_of_a_post_takes_nothing_back(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask", language="cy"))
    assert kept(con, Rows(posts=[post("ask", verified_at=NOW - HOUR, language="en")])) == Touched()
    assert all_of(con, "language", "posts") == [("cy",)]


def test_an_edited_post_loses_the_tags_it_no_longer_has(con: DuckDBPyConnection) -> None:
    first = whole("ask")
    first.post_tags.append(rows.PostTag(named("ask"), NOW, "old"))
    first.extend(whole("other"))
    kept(con, first)
    kept(con, whole("ask", verified_at=NOW + HOUR, edited_at=NOW + HOUR))
    assert set(all_of(con, "post_id, tag", "post_tags")) == {(named("ask"), "carers"), (named("other"), "carers")}


def test_a_deleted_post_stays_deleted_until_it_is_seen_again_later(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask", deleted_at=NOW, verified_at=NOW - HOUR))
    kept(con, Rows(posts=[post("ask", verified_at=NOW - HOUR / 2)]))
    assert all_of(con, "deleted_at is not null", "posts") == [(True,)]
    kept(con, Rows(posts=[post("ask", verified_at=NOW + HOUR)]))
    assert all_of(con, "deleted_at is not null", "posts") == [(False,)]


def test_a_parent_learnt_later_is_kept_when_another_feed_does_not_show_it(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    kept(con, whole("answer", "bob", parent_id=named("ask"), root_id=named("ask")))
    kept(con, Rows(posts=[post("answer", "bob", verified_at=NOW + HOUR)]))
    assert (named("answer"), named("ask"), named("ask")) in all_of(con, "post_id, parent_id, root_id", "posts")


def test_a_conversation_that_moves_takes_all_its_posts_along_and_touches_both(con: DuckDBPyConnection) -> None:
    """B was held before A; when A turns up as B's parent, C below B moves as well."""
    kept(con, whole("b", at=NOW - HOUR))
    kept(con, whole("c", "bob", parent_id=named("b"), root_id=named("b")))
    kept(con, Rows(thread_reads=[rows.ThreadRead(named("b"), named("b"), NOW - HOUR, "x", NOW, True, None, NOW, 1, 1)]))
    moved = whole("a", "cy", NOW - DAY)
    moved.posts.append(post("b", at=NOW - HOUR, parent_id=named("a"), root_id=named("a"), verified_at=NOW + HOUR))
    touched = kept(con, moved)
    assert set(all_of(con, "root_id", "posts")) == {(named("a"),)}
    assert all_of(con, "root_id", "thread_reads") == [(named("a"),)]
    assert touched.roots == {named("a"), named("b")}
    assert touched.posts >= {named("b"), named("c")}
    assert ("g", date(2026, 11, 22)) in touched.group_days


def test_conversations_that_move_one_into_the_other_end_in_the_topmost(con: DuckDBPyConnection) -> None:
    for name in ("b", "c", "d"):
        kept(con, whole(name))
    moved = whole("a")
    for name, parent, root in (("b", "a", "a"), ("c", "b", "b"), ("d", "c", "c")):
        moved.posts.append(post(name, parent_id=named(parent), root_id=named(root), verified_at=NOW + HOUR))
    kept(con, moved)
    assert set(all_of(con, "root_id", "posts")) == {(named("a"),)}


def readings(con: DuckDBPyConnection) -> list[int]:
    return [
        likes for (likes,) in con.execute("select likes_count from stored.observations order by observed_at").fetchall()
    ]


def test_a_reading_is_appended_when_a_count_moved_or_a_day_has_passed(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    for hours, likes in ((1, 0), (2, 1), (3, 1), (26, 1), (27, 1), (28, 0)):
        kept(con, Rows(observations=[reading("ask", NOW + hours * HOUR, likes)]))
    # 0 at the start; 1 after two hours; the daily heartbeat at 26; 0 again at 28
    assert readings(con) == [0, 1, 1, 0]


def test_readings_by_two_servers_do_not_hide_each_other(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    kept(con, Rows(observations=[reading("ask", NOW + HOUR, 0, "y.example"), reading("ask", NOW + HOUR, 0)]))
    assert len(readings(con)) == 2


def test_several_readings_in_one_batch_are_weighed_in_their_order(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    batch = [reading("ask", NOW + hours * HOUR, likes) for hours, likes in ((3, 2), (1, 1), (2, 1), (4, 2))]
    kept(con, Rows(observations=batch))
    assert readings(con) == [0, 1, 2]


def test_what_a_reading_does_not_tell_is_no_change(con: DuckDBPyConnection) -> None:
    """A boosters' reading is followed by plain ones that know nothing of boosters."""
    kept(con, whole("ask"))
    told = reading("ask", NOW + HOUR, boosters_followers_count=500, is_boosters_partial=True)
    kept(con, Rows(observations=[told]))
    kept(con, Rows(observations=[reading("ask", NOW + 2 * HOUR)]))
    kept(con, Rows(observations=[replace(told, observed_at=NOW + 3 * HOUR)]))
    assert len(readings(con)) == 2
    kept(con, Rows(observations=[replace(told, observed_at=NOW + 4 * HOUR, boosters_followers_count=501)]))
    assert len(readings(con)) == 3


def test_two_readings_at_one_moment_become_one_row(con: DuckDBPyConnection) -> None:
    """Counts and boosters are read by two pieces of work that are stored with one time."""
    kept(con, whole("ask"))
    at = NOW + HOUR
    both = [reading("ask", at, 5), reading("ask", at, 5, boosters_followers_count=500)]
    for _ in range(2):
        kept(con, Rows(observations=both))
        assert all_of(con, "likes_count, boosters_followers_count", "observations") == [(0, None), (5, 500)]


def test_a_reading_touches_the_local_day_it_was_made_on(con: DuckDBPyConnection) -> None:
    kept(con, Rows(groups=[group(timezone="Pacific/Auckland")]))
    kept(con, whole("ask"))
    touched = kept(con, Rows(observations=[reading("ask", NOW + HOUR, likes=1)]))
    # 13:00 UTC is already the next day there
    assert ("g", date(2026, 11, 23)) in touched.group_days


def test_a_reading_of_the_groups_own_post_touches_its_counts_and_not_its_conversation(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    kept(con, whole("news", why="own"))
    touched = kept(con, Rows(observations=[reading("ask", NOW + HOUR, likes=1), reading("news", NOW + HOUR, likes=1)]))
    assert touched.counted == {named("news")}
    assert touched.roots == set()
    assert touched.posts == {named("ask"), named("news")}


def test_a_conversation_with_news_and_new_counts_is_touched_whole(con: DuckDBPyConnection) -> None:
    kept(con, whole("news", why="own"))
    both = whole("news", why="own", text="edited", edited_at=NOW + HOUR, verified_at=NOW + HOUR)
    both.observations = [reading("news", NOW + HOUR, likes=1)]
    touched = kept(con, both)
    assert (touched.roots, touched.counted) == ({named("news")}, set())


def test_a_reading_of_followers_touches_its_local_day(con: DuckDBPyConnection) -> None:
    kept(con, Rows(groups=[group(timezone="America/Los_Angeles")]))
    at = datetime(2026, 11, 22, 3, tzinfo=UTC)
    touched = kept(con, Rows(account_snapshots=[rows.AccountSnapshot("g", named("g"), "mastodon", at, 1, 1, 1)]))
    assert touched == Touched(group_days={("g", date(2026, 11, 21))})


def test_a_failed_reading_of_a_thread_keeps_what_the_last_good_one_told(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    good = rows.ThreadRead(named("ask"), named("ask"), NOW, "x", NOW, True, None, NOW, 3, 2)
    kept(con, Rows(thread_reads=[good]))
    bad = replace(
        good,
        attempted_at=NOW + HOUR,
        is_ok=False,
        reason="down",
        read_at=None,
        replies_reported=None,
        replies_fetched=None,
    )
    assert kept(con, Rows(thread_reads=[bad])).roots == {named("ask")}
    expected = (False, "down", NOW.replace(tzinfo=None), 3, 2)
    assert all_of(con, "is_ok, reason, read_at, replies_reported, replies_fetched", "thread_reads") == [expected]


def test_names_are_not_taken_away_by_a_post_that_came_without_them(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    kept(con, Rows(accounts=[account("ann", NOW + HOUR, handle=None, address=None, is_agreeing=False)]))
    assert all_of(con, "handle, is_agreeing", "accounts") == [("ann@x.example", False)]


def test_the_earliest_contact_is_kept(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    kept(con, whole("older", at=NOW - DAY))
    contact = rows.FirstContact("g", named("ann"), named("ask"), NOW)
    kept(con, Rows(first_contacts=[contact]))
    older = replace(contact, post_id=named("older"), contacted_at=NOW - DAY)
    touched = kept(con, Rows(first_contacts=[replace(contact, contacted_at=NOW + DAY), older, contact]))
    assert all_of(con, "post_id", "first_contacts") == [(named("older"),)]
    assert touched.roots == {named("ask"), named("older")}


def test_a_team_member_who_joins_touches_their_conversations(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    touched = kept(con, Rows(group_accounts=[rows.GroupAccount("g", named("ann"), "mastodon", "team")]))
    assert touched.roots == {named("ask")}


def test_an_account_named_as_group_and_team_is_the_groups(con: DuckDBPyConnection) -> None:
    both = [rows.GroupAccount("g", named("g"), "mastodon", role) for role in ("group", "team")]
    kept(con, Rows(group_accounts=both))
    assert all_of(con, "role", "group_accounts") == [("group",)]
    assert kept(con, Rows(group_accounts=both)) == Touched()


def test_a_group_that_moves_to_another_time_zone_has_its_days_written_anew(con: DuckDBPyConnection) -> None:
    kept(con, Rows(groups=[group()]))
    kept(con, whole("ask", at=NOW + 11 * HOUR))
    touched = kept(con, Rows(groups=[group(timezone="Asia/Kathmandu")]))
    assert all_of(con, "local_date, local_hour, local_weekday", "post_scope") == [(date(2026, 11, 23), 4, 1)]
    assert ("g", date(2026, 11, 23)) in touched.group_days


def test_collecting_since_is_written_once(con: DuckDBPyConnection) -> None:
    kept(con, Rows(groups=[replace(group(), collecting_since_at=NOW)]))
    kept(con, Rows(groups=[group()]))
    assert all_of(con, "collecting_since_at", "groups") == [(NOW.replace(tzinfo=None),)]


def test_topic_counts_add_up_and_a_post_is_not_counted_twice(con: DuckDBPyConnection) -> None:
    one = rows.TopicCount("g", "carers", "x.example", NOW.date(), 1)
    seen = [rows.TopicSeen("g", "carers", named(name), NOW) for name in ("p1", "p2")]
    kept(con, Rows(topic_counts=[one, one], topic_seen=seen))
    kept(con, Rows(topic_counts=[one, one], topic_seen=[seen[1], rows.TopicSeen("g", "carers", named("p3"), NOW)]))
    assert all_of(con, "posts_count", "topic_counts") == [(3,)]


def test_a_decision_touches_its_request_and_follows_the_casebook(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    claimed = rows.Decision("g", named("ask"), None, None, None, None, None, "Dee", NOW, None, NOW)
    assert kept(con, Rows(decisions=[claimed])).roots == {named("ask")}
    kept(con, Rows(decisions=[replace(claimed, claimed_by=None, claimed_at=None, changed_at=NOW + HOUR)]))
    assert all_of(con, "claimed_by", "decisions") == [(None,)]


def test_a_time_without_a_zone_is_refused(con: DuckDBPyConnection) -> None:
    con.begin()
    with pytest.raises(TypeError):
        store(con, Rows(posts=[post("ask", at=NOW.replace(tzinfo=None))]))
    con.rollback()


def test_times_of_other_zones_are_stored_as_utc(con: DuckDBPyConnection) -> None:
    kept(con, Rows(posts=[post("ask", at=datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/London")))]))
    assert all_of(con, "created_at", "posts") == [(datetime(2026, 7, 1, 11, tzinfo=UTC).replace(tzinfo=None),)]


@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.sampled_from("abcd"), min_size=1, max_size=5),
    hours=st.lists(st.integers(0, 60), min_size=1, max_size=6),
    likes=st.lists(st.integers(0, 2), min_size=6, max_size=6),
)
def test_any_batch_stored_twice_is_as_good_as_once(
    con: DuckDBPyConnection, names: list[str], hours: list[int], likes: list[int]
) -> None:
    batch = Rows()
    for number, name in enumerate(names):
        batch.extend(whole(name, at=NOW + ord(name) * HOUR, verified_at=NOW + number * timedelta(minutes=1)))
    batch.observations = [
        reading(names[0], NOW + hour * HOUR, count) for hour, count in zip(hours, likes, strict=False)
    ]
    con.begin()
    try:
        store(con, batch)
        before = dump(con)
        again = store(con, batch)
        assert dump(con) == before
        assert again == Touched()
    finally:
        con.rollback()


def test_nothing_is_stored_about_a_post_that_is_not_held(con: DuckDBPyConnection) -> None:
    strays = whole("ask")
    strays.posts.clear()
    strays.interactions = [rows.Interaction(named("nowhere"), named("bob"), "boost", NOW)]
    strays.extend(whole("held"))
    kept(con, strays)
    for table in ("posts", "post_texts", "post_addresses", "post_scope", "observations", "verdicts", "interactions"):
        assert set(all_of(con, "post_id", table)) <= {(named("held"),)}
