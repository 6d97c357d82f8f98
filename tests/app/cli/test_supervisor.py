"""Keeping processes running: those that die come back, those that cannot run stop the rest."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from app.cli.supervisor import Processes, keep_running


def command(code: str) -> list[str]:
    """A part that does this."""
    return [sys.executable, "-c", code]


def noting(path: Path, then: str) -> list[str]:
    """A part that writes its process id on a line of its own, then does something."""
    return command(f"import os, sys, time\nopen({str(path)!r}, 'a').write(f'{{os.getpid()}}\\n')\n{then}")


def starts(path: Path) -> list[int]:
    """The process ids of everything that was started so far."""
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


def until(is_so: Callable[[], bool], stop: threading.Event) -> Callable[[], None]:
    """Look each time round; stop when it is so, and after 20 seconds in any case."""
    end = time.monotonic() + 20

    def look() -> None:
        if is_so() or time.monotonic() > end:
            stop.set()

    return look


def is_alive(pid: int) -> bool:
    """Does the process exist?"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_part_that_is_killed_is_started_again_and_ended_with_the_rest(tmp_path: Path) -> None:
    notes, stop, parts = tmp_path / "starts", threading.Event(), Processes()
    parts.add("collector", noting(notes, "time.sleep(60)"))

    def kill_the_first() -> bool:
        found = starts(notes)
        if len(found) == 1 and is_alive(found[0]):
            os.kill(found[0], signal.SIGKILL)
        return len(found) == 2

    assert parts.keep_running(stop, until(kill_the_first, stop)) == 0
    assert len(starts(notes)) == 2
    assert not any(map(is_alive, starts(notes)))


def test_a_part_that_says_why_it_cannot_run_stops_everything(tmp_path: Path) -> None:
    notes = tmp_path / "starts"
    commands = {
        "dashboard": noting(notes, "time.sleep(60)"),
        "collector": command("import sys, time; time.sleep(1); sys.exit(2)"),
    }
    assert keep_running(commands) == 2
    assert not any(map(is_alive, starts(notes)))


def test_a_part_that_is_ended_stays_ended(tmp_path: Path) -> None:
    notes, stop, parts = tmp_path / "starts", threading.Event(), Processes()
    parts.add("collector", noting(notes, "time.sleep(60)"))
    rounds = 0

    def end_it() -> bool:
        nonlocal rounds
        if starts(notes):
            rounds += 1
        if rounds == 1:
            parts.end("collector")
        return rounds > 8  # two seconds: it would be back

    assert parts.keep_running(stop, until(end_it, stop)) == 0
    assert len(starts(notes)) == 1
    assert not is_alive(starts(notes)[0])


def test_sigterm_ends_the_parts_and_is_no_failure(tmp_path: Path) -> None:
    notes, stop, parts = tmp_path / "starts", threading.Event(), Processes()
    parts.add("dashboard", noting(notes, "time.sleep(60)"))

    def terminate_us() -> bool:
        if starts(notes):
            os.kill(os.getpid(), signal.SIGTERM)
        return False

    assert parts.keep_running(stop, until(terminate_us, stop)) == 0
    assert not is_alive(starts(notes)[0])
