"""The pages in a real browser: how they fit, what they ask for, who can use them."""

import re
import struct
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support import village
from warehouse.casebook.events import open_casebook

pytestmark = pytest.mark.browser
PAGES = (
    "",
    "this_week",
    "across_groups",
    "reaching_out",
    "what_works",
    "people_together",
    "rota",
    "weekly_mail",
    "summary",
    "exports",
    "how_it_is_going",
    "what_the_numbers_mean",
    "left_out",
    "set_up",
)
SIZES = {"phone": (390, 844), "desk": (1280, 900)}
# Streamlit asks below the page's own path first for where it lives, is told 404, and asks again at the root.
HARMLESS = "the server responded with a status of 404"
LOWEST_CONTRAST = 4.5

CONTRASTS = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
SIDEWAYS = """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
    .map(element => element.scrollWidth - element.clientWidth)"""


class Visit:
    """One page, with what it asked for and what it complained about."""

    def __init__(self, browser: Any, size: str = "desk", scheme: str = "light") -> None:
        width, height = SIZES[size]
        self.context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        self.page = self.context.new_page()
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message: Any) -> None:
        if message.type == "error" and HARMLESS not in message.text:
            self.complaints.append(message.text)

    def open(self, address: str) -> Any:
        self.page.goto(address)
        self.page.wait_for_selector(".page-head", timeout=30_000)
        self.page.wait_for_selector("[data-test-script-state=notRunning]", timeout=30_000)
        self.page.locator("[data-testid=stSkeleton]").first.wait_for(state="detached", timeout=30_000)
        self.page.wait_for_timeout(500)
        return self.page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_can_be_read_and_calls_nobody(
    name: str, size: str, scheme: str, browser: Any, address: str
) -> None:
    visit = Visit(browser, size, scheme)
    page = visit.open(f"{address}/{name}")
    width = page.evaluate(SIDEWAYS)
    assert width == [0, 0], "scrolls sideways"
    assert page.evaluate(CONTRASTS, LOWEST_CONTRAST) == []
    assert visit.hosts <= {urlsplit(address).netloc, ""}
    assert visit.complaints == []
    assert page.locator("h1").count() == 1
    visit.context.close()


def test_hostile_words_do_nothing(browser: Any, address: str) -> None:
    visit = Visit(browser)
    page = visit.open(address)
    assert page.get_by_text("<script>window.hurt=1</script>").count() == 1
    assert page.evaluate("window.hurt") is None
    assert page.locator("[data-testid=stMain] img").count() == 0
    assert page.locator("[data-testid=stMain] a[href^='javascript']").count() == 0
    visit.context.close()


def test_links_to_a_network_tell_it_nothing_of_us(browser: Any, address: str) -> None:
    visit = Visit(browser)
    page = visit.open(address)
    links = page.get_by_role("link", name="Reply on Mastodon")
    assert links.count() > 2
    assert links.first.get_attribute("rel") == "noreferrer"
    assert links.first.get_attribute("target") == "_blank"
    visit.context.close()


def test_the_queue_can_be_worked_with_the_keyboard_alone(pressable: tuple[str, Path], browser: Any) -> None:
    address, folder = pressable
    visit = Visit(browser)
    page = visit.open(address)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "I’ll reply":
            break
    assert page.evaluate("document.activeElement.innerText") == "I’ll reply"
    page.keyboard.press("Enter")
    page.get_by_label("Your name").wait_for()
    page.get_by_label("Your name").focus()
    page.keyboard.type("Dee")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("You said you would reply").first.wait_for()
    assert open_casebook(village.settings(folder)).version() == 1
    visit.context.close()


def test_a_browser_is_asked_for_its_name_once(pressable: tuple[str, Path], browser: Any) -> None:
    address, _ = pressable
    visit = Visit(browser)
    page = visit.open(address)
    page.get_by_role("button", name="I’ll reply").first.click()
    page.get_by_label("Your name").fill("Żaneta")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("You said you would reply").first.wait_for()
    page.wait_for_timeout(1000)
    page = visit.open(address)
    page.get_by_text("You are Żaneta").wait_for()
    page.get_by_role("button", name="I’ll reply").first.click()
    page.get_by_text("You took this on.").wait_for()
    assert visit.complaints == []
    visit.context.close()


def test_what_somebody_else_does_shows_by_itself_and_nothing_closes(pressable: tuple[str, Path], browser: Any) -> None:
    address, folder = pressable
    visit = Visit(browser)
    page = visit.open(address)
    page.get_by_text("The conversation so far (3 posts)").click()
    page.get_by_text("Ask for the review in writing").wait_for()
    settings = village.settings(folder)
    post = page.locator("[class*=st-key-claim-]").first.get_attribute("class").split("st-key-claim-")[1].split(" ")[0]
    open_casebook(settings).record(group_id="riverside", post_id=post, who="Ada", what="claim", at=village.NOW)
    page.get_by_text("Ada is replying").wait_for(timeout=25_000)
    assert page.get_by_text("Ask for the review in writing").is_visible()
    visit.context.close()


def test_charts_follow_the_colour_scheme(browser: Any, address: str) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        visit = Visit(browser, scheme=scheme)
        page = visit.open(f"{address}/this_week")
        page.wait_for_selector(".js-plotly-plot .bars path", timeout=30_000)
        colours[scheme] = page.locator(".js-plotly-plot .bars path").first.evaluate("e => getComputedStyle(e).fill")
        visit.context.close()
    assert colours["light"] != colours["dark"]


@pytest.mark.parametrize(("name", "size", "scheme"), [("this_week", "phone", "dark"), ("summary", "desk", "light")])
def test_a_charts_own_button_saves_it_as_a_picture_and_calls_nobody(
    name: str, size: str, scheme: str, browser: Any, address: str
) -> None:
    visit = Visit(browser, size, scheme)
    page = visit.open(f"{address}/{name}")
    button = page.get_by_role("button", name="Save this chart as a picture (PNG)").first
    button.wait_for(timeout=30_000)
    button.scroll_into_view_if_needed()
    with page.expect_download() as saving:
        button.focus()
        page.keyboard.press("Enter")
    title = page.locator(".chart-title").first.inner_text().split(",")[0].split(" ")[0].lower()
    assert re.fullmatch(rf"riverside-{title}[a-z0-9-]*-2026-11-22\.png", saving.value.suggested_filename)
    content = Path(saving.value.path()).read_bytes()
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    assert width == 1800  # whatever the screen
    assert 240 <= height <= 2000
    assert visit.hosts <= {urlsplit(address).netloc, ""}
    assert visit.complaints == []
    visit.context.close()
