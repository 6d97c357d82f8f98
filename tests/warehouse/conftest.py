"""What several tests of the warehouse need."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings without a group, in a folder of their own."""
    return Settings(data_dir=tmp_path / "data")


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
