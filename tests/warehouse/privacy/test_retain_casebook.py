"""What volunteers wrote about a case goes with the case's words, from the files too; how it ended stays, without a name."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from tests.support.rows import DAY, HOUR, NOW, kept, named, whole
from warehouse.casebook import database
from warehouse.casebook.events import Casebook, open_casebook
from warehouse.errors import CasebookError
from warehouse.ingest.store import Rows, store
from warehouse.operations import nightly
from warehouse.privacy.byte_search import find_in_casebook
from warehouse.privacy.retain_casebook import quiet_requests, retain_decisions
from warehouse.settings import Group, Settings
from warehouse.storage import redaction
from warehouse.storage.connection import open_warehouse

G = Group("g", "G")
OLD = NOW - 91 * DAY
WORDS = ("zebra-note", "zebra-dee", "zebra-sam")
LONG = "zebra-note " + " ".join(f"w{n * 7919 % 100003}" for n in range(2000))  # PostgreSQL puts it aside (TOAST)


def say(book: Casebook, what: str, post: str = "ask", who: str = "zebra-dee", at: Any = OLD, **detail: Any) -> int:
    return book.record(group_id="g", post_id=named(post), who=who, what=what, at=at, detail=detail)


def work_a_case(book: Casebook, post: str, at: Any = OLD) -> None:
    """Everything that can be said about a case."""
    say(book, "claim", post, at=at, until=(at + HOUR).isoformat())
    say(book, "note", post, at=at, text="zebra-note she rang")
    say(book, "note", post, at=at, text=LONG)
    say(book, "hand_over", post, at=at, to="zebra-sam", text="zebra-note please", until=(at + HOUR).isoformat())
    say(book, "snooze", post, at=at, until=(at + HOUR).isoformat())
    say(book, "is_request", post, who="zebra-sam", at=at)
    say(book, "correct_support", post, at=at, support="practical")
    book.undo(say(book, "not_a_request", post, at=at), "zebra-dee", at)
    book.undo(say(book, "note", post, at=at, text="zebra-note wrong"), "zebra-dee", at)
    say(book, "answered_elsewhere", post, at=at, reason="phone")


def quiet(con: DuckDBPyConnection, book: Casebook, group: Group = G) -> dict[tuple[str, str], int]:
    return quiet_requests(con, book, [group], NOW)


def test_of_a_case_that_has_been_quiet_for_long_the_outcome_stays_and_no_word_or_name(
    con: DuckDBPyConnection, casebook: Casebook
) -> None:
    kept(con, whole("ask", at=OLD))
    work_a_case(casebook, "ask")
    before = next(iter(casebook.decisions()))
    assert find_in_casebook(casebook, WORDS)
    assert retain_decisions(casebook, quiet(con, casebook), NOW) == 12
    assert find_in_casebook(casebook, WORDS) == {}
    after = next(iter(casebook.decisions()))
    named_before = (before.is_request, before.support_asked, before.outcome, before.outcome_at, before.outcome_reason)
    assert named_before == (True, "practical", "answered elsewhere", OLD, "phone")
    assert (
        after.is_request,
        after.support_asked,
        after.outcome,
        after.outcome_at,
        after.outcome_reason,
    ) == named_before
    assert after.claimed_by is None
    assert quiet(con, casebook) == {}, "the second night has nothing to do"


def test_a_flag_stays_as_one_of_three_words_because_the_quarter_counts_it(
    con: DuckDBPyConnection, casebook: Casebook
) -> None:
    kept(con, whole("ask", at=OLD))
    say(casebook, "flag", flag="hostile")
    retain_decisions(casebook, quiet(con, casebook), NOW)
    assert next(iter(casebook.decisions())).flag == "hostile"
    assert find_in_casebook(casebook, WORDS) == {}


def test_what_somebody_typed_where_a_word_from_a_list_belongs_goes(con: DuckDBPyConnection, casebook: Casebook) -> None:
    kept(con, whole("ask", at=OLD))
    say(casebook, "answered_elsewhere", reason="zebra-note: at her mother's", at_="zebra-note")
    say(casebook, "flag", flag="zebra-note")
    say(casebook, "correct_support", support="zebra-note")
    casebook.record(
        group_id="g", post_id=named("ask"), who="zebra-dee", what="answered_here", at=OLD, detail={"at": "zebra-note"}
    )
    retain_decisions(casebook, quiet(con, casebook), NOW)
    assert find_in_casebook(casebook, WORDS) == {}


def test_a_conversation_that_goes_on_keeps_its_notes_and_so_does_another_group_s_patience(
    con: DuckDBPyConnection, casebook: Casebook
) -> None:
    kept(con, whole("ask", at=OLD))
    kept(con, whole("answer", "bob", NOW - DAY, why="thread", parent_id=named("ask"), root_id=named("ask")))
    kept(con, whole("alone", at=OLD))
    work_a_case(casebook, "ask")
    work_a_case(casebook, "alone")
    assert quiet(con, casebook, Group("g", "G", retention_days=100)) == {}
    assert {post for _, post in quiet(con, casebook)} == {str(named("alone"))}


def test_notes_go_also_where_the_post_was_deleted_or_never_held(con: DuckDBPyConnection, casebook: Casebook) -> None:
    kept(con, whole("ask", at=OLD))
    redaction.mark_deleted(con, [named("ask")], OLD + HOUR)
    say(casebook, "note", "ask", text="zebra-note", at=NOW - DAY)
    say(casebook, "note", "unheard of", text="zebra-note", at=OLD)
    say(casebook, "note", "unheard of, but lately", text="zebra-note", at=NOW - DAY)
    assert {post for _, post in quiet(con, casebook)} == {str(named("ask")), str(named("unheard of"))}


def test_the_night_does_it_in_casebook_and_warehouse_and_says_when(settings: Settings) -> None:
    with closing(open_casebook(settings)) as book, open_warehouse(settings) as con:
        kept(con, whole("ask", at=OLD, verified_at=OLD))
        work_a_case(book, "ask")
        con.begin()
        store(con, Rows(decisions=book.decisions()))
        con.commit()
        mine = Settings(data_dir=settings.data_dir, groups=(G,))
        foreseen = nightly.preview_retention(con, mine, book, NOW)
        assert foreseen["decisions and notes that go or lose words and names"] == 12
        assert foreseen["posts that lose words or address"] == foreseen["people who lose name and address"] == 1
        assert find_in_casebook(book, WORDS), "what is only foreseen is not done"
        assert con.execute("select claimed_by from stored.decisions").fetchall() == [("zebra-sam",)]
        nightly.run_nightly(con, mine, book, NOW)
    with open_warehouse(settings) as con:
        assert con.execute("select claimed_by, outcome from stored.decisions").fetchall() == [
            (None, "answered elsewhere")
        ]
        duties = con.execute("select removed_count from stored.duties where duty = 'decisions'").fetchall()
        assert duties == [(12,)]


def test_a_casebook_that_is_away_keeps_no_words_in_the_warehouse(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise CasebookError("PostgreSQL does not answer")

    with closing(open_casebook(settings)) as book, open_warehouse(settings) as con:
        kept(con, whole("ask", at=OLD, text="zebra-words"))
        monkeypatch.setattr(nightly, "quiet_requests", away)
        with pytest.raises(CasebookError):
            nightly.run_nightly(con, Settings(data_dir=settings.data_dir, groups=(G,)), book, NOW)
    with open_warehouse(settings) as con:
        assert con.execute("select count(*) from stored.post_texts").fetchall() == [(0,)]


def in_files(folder: Path, *, but: str = "") -> dict[str, int]:
    """File → how often one of the words stands in it."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not (but and but in path.parts):
            data = path.read_bytes()
            if count := sum(data.count(word.encode()) for word in WORDS):
                found[str(path.relative_to(folder))] = count
    return found


@pytest.mark.parametrize("how", ["retained", "erased"])
def test_no_byte_of_them_is_left_in_sqlite_s_files(con: DuckDBPyConnection, settings: Settings, how: str) -> None:
    for n in range(60):
        kept(con, whole(f"p{n}", at=OLD))
    with closing(open_casebook(settings)) as book:
        for n in range(60):
            work_a_case(book, f"p{n}")
        before = in_files(settings.data_dir)
        assert before["casebook.sqlite-wal"] > 60, "the control: the same search finds them before"
        with closing(sqlite3.connect(settings.data_dir / "casebook.sqlite")) as flush:
            flush.execute("pragma wal_checkpoint(full)")
        assert in_files(settings.data_dir)["casebook.sqlite"] > 60, "the control: in the file itself too"
        if how == "erased":
            book.erase([named(f"p{n}") for n in range(60)], NOW)
        else:
            assert retain_decisions(book, quiet(con, book), NOW) == 60 * 12
        assert in_files(settings.data_dir) == {}


@pytest.mark.parametrize("how", ["retained", "erased"])
def test_no_byte_of_them_is_left_in_postgresql_s_tables_and_statistics(
    con: DuckDBPyConnection, settings: Settings, postgres: str, how: str
) -> None:
    from dataclasses import replace

    import psycopg

    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute("drop schema public cascade")
        server.execute("create schema public")
        folder = Path(str(server.execute("show data_directory").fetchall()[0][0]))
        for n in range(60):
            kept(con, whole(f"p{n}", at=OLD))
        with closing(open_casebook(replace(settings, casebook_url=postgres))) as book:
            for n in range(60):
                work_a_case(book, f"p{n}")
            server.execute("analyze")
            server.execute("checkpoint")
            before = in_files(folder)
            assert sum(count for name, count in before.items() if name.startswith("base/")) > 60, "the control"
            if how == "erased":
                book.erase([named(f"p{n}") for n in range(60)], NOW)
            else:
                assert retain_decisions(book, quiet(con, book), NOW) == 60 * 12
            server.execute("checkpoint")
            assert in_files(folder, but="pg_wal") == {}
            assert in_files(folder / "pg_wal"), "what docs/privacy/postgresql.md says of the write-ahead log is so"
            for wish in ("alter system set wal_recycle = off", "select pg_reload_conf()"):
                server.execute(wish)
            for _ in range(2):
                server.execute("select pg_switch_wal()")
                server.execute("checkpoint")
            assert in_files(folder) == {}, "and so is its cure"


def test_while_somebody_reads_an_older_state_postgresql_s_bytes_wait_and_the_log_says_so(
    settings: Settings, postgres: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from dataclasses import replace

    import psycopg

    monkeypatch.setattr(database, "_TRIES", 2)
    with closing(open_casebook(replace(settings, casebook_url=postgres))) as book:
        say(book, "note", text="zebra-note")
        with psycopg.connect(postgres) as reading, caplog.at_level(logging.WARNING):
            reading.execute("begin isolation level repeatable read")
            reading.execute("select count(*) from events")
            book.erase([named("ask")], NOW)
            assert "the next night tries again" in caplog.text
            assert not book.settle_bytes()
            reading.rollback()
        assert book.settle_bytes()
