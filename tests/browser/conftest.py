"""Chromium, and the real dashboard over the village."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import village
from tests.support.dashboard_process import dashboard

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium; the test is skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install 'mutuals[dev]' brings Playwright")
    if CHROMIUM is None:
        pytest.skip("no Chromium found: apt install chromium, or name one in CHROMIUM")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard over the whole village. Look, do not press."""
    folder = tmp_path_factory.mktemp("village")
    village.build(folder)
    with dashboard(folder) as served:
        yield served


@pytest.fixture
def pressable(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A dashboard of the test's own: its address and its data folder."""
    village.build(tmp_path, has_history=False)
    with dashboard(tmp_path) as served:
        yield served, tmp_path
