"""Every model runs, with rows and without, and says what its columns mean."""

import pytest

from tests.warehouse.models.conftest import Town
from warehouse.transform.definitions import definitions, models_in_order, shown_views

SHOWN = [name for name, _ in shown_views()]
PROMISED = {
    "shown.requests": (
        "group_id post_id root_id network asked_at local_date local_hour local_weekday language is_checked is_counted "
        "is_candidate is_first_contact is_link_only is_imported has_content_warning text content_warning handle link why "
        "rule_ids score support_asked state is_open state_reason waiting_since_at waiting_hours first_answer_at "
        "first_answer_by first_answer_hours answers_count answerers_count answered_by_group answered_by_peer "
        "needs_second_voice asker_came_back due_at is_due is_answered_in_promise replies_reported replies_fetched "
        "thread_read_at claimed_by claimed_at outcome deleted_at"
    ),
    "shown.thread_posts": (
        "group_id root_id post_id parent_id created_at who handle text content_warning is_deleted is_hidden is_link_only "
        "link depth"
    ),
    "shown.days": (
        "group_id network local_date likes_gained boosts_gained quotes_gained replies_gained engagement_gained posts_count "
        "followers_count has_gap requests_count"
    ),
    "shown.weeks": (
        "group_id week_start_date is_complete has_gap asks_count due_count answered_in_promise_count is_so_far "
        "unknown_count waiting_count by_group_count by_peer_count likes_gained engagement_gained followers_start "
        "followers_end followers_gained"
    ),
    "shown.usual_ranges": "group_id week_start_date measure lowest highest weeks_count value is_unusual wanted",
    "shown.spans": "group_id span from_date",
    "shown.summary": "group_id quarter chart part part_order label value value_text n n_text is_hidden",
}


def columns(town: Town, name: str) -> set[str]:
    town.ask("select 1")
    return {row[0] for row in town.con.execute(f"describe {name}").fetchall()}


GRAINS = {
    "shown.across_groups": "group_id",
    "shown.activity_days": "group_id network local_date",
    "shown.activity_spans": "group_id span from_date",
    "shown.alt_texts": "group_id",
    "shown.answers": "group_id post_id",
    "shown.best_times": "group_id local_weekday from_hour",
    "shown.capabilities": "network server capability",
    "shown.conversations": "group_id post_id",
    "shown.days": "group_id network local_date",
    "shown.elsewhere_days": "group_id place local_date",
    "shown.export_counts": "group_id post_id local_date",
    "shown.export_days": "group_id network local_date",
    "shown.export_posts": "group_id post_id",
    "shown.export_requests": "group_id request_id",
    "shown.groups": "group_id",
    "shown.hashtags": "group_id tag",
    "shown.helpers": "group_id",
    "shown.judgements": "group_id post_id",
    "shown.looking_after": "group_id",
    "shown.newcomers": "group_id",
    "shown.night_cover": "group_id level weekday from_hour",
    "shown.own_posts": "group_id post_id",
    "shown.period_networks": "group_id network",
    "shown.periods": "group_id",
    "shown.post_kinds": "group_id kind",
    "shown.post_reach": "group_id post_id",
    "shown.quarantine": "source_id reason",
    "shown.queues": "group_id",
    "shown.reach": "group_id",
    "shown.regulars": "group_id",
    "shown.request_hours": "group_id local_weekday local_hour",
    "shown.request_spans": "group_id span from_date replied_by",
    "shown.request_states": "group_id post_id",
    "shown.request_weeks": "group_id week_start_date",
    "shown.requests": "group_id post_id",
    "shown.rule_precision": "group_id language kind subject",
    "shown.duties": "duty",
    "shown.runs": "run_id",
    "shown.sources": "source_id",
    "shown.spans": "group_id span from_date",
    "shown.summary": "group_id quarter chart part",
    "shown.support_kinds": "group_id direction kind",
    "shown.thread_posts": "group_id post_id",
    "shown.topics": "group_id tag local_date",
    "shown.usual_ranges": "group_id week_start_date measure",
    "shown.waits": "group_id wait_id",
    "shown.weeks": "group_id week_start_date",
}
OF_THE_CALENDAR = {
    "shown.across_groups",
    "shown.activity_days",
    "shown.activity_spans",
    "shown.days",
    "shown.export_days",
    "shown.groups",
    "shown.queues",
    "shown.spans",
    "shown.usual_ranges",
    "shown.weeks",
}


@pytest.mark.parametrize("name", SHOWN)
def test_every_view_runs_without_a_single_post_and_shows_nothing_but_the_calendar(town: Town, name: str) -> None:
    rows = town.ask(f"select * from {name}")
    assert set(GRAINS[name].split()) <= columns(town, name)
    assert bool(rows) == (name in OF_THE_CALENDAR)
    assert len({tuple(row[key] for key in GRAINS[name].split()) for row in rows}) == len(rows)


@pytest.mark.parametrize("name", [*SHOWN, *(model.name for model in models_in_order("prepared"))])
def test_no_column_has_a_name_that_the_database_made_up(town: Town, name: str) -> None:
    """Two columns of one name become name and name_1, which another version may call otherwise."""
    found = columns(town, name)
    assert not [column for column in found if not column.isidentifier() or column.rpartition("_")[2].isdigit()]


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_the_columns_that_pages_rely_on_are_there(town: Town, name: str) -> None:
    assert set(PROMISED[name].split()) <= columns(town, name)


@pytest.mark.parametrize("name", [name for name in SHOWN if name != "shown.summary"])
def test_every_measure_in_a_header_is_a_column(town: Town, name: str) -> None:
    assert set(definitions()[name].measures) <= columns(town, name)


def test_no_column_holds_a_time_with_a_zone(town: Town) -> None:
    """DuckDB needs pytz to hand one to Python, and nothing installs it."""
    for name in (*SHOWN, *(model.name for model in models_in_order("prepared"))):
        town.ask("select 1")
        kinds = {row[1] for row in town.con.execute(f"describe {name}").fetchall()}
        assert "TIMESTAMP WITH TIME ZONE" not in kinds, name


def test_words_that_no_server_confirmed_for_a_day_are_held_back(town: Town) -> None:
    town.post("ask", "ann", "2026-11-18 10:00", asks=True, verified="2026-11-19 11:59")
    town.post("fresh", "ben", "2026-11-18 10:00", asks=True, verified="2026-11-19 12:00")
    town.rebuild()
    rows = {row["post_id"]: row for row in town.ask("select * from shown.requests")}
    assert (rows["ask"]["text"], rows["ask"]["is_text_withheld"]) == (None, True)
    assert (rows["fresh"]["text"], rows["fresh"]["is_text_withheld"]) == ("words of fresh", False)
    thread = {row["post_id"]: row for row in town.ask("select * from shown.thread_posts")}
    assert (thread["ask"]["text"], thread["fresh"]["text"]) == (None, "words of fresh")


def test_a_name_stands_only_beside_words_that_may_be_shown(town: Town) -> None:
    for name in ("ann", "ben", "cat", "dan"):
        town.account(name)
    town.post("ask", "ann", "2026-11-18 10:00", asks=True)
    town.post("gone", "ben", "2026-11-18 10:00", asks=True, deleted="2026-11-19 10:00")
    town.post("card", "cat", "2026-11-18 10:00", asks=True, link_only=True)
    town.post("old", "dan", "2026-11-18 10:00", asks=True, verified="2026-11-19 11:59")
    town.rebuild()
    for view in ("shown.requests", "shown.thread_posts"):
        named = {row["post_id"]: row["handle"] for row in town.ask(f"select post_id, handle from {view}")}
        assert named == {"ask": "ann@carers.example", "gone": None, "card": None, "old": None}, view


def test_a_link_only_card_has_no_words_and_the_others_have_theirs(town: Town) -> None:
    town.post("card", "ann", "2026-11-18 10:00", asks=True, link_only=True)
    town.rebuild()
    row = town.ask("select * from shown.requests")[0]
    assert (row["is_link_only"], row["text"], row["is_text_withheld"]) == (True, None, False)


def test_a_conversation_says_who_is_who(town: Town) -> None:
    town.post("ask", "ann", "2026-11-18 10:00", asks=True)
    town.post("team", "riverside-dee", "2026-11-18 11:00", "ask", why=("thread",))
    town.post("group", "riverside", "2026-11-18 12:00", "ask")
    town.post("peer", "ben", "2026-11-18 13:00", "team")
    town.post("again", "ann", "2026-11-18 14:00", "peer", deleted="2026-11-18 15:00")
    town.rebuild()
    rows = {row["post_id"]: row for row in town.ask("select * from shown.thread_posts")}
    assert {name: (row["who"], row["depth"]) for name, row in rows.items()} == {
        "ask": ("asker", 0), "team": ("team", 1), "group": ("group", 1), "peer": ("peer", 2), "again": ("asker", 3),
    }  # fmt: skip
    assert (rows["again"]["text"], rows["again"]["is_deleted"]) == (None, True)


def test_sources_say_when_they_last_worked_and_why_they_did_not(town: Town) -> None:
    town.con.execute("""
        insert into stored.sources values
            ('s', 'riverside', 'mastodon', 'carers.example', 'own', 'riverside', '2026-11-20 12:05', '2026-11-20 09:00',
             2, true, null, null, null)
    """)
    town.con.execute("""
        insert into stored.coverage values
            ('r1', 's', 'riverside', 'mastodon', 'carers.example', 'own', '2026-11-20 09:00', '2026-11-20 09:01', null, null,
             1, 40, 2, 0, true, null, 12500000, 3),
            ('r2', 's', 'riverside', 'mastodon', 'carers.example', 'own', '2026-11-20 11:00', '2026-11-20 11:01', null, null,
             0, 0, 0, 0, false, 'the server did not answer', null, null)
    """)
    row = town.ask("select * from shown.sources")[0]
    assert (row["is_late"], row["age_hours"], row["last_reason"]) == (True, 3, "the server did not answer")
    assert (row["runs_count"], row["incomplete_runs_count"], row["dropped_count"]) == (2, 1, 2)
    assert (row["bytes_count"], row["kept_count"]) == (12_500_000, 3)
