"""`mutuals import-csv` as a person uses it: look, store, see it everywhere, take it back."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from app import queries
from app.cli.entry import main
from app.reports.exchange.import_csv import TEMPLATE
from app.reports.mail.compose import compose_part
from tests.support.village import KEY, NOW
from warehouse.settings import Settings, load_settings
from warehouse.snapshots.reader import open_reader


@pytest.fixture
def mutuals(waiting_only: Settings, tmp_path: Path) -> Callable[..., Result]:
    copytree(waiting_only.data_dir, tmp_path / "data")
    (tmp_path / "data" / "key").write_bytes(KEY)
    (tmp_path / "mutuals.toml").write_text(
        '[[groups]]\nid = "riverside"\nname = "Riverside"\nmastodon = ["@riverside@carers.example"]\n'
    )
    (tmp_path / "counts.csv").write_text(TEMPLATE)
    common = ["--config", str(tmp_path / "mutuals.toml"), "--data-dir", str(tmp_path / "data")]
    return lambda *words: CliRunner().invoke(main, [*words, *common])


def elsewhere(tmp_path: Path) -> list[tuple[object, ...]]:
    reader = open_reader(load_settings(tmp_path / "mutuals.toml", tmp_path / "data"))
    try:
        found = queries.period.offline_counts(reader, NOW, "riverside", date(2026, 11, 9), date(2026, 11, 16))
    finally:
        reader.close()
    return [
        tuple(None if pd.isna(value) else value for value in row)
        for row in found.astype(object).itertuples(index=False)
    ]


def test_a_file_is_looked_at_stored_seen_and_taken_back(mutuals: Callable[..., Result], tmp_path: Path) -> None:
    file = str(tmp_path / "counts.csv")
    looked = mutuals("import-csv", file)
    assert looked.exit_code == 0, looked.exception
    assert "Nothing was changed" in looked.stdout
    assert "Thursday meeting" in looked.stdout
    assert elsewhere(tmp_path) == []
    saved = mutuals("import-csv", file, "--save")
    assert saved.exit_code == 0, saved.exception
    import_id = saved.stdout.split("--undo ")[1].split()[0]
    assert [row[0] for row in elsewhere(tmp_path)] == ["Facebook group", "Thursday meeting"]
    assert "was imported before" in mutuals("import-csv", file, "--save").stdout
    assert import_id in mutuals("import-csv", "--list").stdout
    assert "Nothing was done" in mutuals("import-csv", "--undo", import_id, "--dry-run").stdout
    assert len(elsewhere(tmp_path)) == 2
    assert "4 lines" in mutuals("import-csv", "--undo", import_id).stdout
    assert elsewhere(tmp_path) == []
    assert "has no import" in str(mutuals("import-csv", "--undo", import_id).exception)


def test_the_imported_numbers_are_the_same_on_the_page_in_the_export_and_in_the_mail(
    mutuals: Callable[..., Result], tmp_path: Path
) -> None:
    assert mutuals("import-csv", str(tmp_path / "counts.csv"), "--save").exit_code == 0
    assert mutuals("export", "--out", str(tmp_path / "out"), "--period", "2026-11").exit_code == 0
    (days,) = (tmp_path / "out").glob("*-days-*.csv")
    told = csv.DictReader(io.StringIO(days.read_text(encoding="utf-8-sig"), newline=""))
    exported = {(row["network"], row["local_date"]): row for row in told if row["is_imported"] == "true"}
    facebook, meeting = exported["Facebook group", "2026-11-10"], exported["Thursday meeting", "2026-11-12"]
    assert (facebook["requests_count"], facebook["answered_count"], facebook["followers_count"]) == ("6", "5", "214")
    assert (facebook["published_engagement"], facebook["engagement_gained"]) == ("11", "")
    assert (meeting["requests_count"], meeting["answered_count"], meeting["followers_count"]) == ("4", "4", "")
    settings = load_settings(tmp_path / "mutuals.toml", tmp_path / "data")
    reader = open_reader(settings)
    mail = compose_part(reader, settings, settings.groups[0], "en", date(2026, 11, 9), NOW)
    reader.close()
    rows = {row.label: row.value for row in mail.rows}
    assert rows["Asked elsewhere (Facebook group)"] == "6, 5 answered"
    assert rows["Asked elsewhere (Thursday meeting)"] == "4, 4 answered"
    page = {row[0]: row for row in elsewhere(tmp_path)}
    assert page["Facebook group"][1:] == (1, 11, 214, 6, 5)
    assert page["Thursday meeting"][1:] == (0, 0, None, 4, 4)


def test_mistakes_are_said_line_by_line_and_nothing_is_stored(mutuals: Callable[..., Result], tmp_path: Path) -> None:
    tomorrow = datetime.now(UTC).year + 1
    (tmp_path / "counts.csv").write_text(
        TEMPLATE + f"tally,Hall,{tomorrow}-01-01,,,,,,1,1\ntally,Hall,2026-11-01,,,,,,x,\n"
    )
    done = mutuals("import-csv", str(tmp_path / "counts.csv"), "--save")
    assert done.exit_code == 1
    assert "counts.csv, line 6: " in done.stderr
    assert "counts.csv, line 7: 'asked' is 'x'" in done.stderr
    assert elsewhere(tmp_path) == []
    assert "is the name right?" in str(mutuals("import-csv", str(tmp_path / "none.csv")).exception)
    assert "--template" in str(mutuals("import-csv").exception)
    assert mutuals("import-csv", "--template").stdout == TEMPLATE
