"""The page of meetings and dates: added, brought in from a file after a look, taken off, taken back."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests.support.pages import press, words
from warehouse.casebook.dates import load_dates
from warehouse.casebook.events import open_casebook
from warehouse.settings import Settings

Page = Callable[..., AppTest]
FILE = (
    b"BEGIN:VCALENDAR\nVERSION:2.0\n"
    b"BEGIN:VEVENT\nUID:1\nSUMMARY:Thursday *circle*\nDTSTART:20261119T190000Z\nRRULE:FREQ=WEEKLY;COUNT=2\nEND:VEVENT\n"
    b"BEGIN:VEVENT\nUID:2\nSUMMARY:Broken\nDTSTART:soon\nEND:VEVENT\nEND:VCALENDAR\n"
)


def kept(settings: Settings) -> list[str]:
    casebook = open_casebook(settings)
    try:
        return [one.draft.title for one in load_dates(casebook, "riverside")]
    finally:
        casebook.close()


def opened(settings: Settings, page: Page, name: str = "Sam") -> AppTest:
    app = page(settings, "dates")
    app.session_state["who"] = name
    return app.run()


def test_a_date_is_added_taken_off_and_taken_back(mine: Settings, page: Page) -> None:
    app = opened(mine, page)
    app.text_input(key="date-title").input("Open <b>day</b>")
    app = press(app, "Add this date")
    assert not app.exception
    assert kept(mine) == ["Open <b>day</b>"]
    assert "Open &lt;b&gt;day&lt;/b&gt;" in words(app)
    app = press(app, "Take off")
    assert kept(mine) == []
    app = press(app, "Undo")
    assert kept(mine) == ["Open <b>day</b>"]
    assert "Taken back." in words(app)


def test_a_date_needs_words(mine: Settings, page: Page) -> None:
    app = press(opened(mine, page), "Add this date")
    assert "Say in a few words what it is" in words(app)
    assert kept(mine) == []


def test_a_file_is_looked_at_before_anything_is_kept_and_taken_back_as_one(mine: Settings, page: Page) -> None:
    app = opened(mine, page)
    app.file_uploader(key="date-file").upload("circle.ics", FILE, "text/calendar").run()
    assert not app.exception
    assert "2 new dates are in this file. Nothing is kept yet." in words(app)
    assert "1 line could not be used as it is:" in words(app)
    assert app.table[0].value.iloc[0].tolist() == ["12", r"DTSTART cannot be read\. The event is left out\."]
    assert kept(mine) == []
    app = press(app, "Add these 2 dates")
    assert kept(mine) == ["Thursday *circle*"] * 2
    assert "Nothing new is in this file." in words(app)
    press(app, "Undo")
    assert kept(mine) == []


def test_a_name_is_asked_for_before_anything_is_kept(mine: Settings, page: Page) -> None:
    app = opened(mine, page, name="")
    app.text_input(key="date-title").input("Open day")
    press(app, "Add this date")
    assert kept(mine) == []
