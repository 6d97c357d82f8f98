"""A provider and a dashboard that know each other, and how somebody at a browser signs in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sign_in.dashboard import GROUPS, ROLES, Served, free_port, served, sign_in
from tests.sign_in.http_session import Person
from tests.sign_in.provider import SECRET, Provider, openid_provider

DEE, HAL, TESS = "dee@riverside.example", "hal@riverside.example", "tess@riverside.example"
VI, NOBODY = "vi@elsewhere.example", "nobody@elsewhere.example"
# What no log may hold: tokens, what they are got with, the secret, and anybody's address
_SECRETS = re.compile(
    rf"eyJ[\w-]{{10,}}|[?&](?:code|state)=|code_verifier: '|{SECRET}|\w+@(?:riverside|elsewhere)\.example"
)


@dataclass(slots=True, frozen=True)
class House:
    """Where people sign in, and what they sign in to."""

    provider: Provider
    dashboard: Served

    def person(self) -> Person:
        """Somebody without a browser, not signed in."""
        return Person(self.dashboard.address)

    def leaked(self) -> list[str]:
        """What the dashboard's log holds that it must not."""
        return _SECRETS.findall(self.dashboard.said())

    def sign_in(self, page: Any, email: str) -> None:
        """Somebody at a browser signs in, from the door on."""
        page.goto(self.dashboard.address)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Your e-mail").fill(email)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.dashboard.address}/**")
        page.get_by_role("button", name="Sign out").wait_for()


@contextmanager
def house_of(built: Path, folder: Path, *more: str, roles: str = ROLES) -> Iterator[House]:
    """Start both. `more`: further lines of [sign_in]."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with openid_provider(address, folder / "provider.log") as provider:
        settings = sign_in(address, provider.address, *more) + GROUPS + roles
        with served(built, folder / "data", port, settings) as dashboard:
            yield House(provider, dashboard)
