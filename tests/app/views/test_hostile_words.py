"""Posts as people and hostile servers write them, on the real page: readable, whole, and never anything but words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.request_queue import keyboard
from app.ui import words
from tests.app.views.test_views import html, named, texts
from tests.app.views.test_waiting import COUNCIL, FORM, more, post_id
from tests.support import village
from warehouse.casebook.events import open_casebook
from warehouse.casebook.notifications import Notification, begin_sending
from warehouse.ingest.store import store
from warehouse.privacy.retain import delete_posts
from warehouse.settings import Person, Settings
from warehouse.snapshots.publish import publish
from warehouse.storage.connection import open_warehouse
from warehouse.transform.prepare import prepare

Page = Callable[..., AppTest]


def odd_village(folder: Path) -> Settings:
    """A queue of nothing but odd words."""
    settings = village.settings(folder)
    made = village.Village()
    made.collecting()
    made.odd_words()
    with open_warehouse(settings) as con:
        con.execute("begin")
        prepare(con, store(con, made.rows), village.NOW)
        con.execute("commit")
        publish(con, settings, village.NOW)
    return settings


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return odd_village(tmp_path_factory.mktemp("odd"))


def all_pages(app: AppTest) -> tuple[str, str]:
    """What stands on all the pages of the queue: (texts, html)."""
    said, made = "".join(texts(app)), html(app)
    for pages in range(2, 4):
        for key in ("requests", "maybe"):
            if f"{key}-page" in app.session_state:
                app.session_state[f"{key}-page"] = pages
        app.run()
        said, made = said + "".join(texts(app)), made + html(app)
    return said, made


def test_every_one_of_them_stands_in_the_queue(odd: Settings, page: Page) -> None:
    app = page(odd)
    assert not app.exception
    said, made = all_pages(app)
    for number in range(len(village.ODD_WORDS)):
        assert f"@odd{number}@" in made, list(village.ODD_WORDS)[number]
    assert "😭😭😭🆘❓👩\u200d👧" in said  # a joiner is part of the picture
    assert "هل يمكن لأحد أن يساعدني؟" in said


def test_they_hide_nothing_turn_nothing_round_and_are_no_html(odd: Settings, page: Page) -> None:
    said, made = all_pages(page(odd))
    for sign in "\u202e\u202c\u2066\u2069\u200f\u200b\u2060\ufeff\u00ad":
        assert sign not in said, f"U+{ord(sign):04X}"
        assert sign not in made, f"U+{ord(sign):04X}"
    made = made.replace(keyboard.LISTENING, "")
    assert "<style>*" not in made
    assert "onmouseover" not in made.replace("onmouseover=window.hurt=6&gt;", "")
    assert "<b onmouseover=window.hurt=6>can anybody help me</b>" in said  # as it was typed


def test_ten_thousand_characters_are_folded_and_end_where_the_page_says(odd: Settings, page: Page) -> None:
    app = page(odd)
    long = [text for text in texts(app) if text.startswith("Can anybody help me")]
    assert max(len(text) for text in long) <= words.TEXT_LIMIT + 1
    assert any(len(text) <= 701 for text in long)
    assert "This post is very long. The rest can be read on the network." in html(app)


def test_nobodys_post_fills_the_page_with_empty_lines_or_piles_up_accents(odd: Settings, page: Page) -> None:
    said, _ = all_pages(page(odd))
    assert "\n\n\n" not in said
    assert "\u0301\u0302\u0303 please?" in said
    assert "\u0304" not in said


@pytest.mark.parametrize("name", ["zero width", "look-alike", "stacked"])
def test_words_in_disguise_are_found_by_the_search_for_what_one_sees(odd: Settings, page: Page, name: str) -> None:
    app = page(odd)
    app.text_input(key="find").input("anybody help me please").run()
    number = list(village.ODD_WORDS).index(name)
    assert f"@odd{number}@" in all_pages(app)[1]


def test_a_request_deleted_while_it_is_open_is_decided_about_without_harm(mine: Settings, page: Page) -> None:
    """Somebody has the page open; the asker takes the post down; the next snapshot is published; then they press."""
    app = named(mine, page)
    with open_warehouse(mine) as con:
        con.execute("begin")
        prepare(
            con, delete_posts(con, {village.keyed(village.KEY, "post", "bluesky", "form")}, village.NOW), village.NOW
        )
        con.execute("commit")
        publish(con, mine, village.NOW + timedelta(minutes=1))
    more(app, FORM, "no_reply_needed")  # the press of a page drawn before
    assert not app.exception
    assert "Marked as needing no reply." in html(app)
    assert f"claim-{FORM}" not in [button.key for button in app.button]
    assert not [text for text in texts(app) if "carer’s allowance" in text]
    assert [event.what for event in open_casebook(mine).history("riverside", FORM)] == ["no_reply_needed"]
    app.button(key="undo").click().run()
    assert not app.exception


def test_an_outcome_on_an_item_that_left_retention_is_kept_and_hurts_no_page(mine: Settings, page: Page) -> None:
    gone = post_id("long ago")  # nothing of it is held any more
    book = open_casebook(mine)
    for what, detail in (
        ("answered_elsewhere", {"reason": "phone"}),
        ("flag", {"flag": "hostile"}),
        ("note", {"text": "x"}),
    ):
        book.record(group_id="riverside", post_id=gone, who="Ada", what=what, at=village.NOW, detail=detail)
    for name in ("waiting", "this_week", "how_it_is_going"):
        app = page(mine, name)
        assert not app.exception
    app = page(mine)
    assert f"claim-{COUNCIL}" in [button.key for button in app.button]
    assert gone not in html(app)


def test_a_service_that_cannot_be_reached_is_said_on_how_it_is_going_with_the_cure(mine: Settings, page: Page) -> None:
    told = replace(mine, people=(Person("Sam", ("sam-mail",)),))
    assert "Nothing had to be told so far." in html(page(told, "how_it_is_going"))
    with open_casebook(told).writing() as con:
        for minutes in (90, 70, 30):
            at = village.NOW - timedelta(minutes=minutes)
            begin_sending(
                con,
                [
                    Notification(
                        "Sam", "sam-mail", "riverside", at, "late", 2, ("late:a",), "the service could not be reached"
                    )
                ],
            )
    made = html(page(told, "how_it_is_going"))
    assert "Could not tell Sam since today 08:10: the service could not be reached." in made
    assert "mutuals tell --test Sam" in made


def test_a_casebook_of_a_newer_version_is_said_with_the_cure(mine: Settings, page: Page) -> None:
    import sqlalchemy as sa

    with open_casebook(mine)._engine.begin() as con:
        con.execute(sa.text("update casebook set schema_version = 99"))
    for name in ("waiting", "how_it_is_going", "rota"):
        app = page(mine, name)
        assert not app.exception
        assert "written by a newer version of Mutuals; install that version again" in html(app)


def test_a_folder_without_any_of_it_says_so(tmp_path: Path, page: Page) -> None:
    assert "Nothing collected yet" in html(page(village.settings(tmp_path)))
