"""What many test folders share: the tests that take minutes run only when they are asked for."""

import logging
from collections.abc import Iterator

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the long ones, unless -m names them or one of them is named itself."""
    if "long" in config.option.markexpr or any("::" in one or one.endswith(".py") for one in config.option.file_or_dir):
        return
    why = pytest.mark.skip(reason="takes minutes; ask for it with -m long, or run .ci/run")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(why)


@pytest.fixture(autouse=True)
def same_log_level() -> Iterator[None]:
    """A command that was run in the test's own process says how much is logged: not in the tests after it."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)
