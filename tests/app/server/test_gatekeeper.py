"""What comes in at all, over the real middleware one knock at a time."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from streamlit import config
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from app import rate_limit, runtime
from app.auth import permissions, sign_in_page
from app.errors import Stopped
from app.server.gatekeeper import PROXY_HEADER, Gatekeeper
from app.server.security_headers import SecurityHeaders
from tests.app.auth.test_permissions import ADDRESS, SIGN_IN, claims
from tests.support import village
from warehouse.settings import Group, Role, Secrets, Settings, SignIn

HOME = "https://mutuals.riverside.example"
BETWEEN_US = "twenty letters between us"
PROXY = SignIn(header="X-Forwarded-Email")
SETTINGS = Settings(
    groups=(Group("riverside", "Riverside"),),
    sign_in=SIGN_IN,
    roles=(Role("trustee", who=ADDRESS),),
    secrets=Secrets(sign_in=BETWEEN_US),
    dashboard_url=HOME,
)
FILE = "/media/0123.pdf"


async def _page(scope: Scope, _receive: Receive, send: Send) -> None:
    """What stands behind the gate, on every path."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "secret"})
        return
    answer = PlainTextResponse("secret")
    answer.set_cookie("_streamlit_user", "x", httponly=True)
    await answer(scope, _receive, send)


class Knock:
    """The two middlewares as the server stacks them, and somebody who asks."""

    def __init__(self, settings: Settings = SETTINGS, host: str = "mutuals.riverside.example") -> None:
        runtime.set_current(runtime.Runtime(settings, clock=lambda: village.NOW))
        self.host = host
        self.app = SecurityHeaders(Gatekeeper(_page), is_https=settings.dashboard_url.startswith("https"))

    def get(self, path: str, headers: Sequence[tuple[str, str]] = (), kind: str = "http") -> Response:
        """What comes back; over a line (kind="websocket") 101 where it opens, 403 where it is closed."""
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect" if kind == "websocket" else "http.request"}

        async def send(message: Any) -> None:
            sent.append(message)

        told = [(name.lower().encode(), value.encode()) for name, value in [("Host", self.host), *headers]]
        scope = {"type": kind, "method": "GET", "path": path, "headers": told, "query_string": b"",
                 "scheme": "http", "client": ("192.0.2.9", 1), "server": ("127.0.0.1", 8501)}  # fmt: skip
        asyncio.run(self.app(scope, receive, send))
        if kind == "websocket":
            return Response("", 101 if sent[0]["type"] == "websocket.accept" else 403)
        answer = Response(sent[1]["body"], sent[0]["status"])
        answer.raw_headers = sent[0]["headers"]
        return answer


@pytest.fixture(autouse=True)
def options() -> Iterator[None]:
    """Streamlit's own options as the server sets them, and a count from nought."""
    rate_limit.reset()
    before = {name: config.get_option(name) for name in ("server.allowedHosts", "server.cookieSecret")}
    config.set_option("server.allowedHosts", ["localhost", "127.0.0.1", "::1", "mutuals.riverside.example"])
    config.set_option("server.cookieSecret", "a secret of sixteen letters or more")
    yield
    for name, value in before.items():
        config.set_option(name, value)


def cookie(**change: object) -> dict[str, str]:
    """A cookie as Streamlit signs it when somebody signed in."""
    told = json.dumps({"origin": HOME, "provider": "default", **claims(**change)})
    return {
        "_streamlit_user": create_signed_value("a secret of sixteen letters or more", "_streamlit_user", told).decode()
    }


@pytest.mark.parametrize("host", ["evil.example", "mutuals.riverside.example.evil.example", "127.0.0.1.nip.example"])
def test_a_host_that_is_not_ours_gets_no_answer_but_the_cure(host: str) -> None:
    answer = Knock(host=host).get("/")
    assert answer.status_code == 421
    assert b"dashboard_url" in answer.body
    assert Knock(host=host).get("/_stcore/stream", kind="websocket").status_code == 403


@pytest.mark.parametrize("host", ["mutuals.riverside.example", "127.0.0.1:8501", "[::1]:8501", "localhost"])
def test_a_host_of_ours_does(host: str) -> None:
    assert Knock(host=host).get("/").body == b"secret"


def test_whether_it_is_alive_may_be_asked_by_anybody() -> None:
    assert Knock(host="10.0.0.7").get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "told",
    [
        {},
        cookie(email="stranger@riverside.example"),
        cookie(iat=1),
        cookie(aud="other"),
        cookie(email_verified=False),
        {"_streamlit_user": "forged"},
        {"_streamlit_user": cookie()["_streamlit_user"][:-3] + "xyz"},
    ],
)
def test_a_file_is_handed_to_nobody_without_a_role(told: dict[str, str]) -> None:
    answer = Knock().get(FILE, [("Cookie", "; ".join(f"{name}={value}" for name, value in told.items()))])
    assert (answer.status_code, answer.body) == (403, b"Sign in first.")


def test_a_file_is_handed_to_whoever_signed_in_and_has_a_role() -> None:
    name, value = next(iter(cookie().items()))
    assert Knock().get(FILE, [("Cookie", f"{name}={value}")]).body == b"secret"
    without = replace(SETTINGS, roles=(Role("trustee", who="hal@riverside.example"),))
    assert Knock(without).get(FILE, [("Cookie", f"{name}={value}")]).status_code == 403


def test_a_sign_in_that_was_ended_gets_no_file(tmp_path: Path) -> None:
    name, value = next(iter(cookie().items()))
    asked = Knock(replace(SETTINGS, data_dir=tmp_path))
    assert asked.get(FILE, [("Cookie", f"{name}={value}")]).status_code == 200
    runtime.current().claims = lambda: {**claims(), "is_logged_in": True}  # type: ignore[method-assign]
    permissions.sign_out(permissions.current_identity())
    assert asked.get(FILE, [("Cookie", f"{name}={value}")]).status_code == 403


def test_a_cookie_made_of_pieces_of_two_sign_ins_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.dumps({"origin": HOME, "provider": "default", **claims()})
    middle = len(told) // 2

    def signed(name: str, value: str, at: float) -> str:
        monkeypatch.setattr("itsdangerous.timed.time.time", lambda: at)
        return create_signed_value("a secret of sixteen letters or more", name, value).decode()

    def asked(second_at: float) -> Response:
        parts = [signed("_streamlit_user", "chunks-2", 1e9), signed("_streamlit_user_1", told[:middle], 1e9),
                 signed("_streamlit_user_2", told[middle:], second_at)]  # fmt: skip
        names = ("_streamlit_user", "_streamlit_user_1", "_streamlit_user_2")
        header = [("Cookie", "; ".join(f"{name}={part}" for name, part in zip(names, parts, strict=True)))]
        assert Knock().get("/_stcore/stream", header, kind="websocket").status_code == (
            101 if second_at == 1e9 else 403
        )
        assert Knock().get("/auth/logout", header).status_code == 200  # the way out stays open
        return Knock().get(FILE, header)

    assert asked(1e9).body == b"secret"
    assert b"pieces" in asked(1e9 - 3600).body


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/interact"])
def test_what_nobody_here_needs_is_closed(path: str) -> None:
    assert Knock().get(path).status_code == 404


def test_a_household_is_counted_once_however_many_addresses_it_has() -> None:
    assert not any(rate_limit.exceeds_limit("sign in", f"2001:db8:1:2::{n:x}") for n in range(20))
    assert rate_limit.exceeds_limit("sign in", "2001:db8:1:2:ffff::1")
    assert not rate_limit.exceeds_limit("sign in", "2001:db8:1:3::1")


def test_whoever_knocks_too_often_has_to_wait() -> None:
    asked = Knock()
    answers = [asked.get("/auth/login").status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    assert asked.get("/auth/login").headers["Retry-After"] == "60"
    assert asked.get("/").status_code == 200  # pages go on


def test_nobody_is_counted_where_nobody_signs_in() -> None:
    asked = Knock(replace(SETTINGS, sign_in=SignIn()))
    assert {asked.get("/auth/login").status_code for _ in range(40)} == {200}


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("X-Forwarded-Email", ADDRESS)],
        [("X-Forwarded-Email", ADDRESS), (PROXY_HEADER, "guessed")],
        [("X-Forwarded-Email", "hal@riverside.example"), ("X-Forwarded-Email", ADDRESS), (PROXY_HEADER, BETWEEN_US)],
    ],
)
def test_nobody_comes_in_beside_the_proxy(headers: list[tuple[str, str]]) -> None:
    asked = Knock(replace(SETTINGS, sign_in=PROXY))
    assert asked.get("/", headers).status_code == 403
    assert asked.get(FILE, headers).status_code == 403
    assert asked.get("/_stcore/stream", headers, kind="websocket").status_code == 403


def test_whom_the_proxy_signed_in_comes_in() -> None:
    asked = Knock(replace(SETTINGS, sign_in=PROXY))
    proxy = (PROXY_HEADER, BETWEEN_US)
    told = [("X-Forwarded-Email", ADDRESS), proxy]
    assert asked.get(FILE, told).body == b"secret"
    assert asked.get("/", [proxy]).body == b"secret"  # the page then shows the door
    assert asked.get(FILE, [proxy]).status_code == 403
    assert asked.get("/_stcore/stream", told, kind="websocket").status_code == 101


def test_the_proxy_tells_whose_knocks_to_count() -> None:
    asked = Knock(replace(SETTINGS, sign_in=PROXY))
    proxy = (PROXY_HEADER, BETWEEN_US)
    for _ in range(20):
        asked.get("/auth/login", [proxy, ("X-Forwarded-For", "9.9.9.9, 192.0.2.1")])
    assert asked.get("/auth/login", [proxy, ("X-Forwarded-For", "8.8.8.8, 192.0.2.1")]).status_code == 429
    assert asked.get("/auth/login", [proxy, ("X-Forwarded-For", "192.0.2.2")]).status_code == 200


def test_cookies_go_over_https_alone_where_the_dashboard_does() -> None:
    answer = Knock().get("/")
    assert "; Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    local = Knock(replace(SETTINGS, dashboard_url="http://127.0.0.1:8501"), "127.0.0.1").get("/")
    assert "Secure" not in local.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in local.headers


def test_whoever_is_refused_gets_the_safe_headers_too() -> None:
    assert Knock(host="evil.example").get("/").headers["X-Frame-Options"] == "DENY"


def test_streamlit_gets_the_secrets_of_the_sign_in_and_cookies_outlive_a_restart(tmp_path: object) -> None:
    told = sign_in_page.streamlit_secrets(replace(SETTINGS, data_dir=tmp_path))["auth"]  # type: ignore[arg-type]
    assert told["redirect_uri"] == f"{HOME}/oauth2callback"
    assert told["server_metadata_url"] == "https://login.example/.well-known/openid-configuration"
    assert told["client_secret"] == BETWEEN_US
    assert len(told["cookie_secret"]) >= 32
    assert sign_in_page.streamlit_secrets(replace(SETTINGS, data_dir=tmp_path))["auth"] == told  # type: ignore[arg-type]
    assert not sign_in_page.streamlit_secrets(replace(SETTINGS, sign_in=PROXY))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"secrets": Secrets()}, "lacks its secret"),
        ({"secrets": Secrets(), "sign_in": PROXY}, "X-Mutuals-Proxy"),
        ({"secrets": Secrets(sign_in="short"), "sign_in": PROXY}, "openssl rand"),
        ({"roles": ()}, "mutuals roles add"),
        ({"roles": (Role("organiser", who=ADDRESS, groups=("riverside",)),)}, "mutuals roles add"),
    ],
)
def test_a_dashboard_that_nobody_could_use_does_not_start_and_says_the_cure(change: dict[str, Any], said: str) -> None:
    with pytest.raises(Stopped, match=said):
        sign_in_page.check_settings(replace(SETTINGS, **change))


def test_a_dashboard_with_an_organiser_starts() -> None:
    sign_in_page.check_settings(replace(SETTINGS, roles=(Role("organiser", who=ADDRESS),)))
    sign_in_page.check_settings(Settings())
