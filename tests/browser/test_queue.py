"""The queue in real browsers: two people at once, dialogs, the keyboard."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.app.views.test_hostile_words import odd_village
from tests.browser.test_pages import CONTRASTS, LOWEST_CONTRAST, SIDEWAYS, Visit
from tests.support import village
from tests.support.dashboard_process import dashboard
from warehouse.casebook.events import open_casebook
from warehouse.storage.rows import Decision

pytestmark = pytest.mark.browser
COUNCIL = str(village.keyed(village.KEY, "post", "mastodon", "council"))


def named(visit: Visit, address: str, name: str) -> Any:
    """The queue, at a browser that knows its person's name."""
    page = visit.open(address)
    page.get_by_role("button", name="Say who you are").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Save").click()
    page.get_by_text(f"You are {name}").wait_for()
    return page


def choose(page: Any, menu: str, item: str) -> None:
    page.locator(f".st-key-{menu}-{COUNCIL} button").click()
    page.get_by_text(item, exact=True).last.click()


def decision(folder: Path) -> Decision:
    return next(one for one in open_casebook(village.settings(folder)).decisions() if str(one.post_id) == COUNCIL)


def test_of_two_people_at_one_item_the_second_is_told_and_nothing_is_lost(
    pressable: tuple[str, Path], browser: Any
) -> None:
    """Also where the first one's press took the item away from the second one's page."""
    address, folder = pressable
    first, second = Visit(browser), Visit(browser)
    dee, sam = named(first, address, "Dee"), named(second, address, "Sam")
    # both look at it; Dee is quicker, and Sam's page has not been drawn anew when he presses
    sam.locator(f".st-key-more-{COUNCIL} button").click()
    choose(dee, "more", "No reply needed")
    dee.get_by_text("Marked as needing no reply.").wait_for()
    sam.get_by_text("Close without an answer", exact=True).last.click()
    sam.get_by_text("Dee was quicker: they said it needs no reply.").wait_for()
    assert decision(folder).outcome == "no reply needed"
    # Sam has seen it now, and may decide otherwise
    sam.get_by_text("Dealt with 1").click()
    sam.locator(f".st-key-reopen-{COUNCIL} button").click()
    sam.get_by_text("Opened again.").wait_for()
    assert decision(folder).outcome is None
    assert [event.who for event in open_casebook(village.settings(folder)).history("riverside", COUNCIL)] == [
        "Dee",
        "Sam",
    ]
    for visit in (first, second):
        assert visit.complaints == []
        visit.context.close()


def test_handing_over_asks_to_whom_and_the_note_stands_on_the_card(pressable: tuple[str, Path], browser: Any) -> None:
    address, folder = pressable
    visit = Visit(browser)
    page = named(visit, address, "Dee")
    choose(page, "more", "Hand it to somebody …")
    page.get_by_role("button", name="Hand over").click()
    page.get_by_text("Type a name first.").wait_for()
    page.get_by_label("Who takes it on?").fill("Ada")
    page.keyboard.press("Enter")
    page.get_by_label("A note for the team").fill("She is on the phone until <b>three</b>")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Hand over").click()
    page.get_by_text("Ada is replying").wait_for()
    page.locator(".team-note", has_text="She is on the phone until <b>three</b>").wait_for()
    assert decision(folder).claimed_by == "Ada"
    assert visit.complaints == []
    visit.context.close()


def test_answered_elsewhere_asks_how_and_whoever_has_no_name_gives_it_first(
    pressable: tuple[str, Path], browser: Any
) -> None:
    address, folder = pressable
    visit = Visit(browser, "phone")
    page = visit.open(address)
    choose(page, "more", "Answered elsewhere …")
    page.get_by_label("Your name").fill("Dee")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("at a meeting").click()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Marked as answered elsewhere.").wait_for()
    held = decision(folder)
    assert (held.outcome, held.outcome_reason) == ("answered elsewhere", "meeting")
    assert visit.complaints == []
    visit.context.close()


def test_an_address_keeps_list_filters_and_search_by_names_that_do_not_change(
    pressable: tuple[str, Path], browser: Any
) -> None:
    address, folder = pressable
    nights = village.keyed(village.KEY, "post", "mastodon", "nights")
    book = open_casebook(village.settings(folder))
    book.record(group_id="riverside", post_id=nights, who="Ada", what="no_reply_needed", at=village.NOW)
    visit = Visit(browser)
    page = visit.open(address)
    page.get_by_text("Dealt with 1").click()
    page.get_by_role("heading", name="No reply needed").wait_for()
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("radio", name="Mastodon", exact=True).click()
    page.get_by_role("button", name="Filters (1 on)").wait_for()
    assert sorted(urlsplit(page.url).query.split("&")) == ["list=done", "network=mastodon"]
    book.record(group_id="riverside", post_id=COUNCIL, who="Ada", what="no_reply_needed", at=village.NOW)
    page = visit.open(page.url)  # tomorrow the button says another number
    page.get_by_text("Dealt with 2").wait_for()
    assert page.get_by_role("heading", name="No reply needed").count() == 2
    page = visit.open(f"{address}/?network=bluesky&find=zebra")
    page.get_by_role("button", name="Show all of them").click()
    page.get_by_text("They sent me in circles").wait_for()
    page.wait_for_function("location.search === ''")
    assert visit.complaints == []
    visit.context.close()


def test_odd_words_fit_a_phone_and_do_nothing(tmp_path: Path, browser: Any) -> None:
    odd_village(tmp_path)
    visit = Visit(browser, "phone")
    with dashboard(tmp_path) as address:
        page = visit.open(address)
        assert page.evaluate(SIDEWAYS) == [0, 0]
        assert page.evaluate("window.hurt") is None
        assert page.locator("[data-testid=stMain] img").count() == 0
        tall = page.locator("[class*=st-key-card-]").evaluate_all("all => all.map(one => one.offsetHeight)")
        assert len(tall) >= len(village.ODD_WORDS)
        assert max(tall) < 2 * 844
        assert visit.complaints == []
        visit.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_list_can_be_read_and_fits_a_phone(scheme: str, pressable: tuple[str, Path], browser: Any) -> None:
    address, folder = pressable
    book = open_casebook(village.settings(folder))
    for name, what, detail in (
        ("council", "snooze", {"until": village.NOW.replace(hour=19).isoformat()}),
        ("nights", "no_reply_needed", {}),
    ):
        post_id = village.keyed(village.KEY, "post", "mastodon", name)
        book.record(group_id="riverside", post_id=post_id, who="Ada", what=what, at=village.NOW, detail=detail)
    visit = Visit(browser, "phone", scheme)
    for query, there in (
        ("?list=put+off", "Put off until today 19:40"),
        ("?list=done", "Open it again"),
        ("?hide_names=true", "1 request is put off until today 19:40"),
        ("?find=zebra", "Show all of them"),
    ):
        page = visit.open(f"{address}/{query}")
        page.get_by_text(there).first.wait_for()
        assert page.evaluate(SIDEWAYS) == [0, 0]
        assert page.evaluate(CONTRASTS, LOWEST_CONTRAST) == []
    assert visit.complaints == []
    visit.context.close()


def test_with_tab_alone_every_card_is_reached_in_its_order_and_the_focus_shows(address: str, browser: Any) -> None:
    visit = Visit(browser)
    page = visit.open(address)
    reached: list[str] = []
    for _ in range(120):
        page.keyboard.press("Tab")
        card = page.evaluate("document.activeElement.closest('[class*=st-key-card-]')?.className ?? ''")
        if card and card not in reached:
            reached.append(card)
            ring = page.evaluate("(s => s.outlineStyle + s.boxShadow)(getComputedStyle(document.activeElement))")
            assert ring != "nonenone"
    cards = page.locator("[class*=st-key-card-]").evaluate_all("all => all.map(one => one.className)")
    assert reached == cards[: len(reached)]
    assert len(reached) > 4
    visit.context.close()
