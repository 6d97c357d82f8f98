"""The link in the weekly mail: asks, does it, takes it back; and knows only its own links."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from httpx import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from app import runtime
from app.data import readers
from app.server.security_headers import SecurityHeaders
from app.server.unsubscribe import PATH, unsubscribe
from tests.support.village import KEY
from warehouse.casebook.events import open_casebook
from warehouse.casebook.mail_preferences import is_unsubscribed, unsubscribe_links
from warehouse.settings import Person, Settings

SAM = Person("Sam", mail="sam@mail.example")


@pytest.fixture
def settings(mine: Settings) -> Iterator[Settings]:
    (mine.data_dir / "key").write_bytes(KEY)
    chosen = replace(mine, people=(SAM, Person("Ute", ("web",))), dashboard_url="https://mutuals.example")
    readers.reset_readers()
    runtime.set_current(runtime.Runtime(chosen))
    yield chosen
    readers.reset_readers()


class Browser:
    """Calls the route and waits for its answer."""

    def __init__(self) -> None:
        routes = [Route(PATH, unsubscribe, methods=["GET", "POST"])]
        self.app = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders, is_https=False)])

    def get(self, path: str, **more: Any) -> Response:
        return asyncio.run(self._call("GET", path, more))

    def post(self, path: str, **more: Any) -> Response:
        return asyncio.run(self._call("POST", path, more))

    async def _call(self, method: str, path: str, more: dict[str, Any]) -> Response:
        async with AsyncClient(transport=ASGITransport(self.app), base_url="https://mutuals.example") as line:
            return await line.request(method, path, **more)


@pytest.fixture
def browser(settings: Settings) -> Browser:  # noqa: ARG001 the route reads what is running
    return Browser()


@pytest.fixture
def gone(settings: Settings) -> Callable[[], frozenset[str]]:
    def look() -> frozenset[str]:
        casebook = open_casebook(settings)
        try:
            return is_unsubscribed(casebook)
        finally:
            casebook.close()

    return look


def link(settings: Settings) -> str:
    parts = urlsplit(unsubscribe_links(settings, KEY, SAM)[0])
    return f"{parts.path}?{parts.query}"


def test_opening_the_link_only_asks(settings: Settings, browser: Browser, gone: Callable[[], frozenset[str]]) -> None:
    answer = browser.get(link(settings))
    assert answer.status_code == 200
    assert "Do you want no more" in answer.text
    assert gone() == frozenset()


def test_pressing_it_stops_the_mail_and_pressing_again_brings_it_back(
    settings: Settings, browser: Browser, gone: Callable[[], frozenset[str]]
) -> None:
    assert "You get no more" in browser.post(link(settings)).text
    assert gone() == {"sam"}
    assert "You get no more" in browser.get(link(settings)).text
    assert "You get them again" in browser.post(link(settings), data={"again": "1"}).text
    assert gone() == frozenset()


def test_a_mail_program_may_press_it_by_itself(
    settings: Settings, browser: Browser, gone: Callable[[], frozenset[str]]
) -> None:
    """RFC 8058: one POST with this body, without cookies."""
    assert browser.post(link(settings), data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert gone() == {"sam"}


def test_a_page_that_tells_nobody_where_it_is_may_be_pressed(settings: Settings, browser: Browser) -> None:
    """Ours says no-referrer, so a browser sends the word null for its origin; a web mailer sends its own."""
    for origin in ("null", "https://mail.example"):
        assert browser.post(link(settings), headers={"Origin": origin}).status_code == 200


@pytest.mark.parametrize("given", ["", "0" * 32, "ü", "<script>", "x" * 10_000])
def test_a_link_that_is_not_ours_changes_nothing_and_says_nothing(
    given: str, browser: Browser, gone: Callable[[], frozenset[str]]
) -> None:
    for answer in (browser.get(PATH, params={"who": given}), browser.post(PATH, params={"who": given})):
        assert answer.status_code == 404
        assert "Nothing was changed" in answer.text
        assert "<script" not in answer.text
    assert gone() == frozenset()


def test_the_link_names_nobody_and_ends_when_the_address_changes(settings: Settings, browser: Browser) -> None:
    assert "sam" not in link(settings).casefold()
    runtime.set_current(runtime.Runtime(replace(settings, people=(replace(SAM, mail="other@mail.example"),))))
    assert browser.get(link(settings)).status_code == 404
