"""Counts from places without an API: brought once, replaced by newer ones, taken back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from duckdb import DuckDBPyConnection

from warehouse.storage.offline_counts import OfflineCount, import_counts, list_imports, undo_import
from warehouse.transform.definitions import definitions

KEY = b"k" * 32
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
TALLY = OfflineCount("Hall", "tally", date(2026, 11, 12), "", followers=20, asks=4, answered=3)
POST = OfflineCount("Hall", "post", date(2026, 11, 12), "one", likes=5, boosts=1, replies=2)


def days(con: DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute(
        "select group_id, place, local_date, posts_count, engagement_count, followers_count, asks_count, answered_count "
        f"from ({definitions()['shown.elsewhere_days'].sql}) order by all"
    ).fetchall()


def test_a_day_has_its_posts_and_its_tally(con: DuckDBPyConnection) -> None:
    import_counts(con, KEY, "riverside", b"1", [TALLY, POST, replace(POST, item="two", likes=None)], NOW)
    assert days(con) == [("riverside", "Hall", date(2026, 11, 12), 2, 11, 20, 4, 3)]


def test_the_same_file_twice_changes_nothing(con: DuckDBPyConnection) -> None:
    first, is_new = import_counts(con, KEY, "riverside", b"1", [TALLY], NOW)
    assert is_new
    assert import_counts(con, KEY, "riverside", b"1", [TALLY], NOW + timedelta(hours=1)) == (first, False)
    assert days(con) == [("riverside", "Hall", date(2026, 11, 12), 0, 0, 20, 4, 3)]
    assert import_counts(con, KEY, "bakerylane", b"1", [TALLY], NOW)[1]  # another group's file is another file


def test_a_newer_file_replaces_what_both_have_and_taking_it_back_brings_the_older_back(con: DuckDBPyConnection) -> None:
    old, _ = import_counts(con, KEY, "riverside", b"1", [TALLY, POST], NOW)
    before = days(con)
    later = [replace(TALLY, asks=9), replace(POST, likes=50, on=date(2026, 11, 13))]
    new, _ = import_counts(con, KEY, "riverside", b"2", later, NOW + timedelta(minutes=1))
    assert days(con) == [
        ("riverside", "Hall", date(2026, 11, 12), 0, 0, 20, 9, 3),
        ("riverside", "Hall", date(2026, 11, 13), 1, 53, None, None, None),
    ]
    assert [one[0] for one in list_imports(con, "riverside")] == [new, old]
    assert undo_import(con, "riverside", new) == 2
    assert days(con) == before
    assert undo_import(con, "riverside", new) is None
    assert undo_import(con, "bakerylane", old) is None
    assert undo_import(con, "riverside", old) == 2
    assert days(con) == []
    assert con.execute("select count(*) from stored.imported_counts").fetchone() == (0,)
