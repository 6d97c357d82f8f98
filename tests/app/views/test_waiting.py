"""Working the queue: what a press does, as Streamlit runs it, over a real snapshot and a real casebook."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.conftest import MAIN
from tests.app.views.test_views import html, named, texts, waiting_count
from tests.support import village
from warehouse.casebook.events import Casebook, open_casebook
from warehouse.settings import Group, SavedReply, Settings
from warehouse.storage.rows import Decision

Page = Callable[..., AppTest]


@pytest.fixture
def book(mine: Settings) -> Casebook:
    return open_casebook(mine)


def post_id(name: str, network: str = "mastodon") -> str:
    return str(village.keyed(village.KEY, "post", network, name))


COUNCIL, FORM = post_id("council"), post_id("form", "bluesky")


def more(app: AppTest, post: str, what: str) -> AppTest:
    """Choose something under “More”."""
    return app.menu_button(key=f"more-{post}").click(what).run()


def decision(book: Casebook, post: str) -> Decision:
    return next(one for one in book.decisions() if str(one.post_id) == post)


def does(book: Casebook, post: str, what: str, who: str = "Ada", hours: float = 0, **detail: Any) -> int:
    at = village.NOW - timedelta(hours=hours)
    return book.record(group_id="riverside", post_id=post, who=who, what=what, at=at, detail=detail)


def test_a_claim_holds_two_hours_and_then_says_that_it_is_free_again(
    mine: Settings, page: Page, book: Casebook
) -> None:
    app = named(mine, page)
    app.button(key=f"claim-{COUNCIL}").click().run()
    assert "You said you would reply (just now)" in html(app)
    assert decision(book, COUNCIL).claimed_until_at == village.NOW + timedelta(hours=2)
    app = page(mine, clock=lambda: village.NOW + timedelta(hours=2))
    assert "Free again: Dee took it on 2 hours ago" in html(app)


def test_what_is_put_off_leaves_the_first_list_waits_on_and_comes_back(mine: Settings, page: Page) -> None:
    app = named(mine, page)
    before = waiting_count(app)
    app.menu_button(key=f"later-{COUNCIL}").click("three_days").run()
    assert waiting_count(app) == before
    assert "Put off until" not in html(app)
    (fold,) = [box for box in app.expander if "put off until" in box.label]
    assert fold.label == "1 request is put off until Wednesday 08:00"
    assert "Waiting 9 hours, on Mastodon. Comes back Wednesday 08:00." in html(app)
    app.button(key="look-put-off").click().run()
    assert "Put off until Wednesday 08:00" in html(app)
    assert "Waiting 9 hours" in html(app)
    app.button(key=f"wake-{COUNCIL}").click().run()
    app.button_group(key="list").select("waiting").run()
    assert f"claim-{COUNCIL}" in [button.key for button in app.button]


def test_the_wait_of_what_was_put_off_is_in_the_first_line(mine: Settings, page: Page) -> None:
    app = named(mine, page)
    assert "The longest has waited 34 hours." in html(app)
    app.menu_button(key=f"later-{FORM}").click("three_days").run()
    assert "The longest has waited 34 hours." in html(app)


def test_who_it_was_handed_to_and_why_stands_on_the_card(mine: Settings, page: Page, book: Casebook) -> None:
    until = (village.NOW + timedelta(hours=24)).isoformat()
    does(book, COUNCIL, "hand_over", to="Sam", text="She is on the phone until <b>three</b>", until=until)
    made = html(page(mine))
    assert "Sam is replying" in made
    assert "handed it to <bdi>Sam</bdi>" in made
    assert "She is on the phone until &lt;b&gt;three&lt;/b&gt;" in made


def test_what_is_dealt_with_stands_on_a_list_and_can_be_opened_again(mine: Settings, page: Page) -> None:
    app = named(mine, page)
    before = waiting_count(app)
    more(app, FORM, "no_reply_needed")
    assert waiting_count(app) == before - 1
    app.button_group(key="list").select("done").run()
    assert '<h3 class="wait">No reply needed</h3>' in html(app)
    app.button(key=f"reopen-{FORM}").click().run()
    assert waiting_count(app) == before
    app.button_group(key="list").select("waiting").run()
    assert f"claim-{FORM}" in [button.key for button in app.button]


def test_the_wrong_kind_is_one_press_and_one_press_back(mine: Settings, page: Page, book: Casebook) -> None:
    app = named(mine, page)
    more(app, FORM, "kind_emotional")
    assert "asks for comfort" in html(app)
    app.button(key="undo").click().run()
    assert decision(book, FORM).support_asked is None


def test_a_flag_on_the_only_answers_brings_a_request_back_and_undo_takes_it_away(mine: Settings, page: Page) -> None:
    app = named(mine, page)
    for name in ("council-1", "council-2"):
        app.menu_button(key=f"flag-{COUNCIL}-{post_id(name)}").click("misleading").run()
    made = html(app)
    assert "somebody said that it is misleading or hostile" in made
    assert "⚑ Misleading" in made
    assert "Waiting 20 hours" in made  # from the ask, not from what was said below a wrong answer
    app.button(key="undo").click().run()
    assert "Waiting 9 hours" in html(app)


def test_the_second_person_reads_what_the_first_one_did(mine: Settings, page: Page, book: Casebook) -> None:
    app = named(mine, page)
    does(book, COUNCIL, "snooze", until=(village.NOW + timedelta(hours=9)).isoformat())
    more(app, COUNCIL, "not_a_request")
    assert "Ada was quicker: they put it off." in html(app)
    assert decision(book, COUNCIL).is_request is None


def test_the_history_shows_what_was_taken_back(mine: Settings, page: Page, book: Casebook) -> None:
    book.undo(does(book, FORM, "claim", hours=1), "Sam", village.NOW)
    does(book, FORM, "note", text="Rang twice.")
    made = html(page(mine))
    assert "<s><strong><bdi>Ada</bdi></strong> said they would reply</s> (taken back)" in made
    assert '<p class="note"><bdi>Rang twice.</bdi></p>' in made
    assert "What was done (2 steps)" in [box.label for box in page(mine).expander]


def test_somebody_new_who_did_not_ask_has_a_quiet_list(mine: Settings, page: Page, book: Casebook) -> None:
    app = named(mine, page)
    assert "Say welcome" in html(app)
    app.button(key=f"no_reply_needed-{post_id('hello')}").click().run()
    assert "Say welcome" not in html(app)
    assert decision(book, post_id("hello")).outcome == "no reply needed"


def test_a_look_at_how_they_are_now_is_due_after_three_days(mine: Settings, page: Page, book: Casebook) -> None:
    does(book, COUNCIL, "answered_elsewhere", hours=3, reason="phone")
    app = page(mine, clock=lambda: village.NOW + timedelta(days=3, hours=-2))
    app.session_state["who"] = "Dee"
    app.button_group(key="list").select("check back").run()
    assert "Answered 3 days ago" in html(app)
    app.button(key=f"looked_after-{COUNCIL}").click().run()
    assert f"looked_after-{COUNCIL}" not in [button.key for button in app.button]


class TestFinding:
    """Filters and the search."""

    def test_the_search_looks_into_words_and_names(self, published: Settings, page: Page) -> None:
        app = page(published)
        app.text_input(key="find").input("COUNCIL jo").run()
        assert [text for text in texts(app) if "appeal" in text]
        assert not [text for text in texts(app) if "form changed" in text]
        app.text_input(key="find").input("zebra").run()
        assert "Nothing here fits your search" in html(app)

    @pytest.mark.parametrize(
        ("key", "value", "kept", "gone"),
        [
            ("network", "bluesky", "@marit", "@ana"),
            ("state", "waiting again", "@jo@", "@ana"),
            ("why", "hashtag", "@ana", "@marit"),
            ("language", "de", "@ute", "@ana"),
            ("whose", "free", "@ana", "replying"),
        ],
    )
    def test_each_filter_keeps_what_it_says(
        self, key: str, value: str, kept: str, gone: str, published: Settings, page: Page
    ) -> None:
        app = page(published)
        app.button_group(key=key).select(value).run()
        made = html(app)
        assert kept in made
        assert gone not in made

    def test_first_time_posters_and_mine(self, mine: Settings, page: Page) -> None:
        app = named(mine, page)
        app.toggle(key="first").set_value(True).run()
        assert "@marit" in html(app)
        assert "@ana" not in html(app)
        app.toggle(key="first").set_value(False).run()
        app.button(key=f"claim-{COUNCIL}").click().run()
        app.button_group(key="whose").select("mine").run()
        assert "@jo@" in html(app)
        assert "@marit" not in html(app)

    def test_the_address_keeps_them_and_nonsense_in_it_does_no_harm(self, published: Settings, page: Page) -> None:
        page(published)
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        app.query_params["network"] = "bluesky"
        app.query_params["find"] = "form"
        app.query_params["list"] = "nonsense"
        app.query_params["state"] = "<script>"
        app.run()
        assert not app.exception
        assert "@marit" in html(app)
        assert "@ana" not in html(app)

    def test_hidden_names_are_nowhere(self, published: Settings, page: Page) -> None:
        app = page(published)
        assert "@marit" in html(app)
        app.toggle(key="hide_names").set_value(True).run()
        for name in ("@marit", "@ana", "@jo@", "@bo@", "@riverside"):
            assert name not in html(app)
            assert name not in "".join(texts(app))


def test_what_arrives_while_somebody_reads_waits_behind_a_button(mine: Settings, page: Page, book: Casebook) -> None:
    taken = does(book, COUNCIL, "no_reply_needed")
    app = named(mine, page)
    book.undo(taken, "Ada", village.NOW)
    app.run()
    assert f"claim-{COUNCIL}" not in [button.key for button in app.button]
    assert app.button(key="show-new").label == "Show 1 new"
    app.button(key="show-new").click().run()
    assert f"claim-{COUNCIL}" in [button.key for button in app.button]
    assert "show-new" not in [button.key for button in app.button]


def test_saved_replies_are_there_to_be_copied_as_they_are(published: Settings, page: Page) -> None:
    app = page(replace(published, replies=(SavedReply("Hello <b>", "You are *not* alone.\n<script>"),)))
    assert [code.value for code in app.code] == ["You are *not* alone.\n<script>"]
    assert "Hello &lt;b&gt;" in html(app)
    assert "mutuals.toml" in html(page(published))


def test_several_groups_stand_in_one_queue_and_each_item_is_decided_for_its_own(
    mine: Settings, page: Page, book: Casebook
) -> None:
    both = (Group("hill", "<b>Hill</b> Street", claim_hours=5), *mine.groups)
    app = named(replace(mine, groups=both), page)
    assert "Nobody is waiting" in html(app)  # the first group's own queue
    app.toggle(key="all_groups").set_value(True).run()
    assert waiting_count(app) > 4
    assert "<bdi>Riverside Carers’ Circle</bdi>" in html(app)
    app.button(key=f"claim-{COUNCIL}").click().run()
    held = decision(book, COUNCIL)
    assert (held.group_id, held.claimed_until_at) == ("riverside", village.NOW + timedelta(hours=2))
