"""What several tests of the warehouse need."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from warehouse.connect import warehouse
from warehouse.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings without a group, in a folder of their own."""
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture(scope="session")
def new_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a warehouse in which nothing is stored yet, made once."""
    data_dir = tmp_path_factory.mktemp("new") / "data"
    with warehouse(Settings(data_dir=data_dir)):
        return data_dir


@pytest.fixture
def con(settings: Settings, new_warehouse: Path) -> Iterator[DuckDBPyConnection]:
    """An open warehouse in which nothing is stored yet."""
    shutil.copytree(new_warehouse, settings.data_dir)
    with warehouse(settings) as opened:
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
