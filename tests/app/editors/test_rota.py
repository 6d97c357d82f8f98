"""The page of the rota: hours are added and taken off under somebody's name."""

from collections.abc import Callable
from datetime import timedelta

from streamlit.testing.v1 import AppTest

from tests.support import village
from tests.support.pages import press, words
from warehouse.casebook.events import open_casebook
from warehouse.casebook.rota import Slot
from warehouse.casebook.rota_events import add_slot, load_rota, load_rota_changes
from warehouse.settings import Person, Settings

Page = Callable[..., AppTest]


def kept(settings: Settings) -> tuple[Slot, ...]:
    casebook = open_casebook(settings)
    try:
        return load_rota(casebook, "riverside").slots
    finally:
        casebook.close()


def opened(settings: Settings, page: Page, name: str = "Sam") -> AppTest:
    app = page(settings, "rota")
    app.session_state["who"] = name
    return app.run()


def test_hours_are_added_and_taken_off_again(mine: Settings, page: Page) -> None:
    app = opened(mine, page)
    assert "Nobody has said yet when they look." in words(app)
    app.selectbox(key="slot-person").set_value("Sam")
    app.button_group(key="slot-days").set_value([1, 7])
    app = press(app, "Add these hours")
    assert not app.exception
    (slot,) = kept(mine)
    assert (slot.person, slot.weekdays, slot.start, slot.end) == ("Sam", (1, 7), 18, 22)
    assert "Sam is down for these hours." in words(app)
    assert "Monday and Sunday, 18:00–22:00" in words(app)
    app = press(app, "Take off")
    assert kept(mine) == ()
    casebook = open_casebook(mine)
    assert [(one.who, one.what) for one in load_rota_changes(casebook, "riverside")] == [
        ("Sam", "add_slot"),
        ("Sam", "remove"),
    ]
    casebook.close()


def test_hours_without_a_day_or_a_person_are_not_added(mine: Settings, page: Page) -> None:
    app = press(opened(mine, page), "Add these hours")
    assert "Say who, on which days, and two different hours." in words(app)
    assert kept(mine) == ()


def test_somebody_away_stands_on_the_page_until_they_are_back(mine: Settings, page: Page) -> None:
    app = opened(mine, page)
    app.selectbox(key="away-person").set_value("Sam")
    app.date_input(key="away-last").set_value(village.NOW.date() + timedelta(days=3))
    app = press(app, "Add this time")
    assert "away 22 November to 25 November" in words(app)


def test_a_name_is_asked_for_before_anything_is_changed(mine: Settings, page: Page) -> None:
    casebook = open_casebook(mine)
    add_slot(casebook, "riverside", "Sam", village.NOW, person="Sam", weekdays=(1,), start=8, end=9)
    casebook.close()
    press(opened(mine, page, name=""), "Take off")
    assert len(kept(mine)) == 1


def test_the_page_about_the_collection_lists_who_is_told(mine: Settings, page: Page) -> None:
    from dataclasses import replace

    app = page(replace(mine, people=(Person("Sam", ("sam-mail",)),)), "how_it_is_going")
    assert not app.exception
    assert "Sam · sam-mail" in words(app)
    assert "Nothing had to be told so far." in words(app)
