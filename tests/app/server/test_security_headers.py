"""Who may talk to the dashboard: pages of its own, from its own address and port."""

import asyncio
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from app.server.security_headers import SecurityHeaders

HOME = "127.0.0.1:8501"
ELSEWHERE = ["http://127.0.0.1:3000", "http://localhost:8501", "https://evil.example", "null", "http://127.0.0.1"]


def sent(kind: str, origin: str | None, method: str = "GET", path: str = "/_stcore/stream") -> list[dict[str, Any]]:
    """What leaves when somebody knocks, with a page behind the door that says "secret"."""
    out: list[dict[str, Any]] = []

    async def page(_scope: Scope, _receive: Receive, send: Send) -> None:
        if kind == "websocket":
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.send", "text": "secret"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"secret"})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        out.append(message)

    headers = [(b"host", HOME.encode()), *([(b"origin", origin.encode())] if origin else [])]
    scope = {"type": kind, "method": method, "path": path, "headers": headers}
    asyncio.run(SecurityHeaders(page, is_https=False)(scope, receive, send))
    return out


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_page_of_another_port_or_name_cannot_open_the_line_or_send(origin: str) -> None:
    assert "secret" not in str(sent("websocket", origin))
    assert sent("websocket", origin)[0]["type"] == "websocket.close"
    assert sent("http", origin, "POST")[0]["status"] == 403


def test_the_dashboard_s_own_page_can() -> None:
    assert "secret" in str(sent("websocket", f"http://{HOME}"))
    assert "secret" in str(sent("http", f"http://{HOME}", "POST"))


def test_reading_by_a_link_from_elsewhere_is_just_a_page() -> None:
    assert "secret" in str(sent("http", "https://news.example"))
    assert "secret" in str(sent("http", None, "POST"))


def test_what_was_downloaded_is_kept_by_nobody_on_the_way() -> None:
    headers = dict(sent("http", None, path="/media/0123.zip")[0]["headers"])
    assert headers[b"cache-control"] == b"no-store"
    assert b"cache-control" not in dict(sent("http", None, path="/")[0]["headers"])
