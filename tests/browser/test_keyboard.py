"""The queue by keyboard in a real browser: from card to card, open, take on; and silence while somebody writes."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_pages import Visit
from tests.browser.test_queue import COUNCIL, named
from tests.support import village
from warehouse.casebook.events import open_casebook

pytestmark = pytest.mark.browser
HERE = "document.activeElement.closest('[class*=st-key-card-]')?.className.match(/st-key-(card-\\S+)/)[1] ?? ''"
CARDS = "all => all.map(one => one.className.match(/st-key-(card-\\S+)/)[1])"


def cards(page: Any) -> list[str]:
    found: list[str] = page.locator("[class*=st-key-card-]").evaluate_all(CARDS)
    return found


def to(page: Any, card: str) -> None:
    """With j alone."""
    for _ in range(20):
        if page.evaluate(HERE) == card:
            return
        page.keyboard.press("j")
    raise AssertionError(f"{card} was not reached")


def test_j_and_k_go_from_card_to_card_and_show_where_one_is(address: str, browser: Any) -> None:
    visit = Visit(browser)
    page = visit.open(address)
    listed = cards(page)
    for card in listed[:4]:
        page.keyboard.press("j")
        assert page.evaluate(HERE) == card
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        box = page.evaluate("(({top, bottom}) => [top, bottom])(document.activeElement.getBoundingClientRect())")
        assert box[0] < 900
        assert box[1] > 0
    page.keyboard.press("k")
    assert page.evaluate(HERE) == listed[2]
    for _ in range(30):
        page.keyboard.press("j")
    assert page.evaluate(HERE) == listed[-1]  # the end is the end
    assert visit.complaints == []
    visit.context.close()


def test_enter_opens_the_conversation_and_c_takes_the_card_on(pressable: tuple[str, Path], browser: Any) -> None:
    address, folder = pressable
    visit = Visit(browser)
    page = named(visit, address, "Dee")
    to(page, f"card-{COUNCIL}")
    page.keyboard.press("Enter")
    page.get_by_text("Ask for the review in writing").wait_for()
    page.keyboard.press("c")
    page.get_by_text("You said you would reply").wait_for()
    page.wait_for_function(f"({HERE}) === 'card-{COUNCIL}'")  # and there one stays
    (event,) = open_casebook(village.settings(folder)).history("riverside", COUNCIL)
    assert (event.who, event.what) == ("Dee", "claim")
    page.keyboard.press("c")  # it is taken: nothing happens
    page.keyboard.press("j")
    assert page.evaluate(HERE) != f"card-{COUNCIL}"
    assert open_casebook(village.settings(folder)).version() == 1
    assert visit.complaints == []
    visit.context.close()


def test_a_letter_typed_into_a_field_is_a_letter(pressable: tuple[str, Path], browser: Any) -> None:
    address, folder = pressable
    visit = Visit(browser)
    page = named(visit, address, "Dee")
    page.get_by_placeholder("Find a word or a name").focus()
    page.keyboard.type("jack c?")
    assert page.get_by_placeholder("Find a word or a name").input_value() == "jack c?"
    assert page.evaluate(HERE) == ""
    page.keyboard.press("Escape")
    page.get_by_placeholder("Find a word or a name").fill("")
    page.keyboard.press("Enter")
    page.locator(f".st-key-more-{COUNCIL} button").click()
    page.keyboard.press("c")
    page.keyboard.press("j")
    page.get_by_text("Write a note …", exact=True).last.click()
    page.get_by_label("A note for the team").focus()
    page.keyboard.type("c j k?")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("c")  # in a dialog, but not in a field
    page.get_by_role("button", name="Save").click()
    page.locator(".team-note", has_text="c j k?").wait_for()
    assert [event.what for event in open_casebook(village.settings(folder)).history("riverside", COUNCIL)] == ["note"]
    assert open_casebook(village.settings(folder)).version() == 1
    visit.context.close()


def test_the_browsers_own_shortcuts_stay_its_own(address: str, browser: Any) -> None:
    visit = Visit(browser)
    page = visit.open(address)
    for key in ("Control+j", "Alt+k", "Meta+c"):
        page.keyboard.press(key)
    assert page.evaluate(HERE) == ""
    visit.context.close()


def test_a_question_mark_shows_the_keys_and_the_switch_turns_them_off(address: str, browser: Any) -> None:
    visit = Visit(browser)
    page = visit.open(address)
    page.keyboard.press("?")
    page.get_by_text("go to the next card").wait_for()
    page.get_by_text("Use these keys").click()
    page.wait_for_selector(".keys-on", state="detached")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate(HERE) == ""
    assert "keys=" in page.url  # and stay off, for whoever keeps the address
    visit.context.close()


def test_another_page_has_no_such_keys(address: str, browser: Any) -> None:
    visit = Visit(browser)
    page = visit.open(address)
    page.keyboard.press("j")
    page.get_by_role("link", name="What the numbers mean").click()
    page.get_by_text("Each number has one meaning").wait_for()
    page.keyboard.press("j")
    assert page.evaluate(HERE) == ""
    visit.context.close()
