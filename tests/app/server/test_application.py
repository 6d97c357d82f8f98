"""The web server around the pages."""

import asyncio
import gzip
import logging
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from app import streamlit_internals
from app.auth import display_name
from app.errors import Stopped
from app.request_queue import keyboard
from app.runtime import Runtime
from app.server import application, bind_address, compression, security_headers
from tests.support.dashboard_process import dashboard
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def client(published: Settings) -> Iterator[httpx.Client]:
    """The real server, over HTTP."""
    with dashboard(published.data_dir) as address, httpx.Client(base_url=address) as client:
        yield client


def test_healthz_answers_and_says_nothing_of_any_group(client: httpx.Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere", "/static/nothing.js"])
def test_every_answer_carries_the_headers(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_policy_names_no_other_host_and_allows_no_made_up_script() -> None:
    policy = security_headers.content_security_policy()
    assert not re.search(r"https?://|\*", policy)
    assert "'unsafe-eval'" not in policy
    script = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "'unsafe-inline'" not in script
    assert "'sha256-" in script


def test_the_plotly_script_travels_packed_and_arrives_whole(client: httpx.Client) -> None:
    path = next((streamlit_internals.STATIC_FOLDER / "js").glob("PlotlyChart.*.js"))
    answer = client.get(f"/static/js/{path.name}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) < path.stat().st_size / 3
    assert answer.content == path.read_bytes()
    plain = client.get(f"/static/js/{path.name}", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(compression.compressed(path)) == plain.content


@pytest.mark.parametrize("path", ["/static/js/../../index.html", "/static/%2e%2e/index.html", "/static//etc/passwd"])
def test_packing_hands_out_nothing_from_elsewhere(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert "root:" not in answer.text
    assert answer.headers.get("Content-Encoding") != "gzip" or answer.headers["Content-Type"].startswith("text/html")


def test_the_keyboards_script_is_our_own_file_and_asked_for_anew_after_an_upgrade(client: httpx.Client) -> None:
    answer = client.get(keyboard.PATH)
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.text == Path(keyboard.__file__).with_name("keyboard.js").read_text(encoding="utf-8")


def test_a_browser_remembers_a_name_only_from_our_own_link(client: httpx.Client) -> None:
    assert client.get("/remember?name=Mallory&sign=00").status_code == 403
    assert client.get("/remember?name=Mallory").status_code == 403
    assert client.get(display_name.cookie_image_url("signed by another process")).status_code == 403
    assert not client.cookies


def test_the_cookie_keeps_a_name_in_any_script() -> None:
    query = display_name.cookie_image_url("Dee & Żaneta; x=1").partition("?")[2].encode()
    scope = {"type": "http", "scheme": "http", "method": "GET", "path": "/remember", "query_string": query}
    request = Request(scope | {"headers": [], "server": ("127.0.0.1", 8501)})
    answer = asyncio.run(display_name.set_name_cookie(request))
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    value = cookie.partition("=")[2].partition(";")[0].strip('"')
    assert display_name.name_in_cookies({display_name.COOKIE: value}) == "Dee & Żaneta; x=1"


def test_a_name_is_one_short_line() -> None:
    assert (
        display_name.tidy_name("  Dee\n\x00<b> \u202e" + "x" * 99) == ("Dee <b> " + "x" * 99)[: display_name.MAX_LENGTH]
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "mutuals.example"])  # noqa: S104
def test_another_computers_address_is_refused_with_the_cure(host: str) -> None:
    with pytest.raises(Stopped, match=r"nobody signs in.*ssh -L"):
        application.serve(Runtime(Settings()), host, 8501)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.9"])
def test_this_computers_address_is_fine(host: str) -> None:
    assert bind_address.is_loopback(host)


def test_a_port_in_use_is_said_with_the_cure() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Stopped, match=rf"Port {port} is taken.*--port {port + 1}"):
            application.serve(Runtime(Settings()), "127.0.0.1", port)


def test_the_safe_options_are_known_to_streamlit() -> None:
    from streamlit.web.server.starlette.starlette_app import _validate_run_config

    chosen = _validate_run_config(application.streamlit_options("127.0.0.1", 8501, Settings()))
    assert chosen["browser.gatherUsageStats"] is False
    assert chosen["server.address"] == chosen["browser.serverAddress"] == "127.0.0.1"
    assert "streamlit.io" not in str(chosen)


def test_a_failed_page_is_logged_without_what_it_was_showing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert application._say_that_it_failed(ValueError("the words of a post"))
    assert "ValueError" in caplog.text
    assert "words of a post" not in caplog.messages[-1]


@pytest.mark.parametrize(
    ("message", "args", "said"),
    [
        (
            "Error during authentication: %s. Error description: %s",
            ("access_denied", "dee@riverside.example"),
            "access_denied",
        ),
        ("Error during authentication: %s. Error description: %s", ("Call 0800 now\n", "x"), "a sign-in did not work"),
        ("OAuth token exchange failed for provider '%s'. Clearing auth cookies.", ("default",), "default (ValueError)"),
    ],
)
def test_a_sign_in_that_failed_is_logged_without_what_a_stranger_wrote(
    message: str, args: tuple[str, ...], said: str, caplog: pytest.LogCaptureFixture
) -> None:
    log = logging.getLogger("tests.signing")
    log.addFilter(application._without_what_a_stranger_said)
    try:
        raise ValueError("the token was eyJhbGciOi")
    except ValueError:
        log.error(message, *args, exc_info="OAuth" in message)  # noqa: TRY400
    assert caplog.text.strip().endswith(said)
    assert "eyJ" not in caplog.text
    assert "0800" not in caplog.text
    assert "riverside" not in caplog.text
