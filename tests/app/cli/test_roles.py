"""mutuals roles: letting people in and taking them out from a terminal."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.entry import main
from app.errors import Stopped
from warehouse.settings import load_settings

SETTINGS = """
[[groups]]
id = "riverside"
name = "Riverside"
mastodon = ["@riverside@carers.example"]
"""


@pytest.fixture
def places(tmp_path: Path) -> list[str]:
    """Options that name the test's own settings."""
    (tmp_path / "mutuals.toml").write_text(SETTINGS)
    return ["--config", str(tmp_path / "mutuals.toml"), "--data-dir", str(tmp_path / "data")]


def run(*words: str) -> str:
    """The command's output. Raises what it stops with."""
    done = CliRunner().invoke(main, ["roles", *words], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_somebody_is_let_in_listed_and_taken_out(places: list[str]) -> None:
    assert "Begin with yourself" in " ".join(run("list", *places).split())
    run("add", "Dee@Riverside.example", "--role", "organiser", "--name", "Dee", *places)
    run("add", "groups=board", "--role", "trustee", "--group", "riverside", *places)
    told = json.loads(run("list", "--json", *places))
    assert [(one["role"], one["who"], one["claim"], one["groups"]) for one in told] == [
        ("organiser", "dee@riverside.example", "", []),
        ("trustee", "", "groups=board", ["riverside"]),
    ]
    assert "every group" in run("list", *places)
    assert "Nobody is organiser" in run("remove", "DEE@riverside.example", *places)
    assert [one.claim for one in load_settings(Path(places[1]), Path(places[3]), {}).roles] == ["groups=board"]


def test_whoever_has_no_role_is_said_with_who_has(places: list[str]) -> None:
    run("add", "dee@riverside.example", "--role", "organiser", *places)
    with pytest.raises(Stopped, match=r"did you mean 'dee@riverside\.example'"):
        run("remove", "dea@riverside.example", *places)
