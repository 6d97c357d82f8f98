"""What pages read: a snapshot, people's decisions at once, the state as at a moment, and for trustees next to nothing."""

import threading
from datetime import UTC, date, datetime

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from tests.support.rows import HOUR, NOW, group, kept, named, whole
from warehouse.casebook.events import Casebook, open_casebook
from warehouse.errors import WarehouseError
from warehouse.settings import Settings
from warehouse.snapshots import reader as read
from warehouse.snapshots.pointer import current_snapshot, snapshot_path
from warehouse.snapshots.publish import publish
from warehouse.snapshots.reader import OlderSnapshot, Reader, open_reader
from warehouse.transform.definitions import definitions
from warehouse.transform.prepare import rebuild


@pytest.fixture
def published(con: DuckDBPyConnection, settings: Settings) -> Settings:
    batch = whole("ask", text="Does anybody have a spare kettle?")
    batch.groups = [group()]
    kept(con, batch)
    con.begin()
    rebuild(con, NOW)
    con.commit()
    publish(con, settings, NOW)
    return settings


@pytest.fixture
def reader(published: Settings) -> Reader:
    return open_reader(published)


@pytest.fixture
def casebook(settings: Settings) -> Casebook:
    return open_casebook(settings)


def test_ids_are_text_and_times_are_in_utc(reader: Reader) -> None:
    frame = reader.frame("select post_id, parent_id, created_at, edited_at, is_reply from stored.posts", NOW)
    row = frame.iloc[0]
    assert row["post_id"] == str(named("ask"))
    assert row["parent_id"] is None
    assert row["created_at"] == NOW
    assert str(frame.dtypes["edited_at"]) == "datetime64[us, UTC]"


def test_an_empty_answer_has_the_same_columns(reader: Reader) -> None:
    frame = reader.frame("select post_id, created_at from stored.posts where false", NOW)
    assert list(frame.columns) == ["post_id", "created_at"]
    assert str(frame.dtypes["created_at"]) == "datetime64[us, UTC]"


def test_parameters_and_the_moment_are_handed_over(reader: Reader) -> None:
    frame = reader.frame("select getvariable('now_at') as now, $word as word, $list as list", NOW, word="x", list=["a"])
    assert frame["now"][0] == NOW
    assert frame["word"][0] == "x"


def test_every_shown_view_answers_also_with_nothing_stored(
    reader: Reader, con: DuckDBPyConnection, published: Settings
) -> None:
    for name in (name for name in definitions() if name.startswith("shown.")):
        reader.frame(f"select * from {name} limit 5", NOW)
    con.begin()
    for (table,) in con.execute("select table_name from duckdb_tables() where schema_name = 'stored'").fetchall():
        con.execute(f"delete from stored.{table}")
    rebuild(con, NOW)
    con.commit()
    publish(con, published, NOW)
    empty = open_reader(published)
    for name in (name for name in definitions() if name.startswith("shown.")):
        empty.frame(f"select * from {name}", NOW)


def test_a_decision_shows_at_once_and_can_be_taken_back(reader: Reader, casebook: Casebook) -> None:
    sql = "select claimed_by from casebook.decisions"
    assert reader.frame(sql, NOW).empty
    event = casebook.record(group_id="g", post_id=named("ask"), who="Dee", what="claim", at=NOW)
    assert reader.frame(sql, NOW)["claimed_by"].tolist() == ["Dee"]
    casebook.undo(event, "Dee", NOW)
    assert reader.frame(sql, NOW)["claimed_by"].tolist() == [None]


def test_many_threads_read_while_decisions_are_made(reader: Reader, casebook: Casebook) -> None:
    wrong: list[object] = []

    def look() -> None:
        try:
            for n in range(15):
                moment = datetime(2026, 1, 1 + n, tzinfo=UTC)
                frame = reader.frame(
                    "select getvariable('now_at') as now, (select count(*) from casebook.decisions) as decisions",
                    moment,
                )
                if frame["now"][0] != moment or frame["decisions"][0] not in (0, 1):
                    wrong.append(frame)
        except Exception as error:  # noqa: BLE001 whatever goes wrong in a thread fails the test
            wrong.append(error)

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for n in range(10):
        casebook.record(group_id="g", post_id=named("ask"), who="Dee", what="claim", at=NOW + n * HOUR)
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_page_can_write_nothing_and_reach_no_file(reader: Reader) -> None:
    for sql in (
        "insert into snapshot.stored.posts select * from snapshot.stored.posts",
        "delete from snapshot.stored.posts",
        "select * from read_csv('/etc/passwd')",
        "copy stored.posts to '/tmp/mutuals-outside.csv'",
        "set enable_external_access = true",
    ):
        with pytest.raises(duckdb.Error):
            reader.frame(sql, NOW)


def test_a_trustees_reader_can_see_no_post_no_person_and_no_decision(published: Settings, casebook: Casebook) -> None:
    casebook.record(group_id="g", post_id=named("ask"), who="Dee", what="claim", at=NOW)
    trustee = open_reader(published, role="trustee")
    for sql in (
        "from stored.posts",
        "from stored.post_texts",
        "from stored.accounts",
        "from prepared.requests",
        "from frozen.quarters",
        "from casebook.decisions",
        "from shown.requests",
        "from snapshot.stored.posts",
    ):
        with pytest.raises(duckdb.Error):
            trustee.frame(f"select * {sql}", NOW)
    tables = trustee.frame("select table_name, schema_name from duckdb_tables()", NOW)
    assert not set(tables["table_name"]) & {
        "posts",
        "accounts",
        "post_texts",
        "post_addresses",
        "decisions",
        "quarters",
    }


def test_a_trustees_reader_cannot_open_the_snapshots_file(published: Settings) -> None:
    (path,) = (published.data_dir / "snapshots").glob("*.duckdb")
    trustee = open_reader(published, role="trustee")
    for sql in (f"select * from read_blob('{path}')", f"select * from glob('{path.parent}/*')"):
        with pytest.raises(duckdb.Error):
            trustee.frame(sql, NOW)
    with pytest.raises(duckdb.Error):
        trustee.frame(f"attach '{path}' as again (read_only)", NOW)


def test_every_view_for_trustees_can_be_read_by_one(published: Settings) -> None:
    trustee = open_reader(published, role="trustee")
    views = [name for name, model in definitions().items() if "trustee" in model.readers]
    assert views
    for name in views:
        trustee.frame(f"select * from {name}", NOW)


def test_a_view_for_trustees_that_reads_posts_is_refused(published: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "shown_views", lambda _: [("shown.requests", "select 1")])
    with pytest.raises(WarehouseError, match="which is not for trustees"):
        open_reader(published, role="trustee")


def test_a_snapshot_that_cannot_be_read_is_a_sentence(published: Settings) -> None:
    pointer = current_snapshot(published)
    assert pointer is not None
    path = snapshot_path(published, pointer.name)
    path.write_bytes(b"nonsense" * 1000)
    with pytest.raises(WarehouseError, match="the next cycle publishes another"):
        open_reader(published)
    path.unlink()
    with pytest.raises(WarehouseError, match="the next cycle publishes another"):
        open_reader(published)


def older(settings: Settings, *without: str) -> None:
    """Make the published snapshot one from before an upgrade that brought these."""
    pointer = current_snapshot(settings)
    assert pointer is not None
    with duckdb.connect(str(snapshot_path(settings, pointer.name))) as con:
        con.execute("delete from main.migrations where name = (select max(name) from main.migrations)")
        for sql in without:
            con.execute(sql)


@pytest.mark.parametrize(
    ("without", "role"),
    [
        ("alter table stored.post_addresses drop column link", "group"),
        ("alter table stored.coverage drop column kept_count", "group"),
        ("drop table prepared.addressed_posts", "group"),
        ("alter table prepared.addressed_posts drop column checked_back_at", "group"),
        ("alter table frozen.summary drop column value_text", "trustee"),
        ("drop table stored.sources", "trustee"),
    ],
)
def test_a_snapshot_from_before_an_upgrade_is_a_sentence_until_the_collector_has_run(
    published: Settings, con: DuckDBPyConnection, without: str, role: str
) -> None:
    older(published, without)
    with pytest.raises(OlderSnapshot, match="the collector has to run once after an upgrade: mutuals up"):
        open_reader(published, role=role)
    publish(con, published, NOW + HOUR)
    assert open_reader(published, role=role).published_at == NOW + HOUR


def test_a_view_is_made_when_it_is_first_asked_for_and_what_it_reads_with_it(reader: Reader) -> None:
    made = "select schema_name || '.' || view_name as name from duckdb_views() where schema_name = 'shown'"
    assert reader.frame(made, NOW).empty
    reader.frame("select * from shown.queues", NOW)
    assert set(reader.frame(made, NOW)["name"]) == {"shown.queues", "shown.request_states"}


def test_a_mark_counts_whether_it_was_made_before_anybody_asked_for_the_queue_or_after(
    published: Settings, casebook: Casebook
) -> None:
    asked, early = open_reader(published), "select is_request from shown.judgements"
    assert asked.frame(early, NOW).empty
    casebook.record(group_id="g", post_id=named("ask"), who="Dee", what="not_a_request", at=NOW)
    for reader in (asked, open_reader(published)):
        assert reader.frame(early, NOW)["is_request"].tolist() == [False]


def test_many_threads_ask_for_one_view_at_once_and_all_are_answered(reader: Reader) -> None:
    answers: list[object] = []

    def ask() -> None:
        try:
            answers.append(len(reader.frame("select * from shown.across_groups", NOW)) == 1)
        except Exception as error:  # noqa: BLE001 whatever goes wrong in a thread fails the test
            answers.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 6


def test_a_folder_with_a_quote_in_its_name_is_no_trouble(con: DuckDBPyConnection, settings: Settings) -> None:
    import shutil
    from dataclasses import replace

    con.begin()
    rebuild(con, NOW)
    con.commit()
    publish(con, settings, NOW)
    odd = settings.data_dir.with_name("carers' data")
    shutil.copytree(settings.data_dir, odd)
    assert open_reader(replace(settings, data_dir=odd)).frame("select 1 as n", NOW)["n"][0] == 1


def test_a_period_is_known_to_the_views_and_to_one_query_only(reader: Reader) -> None:
    sql = "select getvariable('from_date')::date as from_date, getvariable('to_date')::date as to_date"
    bound = reader.frame(sql, NOW, from_date=date(2026, 11, 16), to_date=date(2026, 11, 23))
    assert [str(value)[:10] for value in bound.iloc[0]] == ["2026-11-16", "2026-11-23"]
    assert reader.frame(sql, NOW).iloc[0].isna().all()
