"""The tour leads each reader through pages that are there; where one is stands in the address."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.components import tour
from app.ui import words
from tests.app.views.test_views import html
from warehouse.settings import Settings

Page = Callable[..., AppTest]
VIEWS = Path(tour.__file__).parents[1] / "views"


@pytest.mark.parametrize("reader", tour.READERS)
def test_every_stop_is_a_page_and_says_what_to_look_at(reader: str) -> None:
    stops = tour.steps_of(reader)
    assert 3 <= len(stops) <= 6
    assert all((VIEWS / f"{stop.page}.py").exists() for stop in stops)
    words_in_all = sum(len(f"{stop.title} {stop.text}".split()) for stop in stops)
    assert words_in_all / 130 < 5  # minutes, at the pace of somebody who also looks at the page


@pytest.mark.parametrize("reader", tour.READERS)
def test_an_address_leads_to_its_stop_and_back(reader: str) -> None:
    assert [tour.step_at(stop.address["tour"]) for stop in tour.steps_of(reader)] == tour.steps_of(reader)


@pytest.mark.parametrize(
    "address", ["", "groupworker", "groupworker-0", "groupworker-99", "nobody-1", "trustee-²", "-1"]
)
def test_an_address_that_names_no_stop_is_no_tour(address: str) -> None:
    assert tour.step_at(address) is None


def test_a_page_on_the_tour_says_what_to_look_at(published: Settings, page: Page) -> None:
    app = page(published)
    assert words.t("tour.groupworker.name") not in html(app)
    app.query_params["tour"] = "groupworker-2"
    app.run()
    assert "Tour for volunteers: 2 of 5" in html(app)
    app.button(key="tour-stop").click().run()
    assert "tour" not in app.query_params
    assert "Tour for" not in html(app)


def test_only_the_sample_offers_a_tour_by_itself(published: Settings, page: Page) -> None:
    def offers(app: AppTest) -> list[str]:
        return [link.proto.label for link in app.get("page_link") if link.proto.label == words.t("tour.offer")]

    assert offers(page(replace(published, is_sample=True)))
    assert not offers(page(replace(published, is_sample=False)))


def test_the_first_visit_has_a_tour_and_a_note_for_each_reader(published: Settings, page: Page) -> None:
    app = page(published, "first_visit")
    assert not app.exception
    begins = [link for link in app.get("page_link") if link.proto.label == words.t("tour.begin")]
    assert len(begins) == len(tour.READERS)
    for reader in tour.READERS:
        app.segmented_control(key="reader").set_value(reader).run()
        note = words.catalogue()["tour"][reader]
        assert all(line.split("“")[0].split("&")[0][:30] in html(app) for line in note["good"] + note["mind"])
