"""A link that names the page somebody sees first leads there, instead of to a word that there is no such page."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app import runtime
from app.auth.permissions import ROLE_NEEDED
from app.server.start_page_redirect import StartPageRedirect
from tests.app.auth.test_permissions import ADDRESS
from tests.app.server.test_gatekeeper import SETTINGS, cookie, options
from tests.support import village
from warehouse.settings import Role, Settings, SignIn

__all__ = ["options"]  # the fixture that sets Streamlit's own options


def led(path: str, settings: Settings, query: bytes = b"", method: str = "GET") -> str:
    """Where it leads; "" where the page itself answers."""
    runtime.set_current(runtime.Runtime(settings, clock=lambda: village.NOW))
    sent: list[Any] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("page")(scope, receive, send)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    name, value = next(iter(cookie().items()))
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "scheme": "http",
             "headers": [(b"host", b"mutuals.riverside.example"), (b"cookie", f"{name}={value}".encode())]}  # fmt: skip
    asyncio.run(StartPageRedirect(page)(scope, receive, send))
    return dict(sent[0]["headers"]).get(b"location", b"").decode()


def with_role(role: str) -> Settings:
    return replace(SETTINGS, roles=(Role(role, who=ADDRESS),))


@pytest.mark.parametrize(
    ("settings", "first"),
    [
        (replace(SETTINGS, sign_in=SignIn()), "waiting"),
        (with_role("organiser"), "waiting"),
        (with_role("groupworker"), "waiting"),
        (with_role("trustee"), "summary"),
    ],
)
def test_the_name_of_the_first_page_leads_to_it_with_what_the_address_asks_for(settings: Settings, first: str) -> None:
    assert led(f"/{first}", settings, b"group=riverside&list=done") == "/?group=riverside&list=done"
    assert [view for view in ROLE_NEEDED if led(f"/{view}", settings)] == [first]
    assert not led("/", settings)
    assert not led(f"/{first}", settings, method="POST")


def test_whoever_is_not_let_in_is_led_nowhere_and_sees_the_door() -> None:
    nobody = replace(SETTINGS, roles=(Role("organiser", who="hal@riverside.example"),))
    assert not any(led(f"/{view}", nobody) for view in ROLE_NEEDED)
    assert not any(led(f"/{view}", replace(SETTINGS, groups=())) for view in ROLE_NEEDED)


def test_the_first_page_is_the_first_in_the_side_bar() -> None:
    source = (Path(runtime.__file__).with_name("main.py")).read_text(encoding="utf-8")
    in_order = [view for view in re.findall(r'"(\w+)"', source.partition("VIEWS = ")[2]) if view in ROLE_NEEDED]
    assert set(in_order) == set(ROLE_NEEDED)
    for role in ("trustee", "groupworker"):
        open_to = [view for view in in_order if ROLE_NEEDED[view] in ("trustee", role)]
        assert open_to[0] == next(view for view in ROLE_NEEDED if view in open_to)
