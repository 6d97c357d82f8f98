"""Meetings, events and notes: appended, taken off and taken back, on SQLite; what stands is worked out from the changes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from warehouse.casebook.dates import DateDraft, add_date, add_dates, load_changes, load_dates, remove_date, undo_change
from warehouse.casebook.events import Casebook, open_casebook
from warehouse.settings import Settings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = date(2026, 12, 1)


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    opened = open_casebook(Settings(data_dir=tmp_path))
    yield opened
    opened.close()


def draft(title: str, day: date = DAY) -> DateDraft:
    return DateDraft("meeting", title, day, day, "19:00")


def titles(casebook: Casebook, group: str = "g") -> list[str]:
    return [one.draft.title for one in load_dates(casebook, group)]


def test_what_was_added_stands_by_date_until_it_is_taken_off(casebook: Casebook) -> None:
    add_date(casebook, "g", "Sam", NOW, draft("later", date(2026, 12, 9)))
    add_date(casebook, "g", "Sam", NOW, draft("sooner"))
    add_date(casebook, "other", "Sam", NOW, draft("elsewhere"))
    assert titles(casebook) == ["sooner", "later"]
    remove_date(casebook, "g", "Dee", NOW, load_dates(casebook, "g")[0])
    assert titles(casebook) == ["later"]
    assert [(one.who, one.what) for one in load_changes(casebook, "g")] == [
        ("Sam", "add"),
        ("Sam", "add"),
        ("Dee", "remove"),
    ]


def test_every_change_can_be_taken_back_and_that_too(casebook: Casebook) -> None:
    added = add_date(casebook, "g", "Sam", NOW, draft("meeting"))
    taken = undo_change(casebook, "g", "Sam", NOW, added)
    assert titles(casebook) == []
    undo_change(casebook, "g", "Sam", NOW, taken)
    assert titles(casebook) == ["meeting"]
    gone = remove_date(casebook, "g", "Sam", NOW, load_dates(casebook, "g")[0])
    undo_change(casebook, "g", "Sam", NOW, gone)
    assert titles(casebook) == ["meeting"]


def test_an_import_is_one_change_of_which_one_date_can_be_taken_off(casebook: Casebook) -> None:
    imported = add_dates(casebook, "g", "Sam", NOW, [draft("a"), draft("b"), draft("c")])
    remove_date(casebook, "g", "Sam", NOW, load_dates(casebook, "g")[1])
    assert titles(casebook) == ["a", "c"]
    undo_change(casebook, "g", "Sam", NOW, imported)
    assert titles(casebook) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (DateDraft("meeting", " \n", DAY, DAY), "a few words"),
        (DateDraft("party", "x", DAY, DAY), "one of: meeting, event, note"),
        (DateDraft("event", "x", DAY, date(2026, 11, 30)), "lies before the first"),
    ],
)
def test_what_cannot_stand_there_is_refused_with_the_reason(casebook: Casebook, wrong: DateDraft, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        add_date(casebook, "g", "Sam", NOW, wrong)
    with pytest.raises(ValueError, match="who makes it"):
        add_date(casebook, "g", " ", NOW, draft("x"))
    assert titles(casebook) == []
