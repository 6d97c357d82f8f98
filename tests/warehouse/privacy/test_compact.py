"""Older readings are thinned without moving a figure, and what was deleted is gone from the disk."""

from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from duckdb import DuckDBPyConnection

from tests.support.rows import DAY, HOUR, NOW, all_of, dump, group, kept, named, reading, scope, whole
from warehouse.casebook.events import open_casebook
from warehouse.errors import WarehouseError
from warehouse.ingest.store import Rows
from warehouse.operations import nightly
from warehouse.privacy import compact as compacting
from warehouse.privacy.compact import compact, thin
from warehouse.settings import Group, Settings
from warehouse.snapshots.reader import open_reader
from warehouse.storage import redaction, rows
from warehouse.storage.connection import open_warehouse, warehouse_path
from warehouse.transform.prepare import rebuild

OLD = NOW - 32 * DAY


def test_of_older_readings_each_days_last_is_kept(con: DuckDBPyConnection) -> None:
    """Counts are made to differ each time, so that every one is stored."""
    kept(con, Rows(groups=[group()]))
    kept(con, whole("ask", at=OLD - DAY, verified_at=OLD - DAY))
    times = [OLD + hours * HOUR for hours in (0, 2, 5, 20, 22)]  # noon on; the last two stand in the next day
    kept(con, Rows(observations=[reading("ask", at, likes) for likes, at in enumerate(times, 1)]))
    recent = [reading("ask", NOW - DAY + n * HOUR, 10 + n) for n in range(3)]
    kept(con, Rows(observations=recent))
    assert thin(con, NOW) == 3
    assert [likes for (likes,) in all_of(con, "likes_count", "observations")] == [0, 3, 5, 10, 11, 12]
    assert thin(con, NOW) == 0


def test_a_day_is_the_groups_own_day(con: DuckDBPyConnection) -> None:
    """22:00 and 01:00 UTC are one evening in Los Angeles."""
    kept(con, Rows(groups=[group(timezone="America/Los_Angeles")]))
    kept(con, whole("ask", at=OLD - DAY, verified_at=OLD - DAY))
    evening = datetime(2026, 10, 20, 22, tzinfo=NOW.tzinfo)
    kept(con, Rows(observations=[reading("ask", evening, 1), reading("ask", evening + 3 * HOUR, 2)]))
    thin(con, NOW)
    assert all_of(con, "likes_count", "observations") == [(0,), (2,)]


def test_a_post_of_two_groups_keeps_each_ones_last(con: DuckDBPyConnection) -> None:
    kept(con, Rows(groups=[group(), group("h", "America/Los_Angeles")]))
    batch = whole("ask", at=OLD - DAY, verified_at=OLD - DAY)
    batch.post_scope.append(scope("ask", OLD - DAY, group_id="h"))
    kept(con, batch)
    evening = datetime(2026, 10, 20, 22, tzinfo=NOW.tzinfo)
    kept(con, Rows(observations=[reading("ask", evening, 1), reading("ask", evening + 3 * HOUR, 2)]))
    assert thin(con, NOW) == 0


def test_the_first_reading_and_the_boosters_are_kept(con: DuckDBPyConnection) -> None:
    kept(con, Rows(groups=[group()]))
    batch = whole("ask", at=OLD)
    batch.observations = [
        reading("ask", OLD, 0),
        reading("ask", OLD + HOUR, 1, quotes_count=0),
        reading("ask", OLD + 2 * HOUR, 2),
        reading("ask", OLD + 3 * HOUR, 3, boosters_followers_count=50),
        reading("ask", OLD + 4 * HOUR, 4, quotes_count=1),
    ]
    kept(con, batch)
    assert thin(con, NOW) == 1
    assert all_of(con, "likes_count", "observations") == [(0,), (1,), (3,), (4,)]


def test_what_was_missed_for_weeks_can_be_thinned_all_the_way(con: DuckDBPyConnection) -> None:
    kept(con, Rows(groups=[group()]))
    long_ago = NOW - 200 * DAY
    kept(con, whole("ask", at=long_ago, verified_at=long_ago))
    kept(con, Rows(observations=[reading("ask", long_ago + n * HOUR, n) for n in range(1, 5)]))
    assert thin(con, NOW) == 0
    assert thin(con, NOW, within=None) == 3


NEEDLE = "zebra-needle-"


def needles(settings: Settings) -> int:
    """How often the words stand in the warehouse's file. Text is compressed, so only what differs in every row is found."""
    return warehouse_path(settings).read_bytes().count(NEEDLE.encode())


def test_deleted_words_are_gone_from_the_file_after_compacting(settings: Settings) -> None:
    with open_warehouse(settings) as con:
        batch = Rows()
        for n in range(300):
            batch.extend(whole(f"p{n}", text=f"{NEEDLE}{n} {named(str(n))}"))
        kept(con, batch)
    assert needles(settings) > 100, "the control: they are found before"
    with open_warehouse(settings) as con:
        redaction.delete_texts(con, {post.post_id for post in batch.posts})
        con.execute("checkpoint")
        before = dump(con)
    assert needles(settings) > 100, "deleting alone does not remove them"
    with open_warehouse(settings) as con:
        compact(con, settings)
    assert needles(settings) == 0
    with open_warehouse(settings) as con:
        assert dump(con) == before
        kept(con, whole("afterwards"))
    names = {path.name for path in settings.data_dir.iterdir()}
    assert not {name for name in names if "compact" in name or name.endswith(".wal")}
    assert warehouse_path(settings).stat().st_mode & 0o777 == 0o600


def test_compacting_that_does_not_keep_every_row_leaves_the_old_file(
    con: DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(con, whole("ask"))
    make_sure = compacting._make_sure

    def lose_one(con: DuckDBPyConnection, name: str) -> None:
        con.execute("delete from compacted.stored.posts")
        make_sure(con, name)

    monkeypatch.setattr(compacting, "_make_sure", lose_one)
    inode = warehouse_path(settings).stat().st_ino
    with pytest.raises(WarehouseError, match=r"lost rows of stored\.posts; the old file stays"):
        compact(con, settings)
    assert warehouse_path(settings).stat().st_ino == inode
    assert len(all_of(con, "post_id", "posts")) == 1


def test_no_room_to_compact_is_a_sentence(
    con: DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = compacting.shutil.disk_usage(settings.data_dir)
    monkeypatch.setattr(compacting.shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(WarehouseError, match="no room to compact"):
        compact(con, settings)


def test_a_night_lets_words_go_and_publishes_what_is_left(settings: Settings) -> None:
    batch = whole("ask", at=NOW - 100 * DAY, text=f"{NEEDLE}only")
    batch.groups = [group()]
    batch.accounts = [rows.Account(**{**_fields(one), "first_seen_at": NOW - 100 * DAY}) for one in batch.accounts]
    with open_warehouse(settings) as con, closing(open_casebook(settings)) as casebook:
        kept(con, batch)
        con.begin()
        rebuild(con, NOW)
        con.commit()
        nightly.run_nightly(con, replace(settings, groups=(Group("g", "G"),)), casebook, NOW)
    assert needles(settings) == 0
    reader = open_reader(settings)
    duties = reader.frame("select * from shown.duties order by duty", NOW)
    assert list(duties["duty"]) == ["compaction", "decisions", "freezing", "retention", "thinning"]
    assert set(duties["done_at"]) == {NOW}
    assert dict(zip(duties["duty"], duties["removed_count"], strict=True))["retention"] == 1
    assert not duties["is_late"].any()
    assert reader.frame("select * from shown.duties", NOW + 2 * DAY)["is_late"].all()
    assert reader.frame("select count(*) as n from stored.posts", NOW)["n"][0] == 1
    assert reader.frame("select count(*) as n from stored.post_texts", NOW)["n"][0] == 0
    reader.close()
    with open_warehouse(settings) as con:
        assert len(all_of(con, "post_id", "posts")) == 1


def _fields(account: rows.Account) -> dict[str, object]:
    return {name: getattr(account, name) for name in account.__slots__}


def test_thinning_moves_no_figure(con: DuckDBPyConnection) -> None:
    """What the group's posts gained per day is the same before and after."""
    kept(con, Rows(groups=[group()], group_accounts=[rows.GroupAccount("g", named("g"), "mastodon", "group")]))
    kept(con, whole("notice", "g", at=OLD - 5 * DAY, verified_at=OLD - 5 * DAY, why="own"))
    for n in range(60):
        at = OLD - 5 * DAY + n * timedelta(hours=3, minutes=10)
        kept(con, Rows(observations=[reading("notice", at, (n * 7) % 50, boosts_count=n // 4)]))
    figures = "select * from prepared.engagement_days order by all"
    con.begin()
    rebuild(con, NOW)
    before = con.execute(figures).fetchall()
    assert thin(con, NOW, within=None) > 20
    rebuild(con, NOW)
    assert con.execute(figures).fetchall() == before
    assert any(row[3] for row in before)
    con.rollback()
