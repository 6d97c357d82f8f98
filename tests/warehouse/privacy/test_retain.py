"""Words go in time, and with their posts; the group's own stay, and what is counted stays."""

from datetime import timedelta

from duckdb import DuckDBPyConnection

from tests.support.rows import DAY, HOUR, NOW, all_of, group, kept, named, whole
from warehouse.ingest.store import Rows
from warehouse.privacy.retain import delete_posts, retain, withhold
from warehouse.settings import Group
from warehouse.storage import rows

G = Group("g", "G")


def test_a_post_taken_down_on_the_network_loses_its_words_and_keeps_its_row(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    kept(con, whole("other", text="stays"))
    touched = delete_posts(con, [named("ask")], NOW)
    assert touched.roots == touched.posts == {named("ask")}
    assert all_of(con, "text", "post_texts") == [("stays",)]
    assert all_of(con, "post_id", "post_addresses") == [(named("other"),)]
    assert (named("ask"), NOW.replace(tzinfo=None)) in all_of(con, "post_id, deleted_at", "posts")
    assert len(all_of(con, "post_id", "observations")) == 2


def test_taken_down_twice_keeps_the_first_time(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    delete_posts(con, [named("ask")], NOW)
    delete_posts(con, [named("ask")], NOW + DAY)
    assert all_of(con, "deleted_at", "posts") == [(NOW.replace(tzinfo=None),)]
    assert not delete_posts(con, [], NOW)


def test_a_post_that_turns_up_again_has_its_words_again(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    delete_posts(con, [named("ask")], NOW)
    kept(con, whole("ask", verified_at=NOW + HOUR))
    assert all_of(con, "deleted_at", "posts") == [(None,)]
    assert all_of(con, "text", "post_texts") == [("hello",)]


def community(con: DuckDBPyConnection) -> None:
    """An old quiet conversation, an old one that went on, and the group's own old post."""
    old = NOW - 91 * DAY
    batch = whole("quiet", "ann", old)
    batch.extend(whole("lively", "bob", old))
    batch.extend(
        whole("recent answer", "cy", NOW - DAY, why="thread", parent_id=named("lively"), root_id=named("lively"))
    )
    batch.extend(whole("notice", "g", old, why="own"))
    batch.groups = [group()]
    batch.group_accounts = [rows.GroupAccount("g", named("g"), "mastodon", "group")]
    batch.accounts = [rows.Account(**{**_fields(one), "first_seen_at": old}) for one in batch.accounts]
    kept(con, batch)


def _fields(account: rows.Account) -> dict[str, object]:
    return {name: getattr(account, name) for name in account.__slots__}


def test_words_go_90_days_after_the_conversation_fell_silent(con: DuckDBPyConnection) -> None:
    community(con)
    touched = retain(con, [G], NOW)
    held = {post_id for (post_id,) in all_of(con, "post_id", "post_texts")}
    assert held == {named(name) for name in ("lively", "recent answer", "notice")}
    assert held == {post_id for (post_id,) in all_of(con, "post_id", "post_addresses")}
    assert touched.posts == {named("quiet")}
    assert len(all_of(con, "post_id", "posts")) == len(all_of(con, "post_id", "verdicts")) == 4


def test_names_go_when_none_of_the_persons_words_are_held(con: DuckDBPyConnection) -> None:
    community(con)
    retain(con, [G], NOW)
    named_still = {handle for (handle,) in all_of(con, "handle", "accounts") if handle}
    assert named_still == {"bob@x.example", "cy@x.example", "g@x.example"}


def test_the_same_night_twice_changes_nothing(con: DuckDBPyConnection) -> None:
    community(con)
    retain(con, [G], NOW)
    assert not retain(con, [G], NOW)


def test_a_group_can_keep_words_longer_or_shorter(con: DuckDBPyConnection) -> None:
    community(con)
    assert not retain(con, [Group("g", "G", retention_days=120)], NOW)
    assert retain(con, [Group("g", "G", retention_days=30)], NOW).posts == {named("quiet")}


def test_a_post_in_two_groups_goes_with_the_more_patient_one(con: DuckDBPyConnection) -> None:
    community(con)
    kept(con, Rows(post_scope=[rows.PostScope("h", named("quiet"), "mention", NOW - 91 * DAY, NOW.date(), 1, 1)]))
    assert not retain(con, [G, Group("h", "H", retention_days=200)], NOW)


def test_who_boosted_is_forgotten_after_100_days_and_counted_topics_after_8(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    for days in (7, 9, 99, 101):
        at = NOW - timedelta(days=days)
        kept(con, Rows(interactions=[rows.Interaction(named("ask"), named(f"p{days}"), "boost", at)]))
        kept(con, Rows(topic_seen=[rows.TopicSeen("g", "carers", named(f"p{days}"), at)]))
    retain(con, [G], NOW)
    assert len(all_of(con, "account_id", "interactions")) == 3
    assert all_of(con, "post_key", "topic_seen") == [(named("p7"),)]


def test_after_retention_one_row_stays_without_author_or_rules(con: DuckDBPyConnection) -> None:
    """Times, state and kind stay; who wrote it, and what of the words made the rules fire, does not."""
    community(con)
    con.execute("update stored.verdicts set support_asked = 'practical'")
    retain(con, [G], NOW)
    gone = con.execute(
        "select author_id, language from stored.posts where post_id = $id", {"id": named("quiet")}
    ).fetchone()
    assert gone is not None
    assert gone[0] != named("ann")
    assert gone[1] is None
    rules = "select rule_ids, language, is_count, support_asked from stored.verdicts where post_id = $id"
    assert con.execute(rules, {"id": named("quiet")}).fetchone() == ([], None, True, "practical")
    assert con.execute(rules, {"id": named("notice")}).fetchone() == (["r1", "r2"], "en", True, "practical")


def test_after_retention_nothing_says_which_posts_one_person_wrote(con: DuckDBPyConnection) -> None:
    old = NOW - 91 * DAY
    batch = whole("one", "ann", old)
    batch.extend(whole("again", "ann", old + HOUR, parent_id=named("one"), root_id=named("one")))
    batch.extend(whole("reply", "bob", old + HOUR, parent_id=named("one"), root_id=named("one")))
    batch.extend(whole("elsewhere", "ann", old))
    batch.groups = [group()]
    batch.first_contacts = [rows.FirstContact("g", named("ann"), named("one"), old)]
    kept(con, batch)
    retain(con, [G], NOW)
    found = dict(con.execute("select post_id, author_id from stored.posts").fetchall())
    known = con.execute("select account_id from stored.accounts").fetchall()
    assert not {(author,) for author in found.values()} & set(known), "the numbers of people go by this"
    assert found[named("one")] == found[named("again")] != found[named("reply")], "an answer stays somebody else's"
    assert found[named("elsewhere")] not in (found[named("one")], named("ann"))
    told = con.execute(
        "select account_id, post_id, contacted_at from stored.first_contacts order by post_id = $id",
        {"id": named("one")},
    )
    (who, what, at), (number, post_id, _) = told.fetchall()
    assert (who, what) == (named("ann"), named("ann")), "that she wrote before is remembered, not where"
    assert at == at.replace(hour=0, minute=0, second=0)
    assert (number, post_id) == (found[named("one")], named("one"))


def test_who_came_back_after_retention_does_not_lend_her_name_to_the_old_row(con: DuckDBPyConnection) -> None:
    community(con)
    retain(con, [G], NOW)
    kept(con, whole("quiet", "ann", NOW - 91 * DAY, text="read once more"))
    assert named("quiet") not in {post_id for (post_id,) in all_of(con, "post_id", "post_texts")}


def test_a_name_goes_with_the_last_of_the_persons_posts(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask"))
    kept(con, whole("more"))
    delete_posts(con, [named("ask")], NOW)
    assert all_of(con, "handle, address", "accounts") == [("ann@x.example", "https://x.example/ann")]
    delete_posts(con, [named("more")], NOW)
    assert all_of(con, "handle, address", "accounts") == [(None, None)]


def test_a_post_that_is_not_for_everybody_becomes_a_card_and_stays_one(con: DuckDBPyConnection) -> None:
    kept(con, whole("ask", media_count=2, alt_text_count=1, has_poll=True))
    assert withhold(con, [named("ask")]).posts == {named("ask")}
    assert not all_of(con, "text", "post_texts")
    assert all_of(con, "language, rule_ids, support_asked, is_count", "verdicts") == [(None, [], None, True)]
    card = all_of(con, "is_link_only, language, has_poll, media_count, alt_text_count", "posts")
    assert card == [(True, None, False, 0, 0)]
    kept(con, whole("ask", is_link_only=True, has_poll=True, media_count=2))
    assert all_of(con, "is_link_only, language, has_poll, media_count, alt_text_count", "posts") == card
    assert all_of(con, "language, rule_ids", "verdicts") == [(None, [])]
