"""A post addressed to two groups is one item for whoever looks after both."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app.request_queue import shared_items
from tests.app.views.test_views import html, named, waiting_count
from tests.app.views.test_waiting import COUNCIL, FORM, does, more
from tests.support import village
from warehouse.casebook.events import open_casebook
from warehouse.ingest.store import store
from warehouse.settings import Group, Settings
from warehouse.snapshots.publish import publish
from warehouse.storage import rows
from warehouse.storage.connection import open_warehouse
from warehouse.transform.prepare import prepare

Page = Callable[..., AppTest]
HILL = Group("hill", "Hill Street", mastodon=("@hill@carers.example",))


@pytest.fixture
def both(tmp_path: Path) -> Settings:
    """Two groups; what marit asks on Bluesky and what jo asks on Mastodon was written to both."""
    settings = village.settings(tmp_path, *village.settings(tmp_path).groups, HILL)
    made = village.Village()
    made.collecting()
    made.queue()
    made.rows.groups.append(rows.Group("hill", HILL.name, village.ZONE, 24, village.OPENED))
    names = [made.posts[name].post_id for name in ("form", "council")]
    made.rows.post_scope += [replace(one, group_id="hill") for one in made.rows.post_scope if one.post_id in names]
    with open_warehouse(settings) as con:
        con.execute("begin")
        prepare(con, store(con, made.rows), village.NOW)
        con.execute("commit")
        publish(con, settings, village.NOW)
    return settings


def of_all(settings: Settings, page: Page) -> AppTest:
    app = named(settings, page)
    return app.toggle(key="all_groups").set_value(True).run()


def test_it_is_shown_and_counted_once_and_names_both_groups(both: Settings, page: Page) -> None:
    app = named(both, page)
    alone = waiting_count(app)
    app.toggle(key="all_groups").set_value(True).run()
    assert waiting_count(app) == alone
    assert [button.key for button in app.button].count(f"claim-{FORM}") == 1
    assert html(app).count("<bdi>Riverside Carers’ Circle</bdi> · <bdi>Hill Street</bdi>") == 2


def test_what_is_decided_on_its_card_counts_for_both_and_is_taken_back_for_both(both: Settings, page: Page) -> None:
    app = of_all(both, page)
    before = waiting_count(app)
    more(app, FORM, "no_reply_needed")
    assert waiting_count(app) == before - 1
    book = open_casebook(both)
    assert {one.group_id: one.outcome for one in book.decisions()} == dict.fromkeys(
        ("riverside", "hill"), "no reply needed"
    )
    app.button(key="undo").click().run()
    assert waiting_count(app) == before
    assert {one.outcome for one in book.decisions()} == {None}


def test_the_history_says_it_once(both: Settings, page: Page) -> None:
    app = of_all(both, page)
    app.button(key=f"claim-{FORM}").click().run()
    assert "What was done (1 step)" in [box.label for box in app.expander]
    assert "You said you would reply" in html(app)


def test_one_group_alone_decides_for_itself_and_the_other_goes_on_waiting(both: Settings, page: Page) -> None:
    book = open_casebook(both)
    does(book, COUNCIL, "no_reply_needed")
    app = of_all(both, page)
    made = html(app)
    assert f"claim-{COUNCIL}" in [button.key for button in app.button]
    assert made.count("<bdi>Riverside Carers’ Circle</bdi> · <bdi>Hill Street</bdi>") == 1
    app.button(key=f"claim-{COUNCIL}").click().run()
    assert [event.group_id for event in book.history("hill", COUNCIL)] == ["hill"]


def test_a_second_person_of_the_other_group_is_told_and_nothing_is_recorded(both: Settings, page: Page) -> None:
    app = of_all(both, page)
    book = open_casebook(both)
    book.record(group_id="hill", post_id=FORM, who="Ada", what="claim", at=village.NOW)
    more(app, FORM, "no_reply_needed")
    assert "Ada was quicker" in html(app)
    assert book.version() == 1


def test_a_claim_is_seen_whichever_group_it_was_made_for(both: Settings, page: Page) -> None:
    open_casebook(both).record(group_id="hill", post_id=FORM, who="Ada", what="claim", at=village.NOW)
    assert "Ada is replying" in html(of_all(both, page))
    open_casebook(both).record(group_id="riverside", post_id=COUNCIL, who="Sam", what="claim", at=village.NOW)
    assert "Sam is replying" in html(of_all(both, page))


def listed(*lines: tuple[str, str, str, bool]) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=["post_id", "group_id", "listed_in", "is_taken"])


def test_an_item_stands_on_the_most_pressing_of_its_lists() -> None:
    items = shared_items.merge_listings(
        listed(("p", "a", "done", False), ("p", "b", "waiting", False), ("p", "c", "waiting", True), ("q", "a", "maybe", False))
    )  # fmt: skip
    assert shared_items.count_by_list(items) == {"waiting": 1, "maybe": 1}
    assert items.loc["p", ["group_id", "also"]].tolist() == ["c", ("b",)]
    assert items.loc["q", "also"] == ()


def test_nothing_listed_is_no_items() -> None:
    assert shared_items.count_by_list(shared_items.merge_listings(listed())) == {}
    assert shared_items.keep_shown_cards(
        pd.DataFrame({"post_id": [], "group_id": [], "listed_in": []}), shared_items.merge_listings(listed())
    ).empty
