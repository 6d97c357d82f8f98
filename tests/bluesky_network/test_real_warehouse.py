"""The whole way: a real Bluesky network, one cycle of the collector, and what then stands in the warehouse."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from collectors.pipeline import cycle, process
from collectors.pipeline.context import Outcome
from tests.bluesky_network.conftest import Network
from tests.bluesky_network.conversation import Evening
from warehouse.settings import Bluesky, Group, Secrets, Settings
from warehouse.storage.connection import open_warehouse

pytestmark = pytest.mark.bluesky


@dataclass(slots=True)
class Stored:
    """A warehouse after two cycles."""

    settings: Settings
    first: Outcome
    second: Outcome

    def rows(self, sql: str) -> list[Any]:
        with open_warehouse(self.settings) as con:
            return con.execute(sql).fetchall()


@pytest.fixture(scope="module")
def stored(network: Network, evening: Evening, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stored]:
    group = Group(id="riverside", name="Riverside", bluesky=("riverside.test",), hashtags=("RiversideCarers",))
    settings = Settings(
        groups=(group,),
        bluesky=Bluesky(appview=network.appview, pds=network.pds),
        secrets=Secrets(bluesky_passwords={"riverside.test": evening.group.app_password()}),
        data_dir=tmp_path_factory.mktemp("data"),
    )
    parts = process.build_collector(settings, pause=lambda _: None)
    try:
        yield Stored(settings, cycle.run_cycle(parts), cycle.run_cycle(parts))
    finally:
        parts.networks.close()
        parts.casebook.close()


def test_the_cycle_ends_without_a_failure(stored: Stored) -> None:
    assert stored.first.failures == []
    assert stored.second.failures == []


def test_the_texts_are_those_that_were_addressed_to_the_group_and_no_other(stored: Stored, evening: Evening) -> None:
    texts = sorted(text for (text,) in stored.rows("select text from stored.post_texts"))
    written = {uri: record["text"] for person in evening.people for uri, record in person.written.items()}
    left_out = {evening.uri(name) for name in ("plain", "quiet ask", "left")}
    assert texts == sorted(text for uri, text in written.items() if uri not in left_out)


def test_a_reply_below_a_deleted_post_is_held(stored: Stored) -> None:
    assert stored.rows("select 1 from stored.post_texts where text = 'I heard you'")


def test_who_wants_no_unauthenticated_readers_is_a_card_without_text_or_name(stored: Stored, evening: Evening) -> None:
    cards = stored.rows(
        "select link, uri from stored.posts join stored.post_addresses using (post_id) where is_link_only"
    )
    assert len(cards) == 1
    assert evening.quiet.did in cards[0][0]  # a link that shows no handle
    handles = [handle for (handle,) in stored.rows("select handle from stored.accounts where handle is not null")]
    assert "quiet.test" not in handles


def test_counts_and_replies_are_those_of_the_network(stored: Stored, evening: Evening) -> None:
    found = stored.rows(
        "select boosts_count, likes_count, quotes_count, replies_count, boosters_followers_count"
        " from stored.observations join stored.post_addresses using (post_id)"
        f" where uri = '{evening.uri('welcome')}' order by observed_at desc, boosters_followers_count nulls last limit 1"
    )
    assert found == [(2, 1, 1, 3, 2)]


def test_the_long_talk_is_one_conversation(stored: Stored, evening: Evening) -> None:
    [(held, roots)] = stored.rows(
        "select count(*), count(distinct root_id) from stored.posts join stored.post_texts using (post_id)"
        " where text like 'and then, %'"
    )
    assert (held, roots) == (sum("and then" in one["text"] for p in evening.people for one in p.written.values()), 1)


def test_the_import_and_the_hidden_reply_are_marked(stored: Stored) -> None:
    marked = stored.rows(
        "select text, is_imported, is_hidden from stored.posts join stored.post_texts using (post_id)"
        " where is_imported or is_hidden order by text"
    )
    assert marked == [("From our old newsletter", True, False), ("Go away", False, True)]


def test_a_second_cycle_doubles_nothing(stored: Stored) -> None:
    doubled = stored.rows("select post_id from stored.posts group by post_id having count(*) > 1")
    assert doubled == []
    assert not stored.second.posts_count or not stored.second.is_changed
