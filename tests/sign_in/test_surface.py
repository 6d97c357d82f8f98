"""Every answer carries the headers that keep others out, for its own name only, and nobody knocks too often."""

import re
import socket
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.sign_in.dashboard import RIVERSIDE, Served
from tests.sign_in.setup import DEE, House

pytestmark = pytest.mark.signin

ALWAYS = {
    "Content-Security-Policy": re.compile(r"default-src 'self'.*frame-ancestors 'none'"),
    "X-Frame-Options": re.compile("DENY"),
    "X-Content-Type-Options": re.compile("nosniff"),
    "Referrer-Policy": re.compile("no-referrer"),
    "Cross-Origin-Opener-Policy": re.compile("same-origin"),
    "Permissions-Policy": re.compile(r"camera=\(\)"),
}
ROUTES = [
    "/", "/waiting", "/summary", "/no/such/page", "/favicon.png", "/media/none.zip", "/static/none.js", "/auth/login",
    "/auth/logout", "/oauth2callback", "/oauth2callback?error=access_denied", "/healthz", "/_stcore/health",
    "/_stcore/host-config", "/_stcore/metrics",
    "/_stcore/agent/interact", "/_stcore/agent/openapi.json", "/_stcore/upload_file/x/y", "/component/x/y", "/app/static/x",
    "/keyboard.js", "/remember", "/unsubscribe", "/unsubscribe?who=x", "/_stcore/stream",
]  # fmt: skip


UNASKED = ["clear_cache", "load_git_info", "set_run_on_save", "debug_shutdown_runtime", "debug_disconnect_websocket"]


def lacking(answer: httpx.Response) -> list[str]:
    """The headers that are not there, or not as they should be."""
    return [name for name, wanted in ALWAYS.items() if not wanted.search(answer.headers.get(name, ""))]


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_has_the_headers(house: House, route: str) -> None:
    with house.person() as stranger:
        for method in ("GET", "HEAD", "POST", "OPTIONS", "TRACE", "PROPFIND"):
            answer = stranger.http.request(method, route)
            assert lacking(answer) == [], (method, route, answer.status_code)
            assert answer.status_code < 500 or answer.status_code == 501


def test_the_page_s_own_files_have_them_too(house: House) -> None:
    with house.person() as stranger:
        page = stranger.http.get("/").text
        found = re.findall(r'(?:src|href)="\.?(/?[\w./-]+\.(?:js|css|png|woff2))"', page)
        assert len(found) >= 2
        for file in found:
            answer = stranger.http.get("/" + file.lstrip("/"))
            assert answer.is_success
            assert lacking(answer) == []


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "0.0.0.0:80"])
def test_it_answers_to_its_own_name_only(house: House, name: str) -> None:
    """Else a page elsewhere could have its own name lead here, and read what the reader's browser may read."""
    with house.person() as stranger:
        for route in ROUTES:
            if route == "/healthz":  # says that the process is alive, and nothing else
                continue
            answer = stranger.http.get(route, headers={"Host": name})
            assert answer.status_code in (400, 421), (route, answer.status_code)
            assert lacking(answer) == [] or answer.status_code == 400
        with pytest.raises(InvalidStatus), stranger.line(headers={"Host": name}) as line:
            line.ask()


def raw(dashboard: Served, asked: bytes) -> bytes:
    """What comes back for these bytes."""
    parts = urlsplit(dashboard.address)
    assert parts.hostname is not None
    with socket.create_connection((parts.hostname, parts.port or 80), 10) as line:
        line.sendall(asked)
        line.shutdown(socket.SHUT_WR)
        came = b""
        while part := line.recv(65536):
            came += part
    return came


def test_two_names_at_once_or_a_whole_address_for_a_path_do_not_confuse_it(house: House) -> None:
    own = urlsplit(house.dashboard.address).netloc.encode()
    for asked in (
        b"GET http://evil.example/waiting HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /waiting HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: " + own + b"\r\n\r\n",
        b"GET /waiting HTTP/1.1\r\nHost: " + own + b"\r\nHost: evil.example\r\n\r\n",
        b"GET /waiting HTTP/1.0\r\n\r\n",
    ):
        status = raw(house.dashboard, asked).split(b"\r\n")[0]
        assert b" 200 " not in status, (asked, status)


def statuses(client: httpx.Client, path: str, count: int) -> list[int]:
    return [client.get(path).status_code for _ in range(count)]


@pytest.mark.parametrize("path", ["/auth/login", "/oauth2callback?state=x&code=y", "/unsubscribe?who=x", "/media/none"])
def test_whoever_knocks_too_often_is_asked_to_wait(house: House, path: str) -> None:
    with house.person() as eager, house.person() as other:
        met = statuses(eager.http, path, 70)
        assert met[0] != 429
        assert met[-1] == 429
        answer = eager.http.get(path)
        assert int(answer.headers["Retry-After"]) > 0
        assert lacking(answer) == []
        assert "Wait" in answer.text
        assert other.http.get(path).status_code != 429, "somebody else is not asked to wait"
        assert eager.http.get("/").is_success


def test_saying_that_one_asks_for_somebody_else_is_no_way_round(house: House) -> None:
    with house.person() as eager:
        for number in range(40):
            told = {
                "X-Forwarded-For": f"10.0.0.{number}",
                "Forwarded": f"for=10.0.0.{number}",
                "X-Real-IP": f"10.0.0.{number}",
            }
            status = eager.http.get("/auth/login", headers=told).status_code
        assert status == 429


def test_a_flood_of_lines_is_cut_off(house: House) -> None:
    with house.person() as eager:
        refused = 0
        for _ in range(130):
            try:
                with eager.line(cookie="none"):
                    pass
            except InvalidStatus:
                refused += 1
        assert refused > 0


def test_a_stranger_s_line_changes_nothing_for_others_and_learns_nothing(house: House) -> None:
    """Streamlit's lines can also empty everybody's cache, and tell of the folder that the program runs from."""
    with house.person() as dee, house.person() as stranger:
        dee.sign_in(DEE)
        with dee.line() as line, stranger.line() as other:
            line.ask()
            other.ask()
            for kind in UNASKED:
                other.send(kind)
            came = other.read_for(2)
            assert "git" not in came
            assert "untracked" not in came
            assert RIVERSIDE[0] in line.ask()
