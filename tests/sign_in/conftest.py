"""The real OpenID provider, which everything here needs; skipped where it is not asked for or not installed."""

from collections.abc import Iterator

import pytest

from tests.sign_in.provider import HOW, Provider, openid_provider


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
