"""What the way to the provider and back answers: whoever is not let in is told so at the door."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.types import Receive, Scope, Send

from app import runtime
from app.auth.oidc_callback import FAILED, OidcCallback
from tests.app.auth.test_identity import NOW, settings


@pytest.fixture(autouse=True)
def _running() -> Iterator[None]:
    runtime.set_current(runtime.Runtime(settings(), clock=lambda: NOW))
    yield
    runtime._running.clear()


def answered(
    path: str, status: int, *cookies: str, body: bytes = b"", **told: str
) -> tuple[int, dict[str, str], bytes]:
    """What leaves when Streamlit answers like this; its body is never seen where it failed."""
    out: list[Any] = []

    async def streamlit(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"location", b"/"), (b"content-length", str(len(body)).encode())]
        headers += [(b"set-cookie", cookie.encode()) for cookie in cookies]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def send(message: Any) -> None:
        out.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": path, "query_string": urlencode(told).encode(), "headers": []}
    asyncio.run(OidcCallback(streamlit)(scope, receive, send))
    start, *rest = out
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], headers, b"".join(message.get("body", b"") for message in rest)


def test_who_is_signed_in_goes_on_to_the_page() -> None:
    status, headers, _ = answered("/oauth2callback", 302, "_streamlit_user=x; Path=/", code="c", state="s")
    assert (status, headers["location"]) == (302, "/")


@pytest.mark.parametrize(
    "cookies", [(), ('_streamlit_user=""; expires=Thu; Max-Age=0; Path=/',), ("_streamlit_user_tokens=x",)]
)
def test_an_answer_after_which_nobody_is_signed_in_is_said_at_the_door(cookies: tuple[str, ...]) -> None:
    _, headers, _ = answered("/oauth2callback", 302, *cookies, code="c", state="s")
    assert headers["location"] == FAILED


def test_coming_back_from_signing_out_is_no_failure() -> None:
    assert answered("/oauth2callback", 302)[1]["location"] == "/"


def test_a_provider_that_cannot_be_asked_is_no_bare_word_on_a_white_page() -> None:
    status, headers, body = answered("/auth/login", 400, body=b"Authentication error")
    assert (status, headers["location"], headers["content-length"], body) == (302, FAILED, "0", b"")


def test_on_the_way_to_the_provider_nothing_is_changed() -> None:
    assert answered("/auth/login", 302, "_streamlit_session=x")[1]["location"] == "/"


@pytest.mark.parametrize(
    ("told", "logged"),
    [
        (
            {"error": "access_denied", "error_description": "hal@riverside.example said no"},
            "the provider says access_denied",
        ),
        ({"error": "no\nhal@riverside.example"}, "the provider says no"),
        ({"iss": "https://evil.example", "code": "c"}, "another provider answered"),
    ],
)
def test_a_refusal_is_logged_without_what_anybody_could_write_into_the_address(
    told: dict[str, str], logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        _, headers, _ = answered("/oauth2callback", 302, "_streamlit_user=never asked", **told)
    assert headers["location"] == FAILED
    assert caplog.messages == [f"a sign-in failed: {logged}"]


def test_the_provider_may_say_that_it_is_itself() -> None:
    _, headers, _ = answered("/oauth2callback", 302, "_streamlit_user=x", code="c", iss="https://login.example/")
    assert headers["location"] == "/"


def test_other_addresses_are_left_alone() -> None:
    assert answered("/waiting", 404, body=b"none", code="c")[2] == b"none"
