"""What people decide: recorded with who and when, taken back, never lost; on SQLite and on a real PostgreSQL."""

import sqlite3
import threading
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.rows import HOUR, NOW, named
from warehouse.casebook.decisions import Event, decisions_after, event_kinds
from warehouse.casebook.events import Casebook, CasebookConflict, CasebookError, open_casebook
from warehouse.settings import Settings
from warehouse.storage.rows import Decision


def say(book: Casebook, what: str, who: str = "Dee", hours: float = 0, post: str = "ask", **detail: Any) -> int:
    return book.record(group_id="g", post_id=named(post), who=who, what=what, at=NOW + hours * HOUR, detail=detail)


def state(book: Casebook, post: str = "ask") -> Decision:
    return next(one for one in book.decisions() if one.post_id == named(post))


def test_an_empty_casebook_has_no_decisions(casebook: Casebook) -> None:
    assert casebook.decisions() == []
    assert casebook.version() == 0


def test_a_claim_says_who_and_when_and_is_released(casebook: Casebook) -> None:
    say(casebook, "claim", "Dee")
    assert (state(casebook).claimed_by, state(casebook).claimed_at) == ("Dee", NOW)
    say(casebook, "claim", "Sam", 1)
    assert state(casebook).claimed_by == "Sam"
    say(casebook, "release", "Sam", 2)
    assert state(casebook).claimed_by is None
    assert state(casebook).changed_at == NOW + 2 * HOUR


def test_a_claim_says_until_when_it_holds(casebook: Casebook) -> None:
    say(casebook, "claim", "Dee", until=(NOW + 5 * HOUR).isoformat())
    assert state(casebook).claimed_until_at == NOW + 5 * HOUR
    say(casebook, "claim", "Dee")  # one from before claims said so
    assert state(casebook).claimed_until_at == NOW + 2 * HOUR
    say(casebook, "release", "Dee")
    assert state(casebook).claimed_until_at is None


def test_what_is_handed_over_is_the_other_persons_and_the_note_stays_in_the_history(casebook: Casebook) -> None:
    say(casebook, "claim", "Dee")
    say(casebook, "hand_over", "Dee", 1, to="Sam", text="I have to run", until=(NOW + 24 * HOUR).isoformat())
    decision = state(casebook)
    assert (decision.claimed_by, decision.claimed_at) == ("Sam", NOW + HOUR)
    assert casebook.history("g", named("ask"))[-1].detail["text"] == "I have to run"


def test_the_names_of_the_people_here_are_known_from_what_they_did(casebook: Casebook) -> None:
    say(casebook, "claim", "Dee")
    say(casebook, "hand_over", "Ada", to="Sam")
    say(casebook, "claim", "Dee", post="another")
    assert casebook.names("g") == ["Dee", "Ada", "Sam"]
    assert casebook.names("another group") == []


def test_putting_off_and_flagging_end_without_a_value(casebook: Casebook) -> None:
    say(casebook, "snooze", until=(NOW + HOUR).isoformat())
    say(casebook, "flag", flag="misleading")
    say(casebook, "snooze", until=None)
    say(casebook, "flag", flag=None)
    assert (state(casebook).snoozed_until_at, state(casebook).snoozed_at, state(casebook).flag) == (None, None, None)


def test_everything_that_can_be_decided_shows_in_the_state(casebook: Casebook) -> None:
    say(casebook, "is_request")
    say(casebook, "correct_support", support="practical")
    say(casebook, "snooze", until=(NOW + HOUR).isoformat())
    say(casebook, "note", text="rang her")
    say(casebook, "answered_elsewhere", reason="phone", at=(NOW - HOUR).isoformat())
    say(casebook, "looked_after", hours=1)
    say(casebook, "flag", flag="hostile")
    assert state(casebook) == Decision(
        "g",
        named("ask"),
        is_request=True,
        support_asked="practical",
        outcome="answered elsewhere",
        outcome_at=NOW - HOUR,
        outcome_reason="phone",
        claimed_by=None,
        claimed_at=None,
        snoozed_until_at=NOW + HOUR,
        changed_at=NOW + HOUR,
        claimed_until_at=None,
        snoozed_at=NOW,
        looked_after_at=NOW + HOUR,
        flag="hostile",
    )
    say(casebook, "reopen")
    assert (state(casebook).outcome, state(casebook).is_request) == (None, True)
    say(casebook, "not_a_request")
    assert state(casebook).is_request is False
    say(casebook, "reopen")
    assert state(casebook).is_request is None


def test_a_decision_can_be_taken_back_and_that_too(casebook: Casebook) -> None:
    claim = say(casebook, "claim", "Dee")
    taken = casebook.undo(claim, "Sam", NOW + HOUR)
    assert state(casebook).claimed_by is None
    casebook.undo(taken, "Dee", NOW + 2 * HOUR)
    assert state(casebook).claimed_by == "Dee"


def test_taking_back_an_early_decision_leaves_the_later_ones(casebook: Casebook) -> None:
    claim = say(casebook, "claim", "Dee")
    say(casebook, "answered_here", "Dee", 1)
    casebook.undo(claim, "Dee", NOW + 2 * HOUR)
    assert (state(casebook).claimed_by, state(casebook).outcome) == (None, "answered here")


def test_the_history_keeps_everything(casebook: Casebook) -> None:
    claim = say(casebook, "claim", "Dee")
    say(casebook, "claim", "Sam", post="another")
    casebook.undo(claim, "Sam", NOW + HOUR)
    told = [(event.who, event.what, event.at) for event in casebook.history("g", named("ask"))]
    assert told == [("Dee", "claim", NOW), ("Sam", "undo", NOW + HOUR)]


def test_decisions_can_be_read_as_they_stood(casebook: Casebook) -> None:
    say(casebook, "claim", "Dee")
    say(casebook, "release", "Dee", 5)
    assert casebook.decisions(NOW + HOUR)[0].claimed_by == "Dee"
    assert casebook.decisions(NOW - HOUR) == []


def test_the_version_moves_with_every_decision(casebook: Casebook) -> None:
    versions = [casebook.version()]
    claim = say(casebook, "claim")
    versions.append(casebook.version())
    casebook.undo(claim, "Dee", NOW)
    versions.append(casebook.version())
    casebook.erase([named("ask")], NOW)
    versions.append(casebook.version())
    assert versions == sorted(set(versions))


def test_the_second_of_two_people_is_told_who_was_quicker(casebook: Casebook) -> None:
    seen = casebook.version()
    say(casebook, "claim", "Dee")
    say(casebook, "claim", "Sam", post="another")
    with pytest.raises(CasebookConflict, match="Dee was quicker: claim at 12:00 UTC") as caught:
        casebook.record(
            group_id="g", post_id=named("ask"), who="Sam", what="claim", at=NOW + HOUR, expected_version=seen
        )
    assert caught.value.event.who == "Dee"
    assert state(casebook).claimed_by == "Dee"
    again = casebook.version()
    casebook.record(group_id="g", post_id=named("ask"), who="Sam", what="claim", at=NOW + HOUR, expected_version=again)
    assert state(casebook).claimed_by == "Sam"


def test_of_many_who_claim_at_once_exactly_one_gets_it(casebook: Casebook) -> None:
    seen, told = casebook.version(), list[str]()

    def claim(who: str) -> None:
        try:
            casebook.record(group_id="g", post_id=named("ask"), who=who, what="claim", at=NOW, expected_version=seen)
            told.append("got it")
        except CasebookConflict:
            told.append("was told")

    threads = [threading.Thread(target=claim, args=(f"person {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["got it"] + ["was told"] * 5


def test_two_processes_see_each_other(opened: Settings, casebook: Casebook) -> None:
    other = open_casebook(opened)
    say(other, "claim", "Sam")
    assert state(casebook).claimed_by == "Sam"
    assert casebook.version() == other.version()
    other.close()


def test_unknown_decisions_and_nameless_people_are_refused(casebook: Casebook) -> None:
    with pytest.raises(ValueError, match="unknown decision 'shout'; one of: claim"):
        say(casebook, "shout")
    with pytest.raises(ValueError, match="needs a name"):
        say(casebook, "claim", "  ")
    with pytest.raises(LookupError, match="no decision 99"):
        casebook.undo(99, "Dee", NOW)
    assert casebook.decisions() == []


def test_a_newer_casebook_is_a_sentence_and_is_left_alone(opened: Settings, casebook: Casebook) -> None:
    import sqlalchemy as sa

    with casebook._engine.begin() as con:
        con.execute(sa.text("update casebook set schema_version = 99"))
    with pytest.raises(CasebookError, match="written by a newer version of Mutuals"):
        open_casebook(opened)


def test_erasing_leaves_no_trace(casebook: Casebook) -> None:
    say(casebook, "note", text="a private sentence")
    say(casebook, "claim", post="another")
    assert casebook.erase([named("ask")], NOW) == 1
    assert casebook.history("g", named("ask")) == []
    assert [one.post_id for one in casebook.decisions()] == [named("another")]


def test_erased_words_are_gone_from_the_files(settings: Settings) -> None:
    book = open_casebook(settings)
    say(book, "note", text="a private sentence")
    files = [settings.data_dir / f"casebook.sqlite{end}" for end in ("", "-wal", "-shm")]
    assert any(b"a private sentence" in file.read_bytes() for file in files), "the control: it is found before"
    book.erase([named("ask")], NOW)
    assert not any(b"a private sentence" in file.read_bytes() for file in files if file.exists())
    book.close()


def test_the_casebook_can_be_read_by_nobody_else(settings: Settings) -> None:
    book = open_casebook(settings)
    say(book, "claim")
    assert {path.stat().st_mode & 0o777 for path in settings.data_dir.iterdir()} == {0o600}
    with book._engine.connect() as con:
        pragmas = [
            con.exec_driver_sql(f"pragma {name}").scalar() for name in ("journal_mode", "secure_delete", "synchronous")
        ]
    assert pragmas == ["wal", 1, 2]
    book.close()


@pytest.mark.parametrize(("content", "words"), [(b"nonsense" * 999, "not a casebook"), (None, "cannot be opened")])
def test_a_damaged_casebook_is_a_sentence(settings: Settings, content: bytes | None, words: str) -> None:
    settings.data_dir.mkdir()
    path = settings.data_dir / "casebook.sqlite"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(CasebookError, match=words):
        open_casebook(settings)
    assert path.is_dir() or path.read_bytes() == content


def test_somebody_who_writes_for_long_is_a_sentence(settings: Settings) -> None:
    book = open_casebook(settings)
    with book._engine.connect() as con:
        con.exec_driver_sql("pragma busy_timeout = 50")
    other = sqlite3.connect(settings.data_dir / "casebook.sqlite", isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(CasebookError, match="somebody else is writing"):
        say(book, "claim")
    assert book.decisions() == []
    other.execute("rollback")
    other.close()
    say(book, "claim")
    book.close()


def test_a_database_that_does_not_answer_is_a_sentence_without_its_password(settings: Settings) -> None:
    pytest.importorskip("psycopg")
    url = "postgresql://dee:hunter2@127.0.0.1:1/mutuals"
    with pytest.raises(CasebookError, match="does not answer; is it running") as caught:
        open_casebook(replace(settings, casebook_url=url))
    assert "hunter2" not in str(caught.value)


def test_a_failed_write_says_nothing_of_what_was_written(settings: Settings) -> None:
    book = open_casebook(settings)
    with book._engine.begin() as con:
        con.exec_driver_sql("drop table events")
    with pytest.raises(CasebookError) as caught:
        say(book, "note", text="a private sentence")
    assert "private" not in str(caught.value)
    assert caught.value.__cause__ is None
    book.close()


@given(st.lists(st.tuples(st.sampled_from([*event_kinds()]), st.integers(1, 12)), max_size=12))
def test_any_order_of_decisions_gives_a_state(whats: list[tuple[str, int]]) -> None:
    """Undoing everything, last first, gives the state of nobody having said anything."""
    details = {"undo": "event_id", "snooze": "until", "correct_support": "support", "flag": "flag"}
    events = []
    for number, (what, target) in enumerate(whats, 1):
        value: Any = min(target, number) if what == "undo" else None
        events.append(
            Event(number, "g", named("ask"), NOW, "Dee", what, {details[what]: value} if what in details else {})
        )
    count = len(events)
    for number in range(count, 0, -1):
        back = len(events) + 1
        if number not in {event.detail.get("event_id") for event in events[count:]}:
            events.append(Event(back, "g", named("ask"), NOW, "Dee", "undo", {"event_id": number}))
    states = decisions_after(events)
    assert states == ([Decision("g", named("ask"), *[None] * 8, NOW)] if events else [])
