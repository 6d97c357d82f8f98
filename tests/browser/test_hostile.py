"""Whatever anybody writes is words on every page: never HTML, never Markdown, never a link, and it calls nobody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.test_pages import PAGES, SIDEWAYS, Visit
from tests.support import hostile_village
from tests.support.dashboard_process import dashboard

pytestmark = pytest.mark.browser

MADE, UNMARKED, LINKS = Path(__file__).with_name("hostile.js").read_text(encoding="utf-8").split("// next\n")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    hostile_village.build(folder)
    with dashboard(folder, "hostile") as served:
        yield served


def opened_up(page: Any) -> None:
    """Unfold everything that is folded, so that nothing hides."""
    for _ in range(40):
        closed = page.locator("details:not([open]) > summary:visible")
        if not closed.count():
            break
        closed.first.click()
        page.wait_for_timeout(60)
    page.wait_for_timeout(400)


@pytest.mark.parametrize("name", [*PAGES, "dates", "first_visit"])
def test_nothing_that_anybody_wrote_is_obeyed(name: str, browser: Any, address: str) -> None:
    visit = Visit(browser)
    page = visit.open(f"{address}/{name}")
    opened_up(page)
    assert page.evaluate(MADE) == []
    assert page.evaluate(UNMARKED, hostile_village.MARK) == []
    assert visit.hosts <= {urlsplit(address).netloc, ""}
    assert visit.complaints == []
    assert page.evaluate(SIDEWAYS) == [0, 0], "a name of 100,000 letters is cut"
    for href, rel in page.evaluate(LINKS):
        assert "noreferrer" in rel, href
    if name in ("", "this_week", "summary", "how_it_is_going", "what_works", "rota", "dates"):
        assert hostile_village.MARK in page.content(), "the control: hostile words are on this page"
    visit.context.close()


def test_choosing_searching_and_pressing_shows_words_and_nothing_else(browser: Any, address: str) -> None:
    """Select boxes, tips, toasts and dialogs are drawn by others than the page."""
    visit = Visit(browser)
    page = visit.open(address)
    page.get_by_role("button", name="Say who you are").click()
    page.get_by_label("Your name").fill(hostile_village.short("colour"))
    page.get_by_role("button", name="Save").click()
    page.wait_for_timeout(800)
    assert page.evaluate(MADE) == []
    page.get_by_role("combobox").first.click()
    page.wait_for_timeout(400)
    assert page.evaluate(MADE) == []
    assert page.evaluate(UNMARKED, hostile_village.MARK) == []
    page.keyboard.press("Escape")
    claim = page.locator("[class*=st-key-claim-] button").first
    claim.hover()
    page.wait_for_timeout(600)
    claim.click()
    page.wait_for_timeout(1500)
    assert page.evaluate(MADE) == []
    assert page.evaluate(UNMARKED, hostile_village.MARK) == []
    more = page.locator("[class*=st-key-more-] button").first
    more.click()
    page.wait_for_timeout(400)
    assert page.evaluate(MADE) == []
    page.keyboard.press("Escape")
    search = page.locator(".st-key-find input")
    search.fill(hostile_village.short("html"))
    search.press("Enter")
    page.wait_for_timeout(1200)
    assert page.evaluate(MADE) == []
    assert visit.complaints == []
    assert visit.hosts <= {urlsplit(address).netloc, ""}
    visit.context.close()
