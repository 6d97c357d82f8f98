"""A PostgreSQL of one's own in a temporary folder, for as long as a test session lasts."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def binaries() -> Path | None:
    """Where initdb and postgres are: on the path, or where Debian puts them; the newest."""
    found = shutil.which("initdb")
    if found is not None and shutil.which("postgres") is not None:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def postgres(bin_dir: Path) -> Iterator[str]:
    """A running server on loopback; yields its URL."""
    folder = Path(tempfile.mkdtemp(prefix="mutuals-postgres-"))
    password, port = secrets.token_hex(16), _free_port()
    (folder / "password").write_text(password)
    as_user = _as_user(folder)
    data = folder / "data"
    initdb: list[str | Path] = [
        bin_dir / "initdb",
        "-D",
        data,
        "-U",
        "mutuals",
        "-A",
        "scram-sha-256",
        "-E",
        "UTF8",
        "--locale=C",
    ]
    try:
        subprocess.run(
            [*initdb, f"--pwfile={folder / 'password'}"], check=True, capture_output=True, cwd=folder, **as_user
        )
        options = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": "", "fsync": "off"}
        options |= {"synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [bin_dir / "postgres", "-D", data, *settings], stdout=log, stderr=log, cwd=folder, **as_user
            )
        try:
            _wait(server, port, folder / "log")
            yield f"postgresql://mutuals:{password}@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # fast: does not wait for clients
            server.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as the user its package made."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    for path in (folder, folder / "password"):
        os.chown(path, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(150):
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-500:]}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("PostgreSQL did not answer within 15 seconds")
