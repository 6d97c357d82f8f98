"""The tour in a browser: from the first page to the last by its own links, on the right pages."""

import re
from typing import Any

import pytest

from app.components import tour
from app.ui import words

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("reader", tour.READERS)
def test_a_tour_goes_from_its_first_stop_to_its_last(reader: str, browser: Any, address: str) -> None:
    tab = browser.new_page()
    try:
        tab.goto(f"{address}/first_visit")
        tab.get_by_role("link", name=words.t("tour.begin")).nth(tour.READERS.index(reader)).click()
        for step in tour.steps_of(reader):
            where = words.t("tour.where", reader=words.t(f"tour.{reader}.name"), number=step.number, of=step.of)
            tab.get_by_text(where).wait_for()
            assert tab.get_by_role("heading", level=1).first.inner_text() == words.t(f"nav.{step.page}")
            onward = "tour.next" if step.number < step.of else "tour.end"
            tab.locator(".st-key-tour").get_by_role("link", name=words.t(onward)).click()
        tab.get_by_text(words.t("tour.lead")).wait_for()
        assert not re.search("tour=", tab.url)
    finally:
        tab.close()
