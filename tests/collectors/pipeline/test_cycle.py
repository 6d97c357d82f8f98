"""Whole cycles over HTTP: what is stored, what is not, and what a fault leaves behind."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from collectors.fetch_types import Batch, Work
from collectors.pipeline import persist
from collectors.pipeline.connections import Connections
from collectors.sample.world import World
from tests.support.collector import Cycling, cycling
from tests.support.tiny_world import ACCOUNTS, ANN, BEN, DAN, GROUP, HOME, SKY, WORLD, at, post
from warehouse.operations import status


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Cycling]:
    with cycling(tmp_path / "data") as ready:
        yield ready


def states(run: Cycling) -> set[tuple[str, str]]:
    """(network, text) of every held post that still has one."""
    return set(run.rows("select network, text from stored.posts join stored.post_texts using (post_id)"))


def test_a_conversation_is_read_from_both_networks_with_the_replies_below_replies(run: Cycling) -> None:
    run.at(6.5)
    texts = states(run)
    assert ("mastodon", "thank you all") in texts  # edited, and two levels below the group's post
    assert ("bluesky", "try naps") in texts


def test_the_same_moment_twice_changes_nothing(run: Cycling) -> None:
    run.at(6.5)
    before, readings = run.everything(), run.rows("select count(*) from stored.observations")
    outcome = run.at(6.5)
    assert run.everything() == before
    assert run.rows("select count(*) from stored.observations") == readings
    assert not outcome.is_changed


def test_after_the_first_cycle_nothing_is_worked_out_anew_but_what_changed(run: Cycling) -> None:
    run.at(2.5)
    built = run.rows("select built_at from prepared.built_from")
    held = run.rows("select count(*) from prepared.addressed_posts")
    run.at(6.5)
    assert run.rows("select built_at from prepared.built_from") == built
    assert run.rows("select count(*) from prepared.addressed_posts") > held


def test_a_drain_says_how_much_it_read_and_how_little_of_it_was_kept(run: Cycling) -> None:
    bluesky = replace(run.settings.bluesky, jetstream=run.servers.bluesky.url.replace("http", "ws"))
    run.collector.settings = run.collector.networks.settings = replace(run.settings, bluesky=bluesky)
    for hour in (0.1, 6.5):  # the first drain only learns where the stream stands
        run.at(hour)
    sql = "select kind, max(bytes_count), max(kept_count) from stored.coverage group by kind"
    told = {row[0]: row[1:] for row in run.rows(sql)}
    assert told["drain"][0] > 0
    assert told["drain"][1] > 0
    assert told["own"][0] is None


def test_one_late_run_and_many_small_ones_store_the_same(tmp_path: Path) -> None:
    with cycling(tmp_path / "often") as often:
        for hour in (0.1, 1.1, 2.2, 3.2, 4.2, 5.2, 6.5):
            often.at(hour)
        many = {text for text in states(often) if text[1] not in ("I take this back", "delete me")}
    with cycling(tmp_path / "late") as late:
        late.at(6.5)
        once = {text for text in states(late) if text[1] not in ("I take this back", "delete me")}
    assert many == once


def test_the_thread_of_an_old_open_request_is_still_read_every_day(run: Cycling) -> None:
    """Or its state would be "unknown" five days in seven: a reading of an old thread holds for two days."""
    for hour in (6.5, 20, 50, 80, 110):
        run.at(hour)
    pauses = run.rows(
        "select next_at - last_at from stored.due join prepared.requests on due.post_id = requests.root_id"
        " where kind = 'thread' and first_answer_at is null and requests.deleted_at is null and next_at < '9000-01-01'"
    )
    assert pauses
    assert max(pause for (pause,) in pauses) <= timedelta(days=1)


@pytest.mark.parametrize(("flag", "is_read"), [("hostile", True), ("needs a signpost", False)])
def test_a_thread_whose_only_answer_was_flagged_is_read_in_the_same_cycle(
    tmp_path: Path, flag: str, is_read: bool
) -> None:
    posts = tuple(one for one in WORLD.posts if one.key in ("welcome", "ask", "help", "root"))
    with cycling(tmp_path / "data", replace(WORLD, posts=posts, reactions=())) as run:
        for hour in (6.5, 20):
            run.at(hour)
        ((answer,),) = run.rows("select post_id from stored.post_texts where text like '%try naps%'")
        run.collector.casebook.record(
            group_id="circle", post_id=answer, who="Jo", what="flag", at=at(21), detail={"flag": flag}
        )
        run.at(21.2)  # answered, it would be read at 23
        read_at = run.rows(
            "select max(read_at) from stored.thread_reads join stored.posts using (root_id) where posts.post_id = $post",
            post=answer,
        )
        assert read_at == [(at(21.2 if is_read else 20).replace(tzinfo=None),)]


def test_private_and_direct_posts_never_reach_any_table(run: Cycling) -> None:
    for hour in (2.5, 4, 8):
        run.at(hour)
    words = run.words()
    assert "how do I <sleep>?" in words  # a control: the search finds what is there
    assert "for you only" not in words
    assert "for friends" not in words


def test_somebody_who_refuses_leaves_a_card_without_words_or_name(run: Cycling) -> None:
    run.at(4.5)
    words = run.words()
    assert "I take this back" not in words  # by an account that says noindex
    assert "shy@" not in words
    assert "how do I rest" not in words  # Bluesky: !no-unauthenticated, which the server shows all the same
    assert "cat.sky" not in words
    cards = run.rows("select link, uri from stored.posts join stored.post_addresses using (post_id) where is_link_only")
    assert cards
    for link, uri in cards:
        assert uri is None
        assert link is None or ("shy" not in link and "cat.sky" not in link)


def test_what_its_author_took_back_goes_after_two_misses_an_hour_apart(run: Cycling) -> None:
    run.at(4.5)
    assert ("bluesky", "delete me") in states(run)
    for hour in (5.1, 5.3):  # deleted at 5: one miss, and another too soon after it
        run.at(hour)
    assert ("bluesky", "delete me") in states(run)
    for hour in (7, 9, 12, 24, 31, 33):
        run.at(hour)
    assert ("bluesky", "delete me") not in states(run)
    assert run.rows("select count(*) from stored.posts where deleted_at is not null") >= [(1,)]
    assert "delete me" not in run.words()


def test_a_server_that_is_down_is_a_gap_that_says_why_and_the_other_network_goes_on(run: Cycling) -> None:
    run.servers.faults.add("/api", "status:503", times=None)
    outcome = run.at(2.5)
    assert outcome.failures
    gaps = dict(run.rows("select network, min(reason) from stored.coverage where not is_complete group by network"))
    assert set(gaps) == {"mastodon"}
    assert gaps["mastodon"]
    assert {network for network, _ in states(run)} == {"bluesky"}
    run.servers.faults.clear()
    run.at(4)
    assert {network for network, _ in states(run)} == {"bluesky", "mastodon"}


def test_a_thread_that_could_not_be_read_is_noted_as_not_read(run: Cycling) -> None:
    run.at(2.5)
    run.servers.faults.add("*/context", "status:503", times=None)
    run.at(4.2)
    failed = run.rows(
        "select distinct is_ok, reason is not null from stored.thread_reads where server = 'carers.example'"
    )
    assert failed == [(False, True)]
    run.servers.faults.clear()
    run.at(6.5)
    assert run.rows("select count(*) from stored.thread_reads where not is_ok") == [(0,)]


def test_a_thread_whose_first_reading_fails_says_why_it_was_not_read(run: Cycling) -> None:
    run.servers.faults.add("*/context", "status:503", times=None)
    run.at(2.5)
    assert run.rows(
        "select distinct is_ok, reason is not null, read_at from stored.thread_reads where server = 'carers.example'"
    ) == [(False, True, None)]
    run.servers.faults.clear()
    run.at(6.5)
    assert run.rows("select count(*) from stored.thread_reads where not is_ok") == [(0,)]


@pytest.mark.parametrize("kind", ["429:bad reset", "status:503", "login page"])
def test_a_back_fill_cut_off_half_way_keeps_what_came_and_leaves_the_server_alone(run: Cycling, kind: str) -> None:
    page_two = run.servers.faults.add("/api/v1/timelines/tag/*", kind, times=None, server="carers.example", skip=1)
    run.at(4.5)
    assert page_two.hits == 1, "a server that cannot go on is not asked again in the same cycle"
    source = "from stored.sources where kind = 'hashtag' and server = 'carers.example'"
    ((next_at, is_backfilled),) = run.rows(f"select next_at, is_backfilled {source}")
    assert next_at > at(4.5).replace(tzinfo=None)
    assert not is_backfilled
    assert ("mastodon", "@group how do I <sleep>? #CarersCircle") in states(run), "the first page is kept"


def test_what_is_too_old_to_be_kept_is_not_asked_for_again_and_again_until_the_night_removes_it(tmp_path: Path) -> None:
    with cycling(tmp_path / "data") as run:
        run.at(6.5)
        group = replace(run.settings.groups[0], retention_days=1)
        run.collector.settings = replace(run.settings, groups=(group,))
        asked_before = len(run.servers.mastodon["carers.example"].requests)
        run.at(40)
        asked = run.servers.mastodon["carers.example"].requests[asked_before:]
        refreshes = [one.query for one in asked if one.path == "/api/v1/statuses"]
        assert refreshes, "held posts are looked at again"
        assert len(refreshes) == len(set(refreshes)), "the same posts were asked for twice in one cycle"


@pytest.mark.parametrize("network", ["mastodon", "bluesky"])
def test_a_post_that_claims_to_be_of_the_future_is_stored_under_the_time_it_was_first_read(
    run: Cycling, network: str
) -> None:
    read = Connections.client

    def client(networks: Connections, *place: Any) -> Any:
        found = read(networks, *place)

        def fetch(work: Work) -> Batch:
            batch: Batch = found.fetch(work)
            batch.posts = [
                replace(post, created_at=datetime(2099, 1, 1, tzinfo=UTC)) if post.network == network else post
                for post in batch.posts
            ]
            return batch

        return SimpleNamespace(fetch=fetch, resolve=found.resolve)

    with patch.object(Connections, "client", client):
        run.at(3)
        stored = run.rows("select post_id, created_at from stored.posts where network = $network", network=network)
        assert {created_at for _, created_at in stored} == {at(3).replace(tzinfo=None)}
        run.at(4.5)
    again = run.rows("select post_id, created_at from stored.posts where network = $network", network=network)
    assert set(stored) <= set(again), "the time it was first read is kept"
    assert len({post_id for post_id, _ in again}) == len(again)


def test_a_hashtag_taken_out_half_way_through_its_past_is_forgotten_and_no_gap(run: Cycling) -> None:
    run.servers.faults.add("/api/v1/timelines/tag/*", "status:503", times=None)
    run.at(3)
    sql = "select source_id from stored.sources where group_id = 'circle' and kind = 'hashtag' and not is_backfilled"
    assert run.rows(sql)
    assert any("hashtag" in gap for gap in gaps(run))
    run.at(4)
    others = run.rows("select * from stored.sources where kind <> 'hashtag' order by all")
    group = replace(run.settings.groups[0], hashtags=())
    run.collector.settings = replace(run.settings, groups=(group,))
    run.collector.settled = None  # as a new collector begins
    run.at(4)
    assert not run.rows("from stored.sources where kind = 'hashtag'")
    assert run.rows("select * from stored.sources where kind <> 'hashtag' order by all") == others
    assert not any("hashtag" in gap for gap in gaps(run))


def gaps(run: Cycling) -> list[str]:
    with patch.object(status, "open_warehouse", lambda _: nullcontext(run.con)):
        told: list[str] = status.collect_status(run.settings, run.servers.clock.now())["gaps"]
        return told


def test_a_cycle_that_dies_while_storing_leaves_nothing_half_done(run: Cycling) -> None:
    run.at(1.2)
    before = run.everything()
    with (
        patch.object(persist, "hurry_open_threads", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        run.at(4.5)
    assert run.everything() == before
    run.at(4.5)
    assert run.everything() != before


def test_without_the_groups_own_did_nothing_of_bluesky_is_judged_and_nothing_is_lost(run: Cycling) -> None:
    run.servers.faults.add("/xrpc/app.bsky.actor.getProfile", "status:503", times=None)
    run.at(2.5)
    assert run.rows("select count(*) from stored.posts where network = 'bluesky'") == [(0,)]
    run.servers.faults.clear()
    run.at(4)
    assert ("bluesky", "try naps") in states(run)


def test_nobodys_words_or_name_are_logged(run: Cycling, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    run.servers.faults.add("*/context", "junk items")
    run.servers.faults.add("/xrpc/app.bsky.feed.getPostThread", "bad field")
    for hour in (2.5, 4.5):
        run.at(hour)
    said = "\n".join(
        record.getMessage() for record in caplog.records if record.name.split(".")[0] in ("collectors", "warehouse")
    )
    for word in ("sleep", "naps", "ann@", "ben@", "cat.sky", "dan.sky"):
        assert word not in said


def test_an_unforeseen_error_is_logged_without_its_message_which_can_quote_a_post(
    run: Cycling, caplog: pytest.LogCaptureFixture
) -> None:
    with patch("collectors.mastodon.fetch", side_effect=ValueError("her daughter is in distress")):
        run.at(2.5)
    assert "ValueError at " in caplog.text
    assert "distress" not in caplog.text


FEEDS = ("/api/v1/accounts/*/statuses", "/xrpc/app.bsky.feed.getAuthorFeed")
THREADS = ("*/context", "/xrpc/app.bsky.feed.getPostThread")
FAULTS = [  # the tables of NETWORKS, on both networks at once
    *((FEEDS, kind) for kind in (
        "status:401", "status:403", "status:404", "status:410", "status:422", "status:500", "status:502", "status:503",
        "status:504", "429", "429:no reset", "429:bad reset", "disconnect", "cut", "truncated", "login page",
        "error object", "null", "empty", "redirect loop", "junk items", "bad field", "wrong types",
    )),
    *((THREADS, kind) for kind in ("status:401", "status:503", "429", "cut", "login page", "bad field")),
]  # fmt: skip


@pytest.mark.parametrize(("paths", "kind"), FAULTS)
def test_after_any_fault_the_run_ends_coverage_says_why_and_the_next_run_repairs_it(
    paths: tuple[str, str], kind: str, tmp_path: Path
) -> None:
    with cycling(tmp_path / "data") as run:
        run.servers.faults.add(paths[0], kind, times=None, server="carers.example", field="created_at")
        item = 1 if paths is FEEDS else 0  # the newest of that feed is a boost, which is left out unread
        run.servers.faults.add(paths[1], kind, times=None, server="bluesky", item=item)
        run.at(4.5)
        told = {
            network
            for (network,) in run.rows(
                "select network from stored.coverage where reason is not null or quarantined_count > 0"
            )
        }
        assert told == {"mastodon", "bluesky"}, "a fault left no trace"
        run.servers.faults.clear()
        run.at(11)  # past every pause: the longest is six hours for a closed capability
        assert ("mastodon", "thank you all") in states(run)
        assert ("bluesky", "try naps") in states(run)


def test_an_answer_stays_below_its_request_when_the_request_is_taken_down(tmp_path: Path) -> None:
    """Else the request would count as one that nobody answered, and the answer as a reply to the group's own post."""
    posts = (
        post("welcome", GROUP, 0),
        post("ask", ANN, 1, "how do I sleep?", reply_to="welcome", mentions=(GROUP,), deleted_at=at(5)),
        post("help", BEN, 2, "@ann try naps", reply_to="ask", mentions=(ANN,), known_from={HOME: at(2)}),
        post("root", SKY, 0),
        post("one", DAN, 1, "how do I rest?", reply_to="root", deleted_at=at(5)),
        post("two", SKY, 2, "try a walk", reply_to="one"),
    )
    with cycling(tmp_path, World(ACCOUNTS, posts, ())) as run:
        run.at(3)
        parents = (
            "select text, parent_id from stored.posts join stored.post_texts using (post_id) where text like '%try%'"
        )
        before = sorted(run.rows(parents))
        for hours in (6, 8, 30, 54, 78):
            run.at(hours)
        assert len(run.rows("select * from stored.posts where deleted_at is not null")) == 2
        assert len(before) == 2
        assert sorted(run.rows(parents)) == before
