"""The real Bluesky network, started once for the session; skipped where it is not installed."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bluesky_network.conversation import Evening, write
from tests.support.postgres import binaries, postgres

HERE = Path(__file__).parent
HOW = "run .ci/bluesky-network (npm, about three minutes and 700 MB, once)"


@dataclass(slots=True)
class Network:
    """A network that runs: its services, and a way to wait until the AppView has seen everything."""

    appview: str
    pds: str
    process: "subprocess.Popen[str]"

    def catch_up(self) -> None:
        """Wait until the AppView knows all that was written."""
        assert self.process.stdin is not None
        self.process.stdin.write("processAll\n")
        self.process.stdin.flush()
        assert _line(self.process) == {"done": "processAll"}


@pytest.fixture(scope="session")
def network(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    if "bluesky" not in request.config.option.markexpr:
        pytest.skip(f"the real Bluesky network takes a minute; ask for it with -m bluesky, once you have it: {HOW}")
    cache = Path(os.environ.get("MUTUALS_BLUESKY_DIR") or Path.home() / ".cache" / "mutuals-bluesky")
    if not (cache / "ready").exists():
        pytest.skip(f"the Bluesky network is not installed: {HOW}")
    bin_dir = binaries()
    if bin_dir is None:
        pytest.skip("the Bluesky network needs PostgreSQL (Debian: apt install postgresql)")
    log = tmp_path_factory.mktemp("network") / "log"
    with postgres(bin_dir) as url, log.open("w") as errors:
        env = os.environ | {"DB_POSTGRES_URL": url, "DB_POSTGRES_SCHEMA": "mutuals", "REDIS_HOST": "unused"}
        env |= {"LOG_ENABLED": "false", "NODE_ENV": "test", "TMPDIR": str(tmp_path_factory.mktemp("pds"))}
        with subprocess.Popen(
            [cache / "node" / "node", HERE / "network.mjs", cache / "network"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, env=env,
        ) as process:  # fmt: skip
            where = _line(process)
            if where is None:
                pytest.fail(f"the Bluesky network did not start: {log.read_text()[-2000:]}")
            yield Network(where["appview"], where["pds"], process)
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)


def _line(process: "subprocess.Popen[str]") -> dict[str, str] | None:
    """The next line of JSON; the network's own log lines are passed over."""
    assert process.stdout is not None
    for line in process.stdout:
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict) and found.keys() & {"appview", "done", "error"}:
            return found
    return None


@pytest.fixture(scope="session")
def evening(network: Network) -> Evening:
    """A group's evening, written through the PDS and known to the AppView."""
    return write(network.pds, network.catch_up)
