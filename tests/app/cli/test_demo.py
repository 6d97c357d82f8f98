"""`mutuals demo`, as a newcomer starts it: a page, a collector that comes back, an end in order."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.support.command_process import begin, complaint, mutuals

pytestmark = pytest.mark.long


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    """Does it become so in time?"""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.2)
    return False


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes(word: str, folder: Path) -> list[int]:
    """The processes of this demo whose command has this word."""
    listed = subprocess.run(["ps", "-eww", "-o", "pid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    lines = (line.split(maxsplit=2) for line in listed.splitlines())
    return [int(pid) for pid, state, args in lines if state[0] != "Z" and re.search(rf" {word} .*{folder}", args)]


def snapshot(folder: Path) -> str:
    """Which snapshot the pages show; none yet: an empty text."""
    pointer = folder / "snapshots" / "current"
    return str(json.loads(pointer.read_text())["name"]) if pointer.exists() else ""


def test_the_demo_shows_a_page_goes_on_when_its_collector_is_killed_and_ends_in_order(tmp_path: Path) -> None:
    folder, port = tmp_path / "sample", free_port()
    demo = begin(tmp_path, "demo", "--data-dir", str(folder), "--port", str(port))
    try:
        assert within(120, lambda: snapshot(folder) != ""), "a first snapshot"
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").json() == {"status": "ok"}

        again = mutuals(tmp_path, "demo", "--data-dir", str(folder), "--port", str(free_port()))
        assert "another demo runs in this folder" in complaint(again)
        assert snapshot(folder) != "", "and nothing of it was deleted"

        assert within(60, lambda: processes("collect", folder) != [])
        (killed,) = processes("collect", folder)
        os.kill(killed, signal.SIGKILL)
        assert within(60, lambda: processes("collect", folder) not in ([], [killed])), "the collector is started again"
        before = snapshot(folder)
        assert within(90, lambda: snapshot(folder) != before), "and publishes"
    finally:
        demo.send_signal(signal.SIGINT)
        said, complained = demo.communicate(timeout=60)
    assert demo.returncode == 0, complained
    assert f"http://127.0.0.1:{port}/" in said + complained
    assert "Traceback" not in complained
    assert processes("(collect|dashboard)", folder) == []
