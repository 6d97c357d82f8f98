"""What several tests of the warehouse need: an empty one, and a casebook on SQLite and on a real PostgreSQL."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from warehouse.casebook.events import Casebook, open_casebook
from warehouse.settings import Settings
from warehouse.storage.connection import open_warehouse

POSTGRES = Path("/usr/lib/postgresql/15/bin")
NO_POSTGRES = f"no PostgreSQL 15 in {POSTGRES}: apt install postgresql-15"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings without a group, in a folder of their own."""
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture(scope="session")
def new_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a warehouse in which nothing is stored yet, made once."""
    data_dir = tmp_path_factory.mktemp("new") / "data"
    with open_warehouse(Settings(data_dir=data_dir)):
        return data_dir


@pytest.fixture
def con(settings: Settings, new_warehouse: Path) -> Iterator[DuckDBPyConnection]:
    """An open warehouse in which nothing is stored yet."""
    shutil.copytree(new_warehouse, settings.data_dir)
    with open_warehouse(settings) as opened:
        yield opened


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """Run as a user without rights; root may write everywhere. As anybody else, nothing changes."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL of our own, on a free port; as root it runs as the user postgres."""
    if not (POSTGRES / "postgres").exists():
        pytest.skip(NO_POSTGRES)
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="mutuals-postgres-"))  # pytest's own folders are closed to other users
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run: dict[str, Any] = {"check": True, "capture_output": True, "cwd": "/"}
    subprocess.run(
        [*as_user, POSTGRES / "initdb", "-D", folder / "db", "-U", "mutuals", "-A", "trust", "--no-sync"], **run
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    control = [*as_user, POSTGRES / "pg_ctl", "-D", folder / "db", "-w"]
    subprocess.run([*control, "-o", options, "-l", folder / "log", "start"], **run)
    try:
        yield f"postgresql://mutuals@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **run)
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Settings for each kind of casebook, empty."""
    if request.param == "sqlite":
        return settings
    url = request.getfixturevalue("postgres")
    import psycopg

    with psycopg.connect(url, autocommit=True) as con:
        con.execute("drop schema public cascade")
        con.execute("create schema public")
    return replace(settings, casebook_url=url)


@pytest.fixture
def casebook(opened: Settings) -> Iterator[Casebook]:
    book = open_casebook(opened)
    yield book
    book.close()
