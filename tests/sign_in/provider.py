"""The real OpenID provider in a process of its own; what goes wrong with it is asked for by name."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

HERE = Path(__file__).parent
HOW = "run .ci/openid-provider (npm, half a minute and 125 MB, once)"
SECRET = "the-secret-between-provider-and-dashboard"  # of a provider that lives as long as a test


@dataclass(slots=True, frozen=True)
class Provider:
    """A provider that runs."""

    address: str

    def fault(self, **faults: Any) -> None:
        """Let it go wrong as provider.mjs says, and in no other way; nothing named: let it be well."""
        httpx.post(f"{self.address}/faults", json=faults).raise_for_status()


def cache() -> Path:
    """Where .ci/openid-provider puts it; skips the test where it is not."""
    folder = Path(os.environ.get("MUTUALS_OPENID_DIR") or Path.home() / ".cache" / "mutuals-openid")
    if not (folder / "ready").exists():
        pytest.skip(f"the OpenID provider is not installed: {HOW}")
    return folder


@contextmanager
def openid_provider(dashboard: str, log: Path) -> Iterator[Provider]:
    """Start a provider that knows one client, the dashboard at this address; its own errors go to the log."""
    back = f"{dashboard}/oauth2callback"
    client = json.dumps({"secret": SECRET, "redirect": back, "signed_out": [back]})
    folder = cache()
    command = [folder / "node", HERE / "provider.mjs", folder / "provider", client]
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            pytest.fail(f"the OpenID provider did not start: {log.read_text()[-2000:]}")
        try:
            yield Provider(json.loads(line)["address"])
        finally:
            process.stdin.close()
            process.wait(20)
