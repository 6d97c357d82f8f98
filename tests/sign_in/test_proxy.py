"""Behind a proxy that signs people in: who it says, and nobody who goes round it or writes its header themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.sign_in.dashboard import GROUPS, HILLSIDE, RIVERSIDE, ROLES, SECONDS_TO_NOTICE, Served, free_port, served
from tests.sign_in.http_session import Person
from tests.sign_in.provider import SECRET
from tests.sign_in.proxy import PASSWORD, nginx, password
from tests.sign_in.setup import DEE, HAL, NOBODY, TESS

pytestmark = pytest.mark.signin


@dataclass(slots=True, frozen=True)
class Gate:
    """A dashboard and the proxy in front of it."""

    outside: str
    dashboard: Served


@contextmanager
def gate_of(built: Path, folder: Path) -> Iterator[Gate]:
    inside, outside = free_port(), free_port()
    settings = f'[app]\ndashboard_url = "http://127.0.0.1:{outside}"\n[sign_in]\nheader = "X-Forwarded-Email"\n'
    with (
        served(built, folder / "data", inside, settings + GROUPS + ROLES) as dashboard,
        nginx(folder / "nginx", outside, dashboard.address, [DEE, HAL, TESS, NOBODY]) as address,
    ):
        yield Gate(address, dashboard)


@pytest.fixture(scope="module")
def gate(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    with gate_of(built, tmp_path_factory.mktemp("gate")) as gate:
        yield gate


def seen(person: Person, headers: dict[str, str], **how: Any) -> str:
    """What a line shows; "" where it is refused."""
    try:
        with person.line(headers=headers, **how) as line:
            return line.ask("waiting", "group=riverside") + line.ask("summary")
    except (InvalidStatus, httpx.HTTPError):
        return ""


def words(shown: str) -> list[str]:
    return [word for word in (*RIVERSIDE, *HILLSIDE, "Carers’ Circle") if word in shown]


def test_in_a_browser_through_the_proxy_each_sees_their_own(gate: Gate, browser: Any) -> None:
    for who, there, gone in ((HAL, RIVERSIDE[0], "Hillside"), (TESS, "Summary", RIVERSIDE[0])):
        context = browser.new_context(http_credentials={"username": who, "password": PASSWORD})
        page = context.new_page()
        page.goto(gate.outside)
        page.get_by_text(there).first.wait_for()
        assert gone not in page.content()
        context.close()


def test_whom_nobody_let_in_stays_out_and_is_told(gate: Gate, browser: Any) -> None:
    context = browser.new_context(http_credentials={"username": NOBODY, "password": PASSWORD})
    page = context.new_page()
    page.goto(gate.outside)
    page.get_by_text("nobody has let you in yet").wait_for()
    context.close()


def test_taken_out_an_open_page_behind_the_proxy_is_emptied(built: Path, tmp_path: Path, browser: Any) -> None:
    with gate_of(built, tmp_path) as gate:
        _is_emptied(gate, browser)


def _is_emptied(gate: Gate, browser: Any) -> None:
    context = browser.new_context(http_credentials={"username": HAL, "password": PASSWORD})
    page = context.new_page()
    page.goto(gate.outside)
    page.get_by_text(RIVERSIDE[0]).wait_for()
    gate.dashboard.change(HAL, "somebody@else.example")
    page.get_by_text("nobody has let you in yet").wait_for(timeout=SECONDS_TO_NOTICE * 1000)
    assert words(page.content()) == []
    context.close()


def test_the_header_that_somebody_writes_themselves_is_replaced(gate: Gate) -> None:
    with Person(gate.outside) as tess:
        lie = password(TESS) | {"X-Forwarded-Email": DEE, "x-forwarded-email": DEE, "X_Forwarded_Email": DEE}
        shown = seen(tess, lie)
    assert "Summary" in shown
    assert [word for word in (*RIVERSIDE, *HILLSIDE) if word in shown] == []


def test_without_the_proxy_s_password_there_is_nothing(gate: Gate) -> None:
    with Person(gate.outside) as stranger:
        assert stranger.http.get("/").status_code == 401
        assert words(seen(stranger, {})) == []


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"X-Forwarded-Email": DEE}, {"X-Forwarded-Email": DEE, "X-Mutuals-Proxy": ""},
        {"X-Forwarded-Email": DEE, "X-Mutuals-Proxy": SECRET[:-1]}, {"X-Forwarded-Email": DEE, "X_Mutuals_Proxy": SECRET},
        {"X-Forwarded-Email": DEE, "X-Mutuals-Proxy": SECRET[1:]},
        {"X-Forwarded-Email": DEE, "Cookie": f"X-Mutuals-Proxy={SECRET}"},
    ],
    ids=str,
)  # fmt: skip
def test_whoever_goes_round_the_proxy_is_refused(gate: Gate, headers: dict[str, str]) -> None:
    with Person(gate.dashboard.address) as somebody:
        for path in ("/", "/waiting", "/media/x", "/_stcore/health", "/unsubscribe", "/_stcore/host-config"):
            answer = somebody.http.get(path, headers=headers)
            assert answer.status_code == 403, path
            assert words(answer.text) == []
        with pytest.raises(InvalidStatus), somebody.line(cookie="none", headers=headers) as line:
            line.ask()
        assert somebody.http.get("/healthz", headers=headers).json() == {"status": "ok"}


def test_a_second_header_beside_the_proxy_s_is_refused(gate: Gate) -> None:
    """A proxy that adds instead of replacing would hand on what somebody wrote."""
    told = [("X-Mutuals-Proxy", SECRET), ("X-Forwarded-Email", DEE), ("X-Forwarded-Email", TESS)]
    answer = httpx.get(f"{gate.dashboard.address}/", headers=told)
    assert answer.status_code == 403
    commas = {"X-Mutuals-Proxy": SECRET, "X-Forwarded-Email": f"{DEE}, {TESS}"}
    with Person(gate.dashboard.address) as somebody:
        assert words(seen(somebody, commas)) == []


def test_there_is_no_way_to_a_provider_and_no_cookie_that_counts(gate: Gate) -> None:
    with Person(gate.outside) as tess:
        tess.http.headers.update(password(TESS))
        for path in ("/auth/login", "/auth/logout", "/oauth2callback?code=x&state=y"):
            answer = tess.http.get(path)
            assert answer.status_code < 500
            assert answer.headers.get("Location", "/").startswith("/")
        shown = seen(
            tess, password(TESS), cookie='_streamlit_user={"email": "dee@riverside.example", "is_logged_in": true}'
        )
    assert [word for word in (*RIVERSIDE, *HILLSIDE) if word in shown] == []


def test_the_log_behind_the_proxy_holds_no_secret_and_no_address(gate: Gate) -> None:
    with Person(gate.outside) as hal:
        assert RIVERSIDE[0] in seen(hal, password(HAL))
    said = gate.dashboard.said()
    assert SECRET not in said
    assert "@riverside.example" not in said
