"""Long work says how far it is, also where no terminal shows a bar."""

import pytest

from app.cli import options


def test_without_a_terminal_progress_is_said_in_lines(capfd: pytest.CaptureFixture[str]) -> None:
    with options.progress() as bar:
        task = bar.add_task("Reading", total=None)
        for done in range(101):
            bar.update(task, completed=done, total=100)
    lines = capfd.readouterr().err.splitlines()
    assert lines[:2] == ["Reading: 0%", "Reading: 100%"]


def test_work_of_unknown_length_says_no_share(capfd: pytest.CaptureFixture[str]) -> None:
    with options.progress() as bar:
        bar.update(bar.add_task("Reading", total=None), completed=3)
    assert "%" not in capfd.readouterr().err
