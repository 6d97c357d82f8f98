"""A village published once, and the pages of the dashboard over it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from shutil import copytree

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from app import runtime
from app.data import readers
from tests.support import village
from warehouse.settings import Settings

MAIN = Path(runtime.__file__).with_name("main.py")


@pytest.fixture(scope="session", autouse=True)
def one_look_at_what_is_installed() -> Iterator[None]:
    """A server looks through the installed packages once, at its start; AppTest for every page: longer than the page takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder with a snapshot of the whole village. Decisions in it are shared: look, do not press."""
    return village.build(tmp_path_factory.mktemp("village"))


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A snapshot in which nobody ever asked anything."""
    return village.build(tmp_path_factory.mktemp("quiet"), has_queue=False, has_history=False)


@pytest.fixture(scope="session")
def waiting_only(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A snapshot of the queue without a history, to be copied."""
    return village.build(tmp_path_factory.mktemp("waiting"), has_history=False)


@pytest.fixture
def mine(waiting_only: Settings, tmp_path: Path) -> Settings:
    """The queue in a folder of the test's own: press what you like."""
    copytree(waiting_only.data_dir, tmp_path / "data")
    return replace(waiting_only, data_dir=tmp_path / "data")


_opened: list[Settings] = []  # for which the readers are open


@pytest.fixture
def page() -> Callable[..., AppTest]:
    """Run a page as the command would: page(settings, "this_week")."""

    def run(settings: Settings, name: str = "waiting", **given: object) -> AppTest:
        if _opened != [settings]:  # opening a snapshot takes longer than most pages
            readers.reset_readers()
            _opened[:] = [settings]
        runtime.set_current(replace_running(runtime.Runtime(settings, clock=lambda: village.NOW), **given))
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        return app.run() if name == "waiting" else app.switch_page(f"views/{name}.py").run()

    return run


def replace_running(held: runtime.Runtime, **given: object) -> runtime.Runtime:
    return replace(held, **given)  # type: ignore[arg-type]
