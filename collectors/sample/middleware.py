"""The outer skin of a sample server: its clock, its log of requests, and its faults. Pure ASGI, one per server."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from collectors.sample.clock import Clock
from collectors.sample.faults import OUTRIGHT, SPOILERS, Fault, Faults

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Log in</title></head><body><form>Please log in</form></body></html>"

ROUND = "round=and-round"


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request that a server got."""

    at: datetime
    method: str
    path: str
    query: str
    headers: dict[str, str]


Failing = Callable[[int, Scope], Response]  # a status → the network's own answer with it


@dataclass(slots=True)
class ServerMiddleware:
    """Wraps an app. Puts the time into scope["now"]; `requests` are the last ten thousand, oldest first."""

    name: str
    app: ASGIApp
    clock: Clock
    faults: Faults
    failing: Failing
    reset_header: str
    requests: deque[LoggedRequest] = field(default_factory=lambda: deque(maxlen=10_000))
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        now = self.clock.now()
        scope["now"], scope["clock"] = now, self.clock
        if len(scope["path"]) > 1:
            scope["path"] = scope["path"].rstrip("/")
        method = scope.get("method", "WS")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self.requests.append(LoggedRequest(now, method, scope["path"], scope["query_string"].decode(), headers))
        if ROUND in scope["query_string"].decode():
            await _round(scope)(scope, receive, send)
            return
        fault = self.faults.take(self.name, method, scope["path"])
        if scope["type"] == "websocket":
            await (self._drop(send) if fault else self.app(scope, receive, send))
        elif fault is None:
            await self.app(scope, receive, _dated(send, now))
        else:
            await self._fail(fault, scope, receive, _dated(send, now), send)

    async def _fail(self, fault: Fault, scope: Scope, receive: Receive, send: Send, raw: Send) -> None:
        name = fault.kind.partition(":")[0]
        if name not in OUTRIGHT:
            await self._spoil(name, fault, scope, receive, send)
        elif name == "stall":
            await self._pause(fault.seconds)
            await self._drop(raw)
        elif name == "disconnect":
            await self._drop(raw)
        else:
            await self._instead(name, fault, scope)(scope, receive, send)

    def _instead(self, name: str, fault: Fault, scope: Scope) -> Response:
        if name == "login page":
            return HTMLResponse(LOGIN_PAGE)
        if name == "redirect loop":
            return _round(scope)
        response = self.failing(int(fault.argument) if name == "status" else 429, scope)
        if fault.kind == "429:no reset":
            del response.headers[self.reset_header]
        elif fault.kind == "429:bad reset":
            response.headers[self.reset_header] = "soon"
        return response

    async def _spoil(self, name: str, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if name == "stale":
            scope["now"] -= timedelta(seconds=int(fault.argument))
        start, body = await _answer(self.app, scope, receive)
        headers = dict(start["headers"])
        if name == "bad reset":
            headers[self.reset_header.lower().encode()] = b"soon"
        elif name == "stale":
            headers[b"age"] = fault.argument.encode()
            headers[b"date"] = format_datetime(scope["now"], usegmt=True).encode()
        elif name == "empty":
            body = b""
        elif name == "truncated":
            body = body[: len(body) // 2]
        elif name in SPOILERS and body:
            body = json.dumps(SPOILERS[name](json.loads(body), fault), ensure_ascii=False).encode()
        headers[b"content-length"] = str(len(body)).encode()
        await send({**start, "headers": list(headers.items())})
        if name == "cut":
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            return  # returning early makes uvicorn close the line
        if name == "drip":
            for place in range(len(body)):
                await send({"type": "http.response.body", "body": body[place : place + 1], "more_body": True})
                await self._pause(fault.seconds)
                if self.closing.is_set():
                    return
            body = b""
        await send({"type": "http.response.body", "body": body})

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.closing.wait(), seconds)
        except TimeoutError:
            return

    async def _drop(self, send: Send) -> None:
        """Close the line without a word. `send` is a method of uvicorn's request, which holds the transport."""
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()


def _round(scope: Scope) -> Response:
    """A redirect to itself, marked so that the loop goes on however often the fault was to happen."""
    query = scope["query_string"].decode().replace(ROUND, "").rstrip("&")
    return RedirectResponse(f"{scope['path']}?{query}{'&' if query else ''}{ROUND}", 302)


def _dated(send: Send, now: datetime) -> Send:
    """Adds Date by the server's own clock, where the answer has none."""
    date = format_datetime(now, usegmt=True).encode()

    async def with_date(message: Message) -> None:
        if message["type"] == "http.response.start" and not any(name == b"date" for name, _ in message["headers"]):
            message["headers"] = [*message["headers"], (b"date", date)]
        await send(message)

    return with_date


async def _answer(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[dict[str, Any], bytes]:
    """What the app answers, gathered instead of sent."""
    start: dict[str, Any] = {}
    parts: list[bytes] = []

    async def gather(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, gather)
    return start, b"".join(parts)
