"""`mutuals export` and `mutuals report` as a person uses them."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner, Result

from app.cli.entry import main
from warehouse.settings import Settings


@pytest.fixture
def mutuals(published: Settings, tmp_path: Path) -> Callable[..., Result]:
    """Run it on a copy of the village; the settings stand beside it."""
    copytree(published.data_dir, tmp_path / "data")
    (tmp_path / "mutuals.toml").write_text(
        '[[groups]]\nid = "riverside"\nname = "Riverside"\nmastodon = ["@riverside@carers.example"]\n'
    )
    common = ["--config", str(tmp_path / "mutuals.toml"), "--data-dir", str(tmp_path / "data")]
    return lambda *words: CliRunner().invoke(main, [*words, *common])


def test_an_export_is_written_once_and_replaced_when_forced(mutuals: Callable[..., Result], tmp_path: Path) -> None:
    words = ("export", "--period", "2026-Q3", "--out", str(tmp_path / "new" / "out"), "--json")
    done = mutuals(*words)
    assert done.exit_code == 0
    written = json.loads(done.stdout)
    assert [Path(path).name for path in written][:2] == [
        "riverside-requests-2026-07-01-to-2026-09-30.csv",
        "riverside-posts-2026-07-01-to-2026-09-30.csv",
    ]
    assert "is there already; replace it with --force" in str(mutuals(*words).exception)
    assert mutuals(*words, "--force").exit_code == 0


def test_what_cannot_be_exported_says_why(mutuals: Callable[..., Result], tmp_path: Path) -> None:
    assert "did you mean 'riverside'?" in str(mutuals("export", "--group", "riversid").exception)
    assert "write csv or parquet" in str(mutuals("export", "--format", "xls").exception)
    (tmp_path / "file").write_text("x")
    assert "choose a place of yours" in str(mutuals("export", "--out", str(tmp_path / "file")).exception)
    nothing = CliRunner().invoke(
        main,
        ["export", "--config", str(tmp_path / "mutuals.toml"), "--data-dir", str(tmp_path / "empty")],
    )
    assert "start collecting with: mutuals up" in str(nothing.exception)


def test_a_report_is_about_the_newest_closed_quarter_and_no_open_one(
    mutuals: Callable[..., Result], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = mutuals("report", "--out", str(out))
    assert done.exit_code == 0, done.exception
    path = out / "riverside-2026-Q3-report.pdf"
    assert path.read_bytes().startswith(b"%PDF-1.7")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "is there already" in str(mutuals("report", "--out", str(out)).exception)
    sheet = mutuals("report", "--members", "--format", "html", "--large-print", "--out", str(tmp_path / "sheet.html"))
    assert sheet.exit_code == 0, sheet.exception
    assert b'<body class="large">' in (tmp_path / "sheet.html").read_bytes()
    assert "is not over. Trustees read closed quarters only" in str(mutuals("report", "--period", "2099-Q1").exception)
    assert "there are: 2026-Q3, 2026-Q2" in str(mutuals("report", "--period", "2020-Q1").exception)
    assert "a whole quarter" in str(mutuals("report", "--period", "2026-11").exception)
