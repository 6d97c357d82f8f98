"""What many test folders share: the tests that take minutes run only when they are asked for."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

# Tests that need more than the test command installs, or minutes: .ci/run asks for each kind by its mark.
ASKED_FOR = ("browser", "signin", "bluesky", "long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave them out, unless -m names their kind, or one of them or its file is named itself."""
    named = [Path(one.split("::")[0]).resolve() for one in config.option.file_or_dir if ".py" in one]
    kept, left_out = [], []
    for item in items:
        kinds = [kind for kind in ASKED_FOR if kind in item.keywords]
        is_wanted = not kinds or item.path in named or any(kind in config.option.markexpr for kind in kinds)
        (kept if is_wanted else left_out).append(item)
    if left_out:
        items[:] = kept
        config.hook.pytest_deselected(items=left_out)


def pytest_report_header() -> str:
    """How to run what is left out."""
    return f"left out unless asked for: {', '.join(f'-m {kind}' for kind in ASKED_FOR)}; .ci/run runs all of them"


@pytest.fixture(autouse=True)
def same_log_level() -> Iterator[None]:
    """A command that was run in the test's own process says how much is logged: not in the tests after it."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)
