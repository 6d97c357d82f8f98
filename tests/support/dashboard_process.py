"""The real dashboard in a process of its own, over the village: for tests that speak HTTP or drive a browser.

As a script: python -m tests.app.serving <data folder> <port> [no-groups]
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from app.lookup import FoundAccount, FoundCapability, LookupProblem, LookupResult
from app.runtime import Runtime
from app.server.application import serve
from tests.support import hostile_village, village

ROOT = Path(__file__).parents[2]


def look_up(mastodon: str | None, _bluesky: str | None) -> LookupResult:
    """Networks that know @riverside@carers.example and nobody else."""
    if mastodon != "@riverside@carers.example":
        return LookupResult(
            problems=(LookupProblem("mastodon", "carers.example knows no such account.", "Check the spelling."),)
        )
    return LookupResult(
        accounts=(
            FoundAccount("mastodon", "carers.example", "riverside@carers.example", "Riverside", "Hello <b>", 412, 9),
        ),
        capabilities=(
            FoundCapability("mastodon", "carers.example", "own posts", "open"),
            FoundCapability("mastodon", "carers.example", "mentions", "needs token", "Only its own.", "Make a token."),
        ),
        rules=(("carers.example", "Be kind."),),
    )


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def dashboard(data_dir: Path, *more: str) -> Iterator[str]:
    """Serve a data folder; yields the address without a slash at its end."""
    port = free_port()
    command = [sys.executable, "-m", "tests.support.dashboard_process", str(data_dir), str(port), *more]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError("the dashboard ended before it was ready")
        try:
            if httpx.get(f"{address}/healthz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("the dashboard was not ready after 20 seconds")


if __name__ == "__main__":
    folder, port_, *rest = sys.argv[1:]
    settings = village.settings(Path(folder))
    if "hostile" in rest:
        settings = hostile_village.settings(Path(folder))
    if "no-groups" in rest:
        settings = replace(settings, groups=(), is_sample=False)
    serve(Runtime(settings, clock=lambda: village.NOW, look_up=look_up), port=int(port_))
