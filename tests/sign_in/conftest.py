"""The real OpenID provider, the dashboard it signs people in to, and Chromium; skipped where they are not asked for."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import browser
from tests.sign_in.dashboard import ROOT
from tests.sign_in.provider import HOW, Provider, openid_provider
from tests.sign_in.setup import House, house_of

__all__ = ["browser"]  # the fixture


@pytest.fixture(autouse=True, scope="session")
def _asked_for(request: pytest.FixtureRequest) -> None:
    if "signin" not in request.config.option.markexpr:
        pytest.skip(
            f"a real OpenID provider and browser take minutes; ask for them with -m signin, once you have it: {HOW}"
        )


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """A provider whose dashboard does not run: to look at the provider itself."""
    with openid_provider("http://127.0.0.1:9", tmp_path_factory.mktemp("provider") / "log") as provider:
        yield provider


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two groups in it; to be copied. Built in a process of its own, whose clock is the wall's."""
    folder = tmp_path_factory.mktemp("built")
    subprocess.run([sys.executable, "-m", "tests.sign_in.dashboard", folder], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="session")
def _shared(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_of(built, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def house(_shared: House) -> Iterator[House]:
    """A provider and a dashboard. Look, do not press, and do not change who may see what; faults are mended afterwards."""
    yield _shared
    _shared.provider.fault()


@pytest.fixture
def own_house(built: Path, tmp_path: Path) -> Iterator[House]:
    """A provider and a dashboard of the test's own."""
    with house_of(built, tmp_path) as house:
        yield house
