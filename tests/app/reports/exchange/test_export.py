"""What is exported is what the pages show, and holds no words and no names."""

import csv
import io
import stat
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from app import queries
from app.analytics.period import Period
from app.queries.export import FILES
from app.reports.exchange import export
from app.reports.exchange.export import Export
from tests.support.village import NOW
from warehouse.settings import Settings
from warehouse.snapshots.reader import Reader, open_reader

AUTUMN = Period("custom", date(2026, 9, 14), date(2026, 11, 16))


@pytest.fixture(scope="module")
def reader(published: Settings) -> Reader:
    return open_reader(published)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def files(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    for kind in export.FORMATS:
        export.write_files(reader, Export("riverside", NOW, AUTUMN), kind, folder)
    return folder


def sheet(files: Path, what: str) -> list[dict[str, str]]:
    return rows((files / Export("riverside", NOW, AUTUMN).file(what, "csv")).read_bytes())


def test_the_weeks_of_the_page_are_the_sums_of_the_exported_rows(reader: Reader, files: Path) -> None:
    """Every number of a week that counts requests or adds up days."""
    asked = [row for row in sheet(files, "requests") if row["is_counted"] == "true"]
    days = sheet(files, "days")
    weeks = queries.week.latest(reader, NOW, "riverside")
    compared = 0
    for week in weeks[weeks["week_start_date"].dt.date.between(AUTUMN.from_date, AUTUMN.last_date)].itertuples():
        first = week.week_start_date.date()
        dates = {(first + timedelta(days=day)).isoformat() for day in range(7)}
        those = [row for row in asked if row["local_date"] in dates]
        of_days = [row for row in days if row["local_date"] in dates]
        assert week.asks_count == len(those) == sum(int(row["requests_count"]) for row in of_days)
        assert week.due_count == sum(row["is_due"] == "true" for row in those)
        kept = [row for row in those if row["is_due"] == row["is_answered_in_promise"] == "true"]
        assert week.answered_in_promise_count == len(kept)
        assert week.unknown_count == sum(row["is_due_unknown"] == "true" for row in those)
        assert week.by_group_count == sum(row["is_answered_by_group"] == "true" for row in those)
        assert week.by_peer_count == sum(row["is_answered_by_peer"] == "true" for row in those)
        for measure in ("likes_gained", "boosts_gained", "replies_gained", "engagement_gained", "posts_count"):
            assert getattr(week, measure) == sum(int(row[measure]) for row in of_days), measure
        compared += len(those)
    assert compared > 20


def test_what_posts_gained_on_a_day_adds_up_to_the_day(files: Path) -> None:
    by_day: dict[tuple[str, str], int] = {}
    for row in sheet(files, "counts"):
        key = (row["network"], row["local_date"])
        by_day[key] = by_day.get(key, 0) + int(row["engagement_gained"])
    days = {(row["network"], row["local_date"]): int(row["engagement_gained"]) for row in sheet(files, "days")}
    assert by_day
    assert {key: days[key] for key in by_day} == by_day


def test_parquet_holds_the_same_as_csv(files: Path) -> None:
    for what in FILES:
        table = pq.read_table(files / Export("riverside", NOW, AUTUMN).file(what, "parquet"))
        lines = sheet(files, what)
        assert [[export.format_cell(value) for value in row.values()] for row in table.to_pylist()] == [
            list(row.values()) for row in lines
        ]
        assert table.schema.field("group_id").metadata == {b"meaning": b"the group, as in mutuals.toml."}


def test_every_column_is_explained_and_has_the_type_its_name_promises(reader: Reader) -> None:
    kinds = {"BOOLEAN": "bool", "DATE": "date32[day]", "TIMESTAMP": "timestamp[us, tz=UTC]", "DOUBLE": "double"}
    for what in FILES:
        described = reader.frame(f"select column_name, column_type from (describe shown.export_{what})", NOW)
        found = [
            (name, kinds.get(kind, "string" if kind in ("VARCHAR", "UUID") else "int64"))
            for name, kind in described.itertuples(index=False)
        ]
        assert [(field.name, str(field.type)) for field in export.arrow_schema(what)] == found


def test_no_file_holds_a_word_or_a_name_of_anybody(reader: Reader, files: Path) -> None:
    needles = {
        *reader.frame("select distinct handle from stored.accounts where handle is not null", NOW)["handle"],
        *(text[:40] for text in reader.frame("select text from stored.post_texts", NOW)["text"]),
        *reader.frame("select distinct author_id from stored.posts", NOW)["author_id"],
        *reader.frame("select distinct link from stored.post_addresses where link is not null", NOW)["link"],
    }
    assert len(needles) > 40  # there is something to find
    contents = [path.read_bytes() for path in files.glob("*.csv")]
    contents += [str(pq.read_table(path).to_pylist()).encode() for path in files.glob("*.parquet")]
    assert len(contents) == 9
    everything = b"\n".join(contents)
    assert b"carers.example" in everything  # the control: what is there is found
    assert not [needle for needle in needles if needle.encode() in everything]


def test_the_files_are_for_their_owner_alone_and_begin_with_the_mark_of_utf_8(files: Path) -> None:
    for path in files.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        if path.suffix == ".csv":
            assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_page_offers_the_same_files_in_one(reader: Reader, files: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(export.zip_files(reader, Export("riverside", NOW, AUTUMN)))) as archive:
        assert sorted(archive.namelist()) == sorted(path.name for path in files.glob("*.csv"))
        assert all(archive.read(name) == (files / name).read_bytes() for name in archive.namelist())


def test_everything_reaches_from_the_first_day_to_today(reader: Reader) -> None:
    whole = export.known_period(reader, NOW, "riverside")
    assert whole is not None
    assert whole.last_date == NOW.date()
    assert export.known_period(reader, NOW, "nobody") is None


def test_progress_goes_from_the_first_month_to_the_last(reader: Reader, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    export.write_files(reader, Export("riverside", NOW, AUTUMN), "csv", tmp_path, lambda *step: steps.append(step))
    assert steps == [(done, 12) for done in range(1, 13)]
