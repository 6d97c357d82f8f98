"""Somebody at the dashboard without a browser: signs in over HTTP, and speaks the page's own protocol as an attacker would.

What a browser would never send can be sent here: any page, any address, any press on any button, with any cookies.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Self

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

FORM = re.compile(r'action="(/interaction/[^"]+)"')
_numbers = count(2)


def _address() -> str:
    """An address of this computer that nobody else knocks from, so that one person's knocks are not counted as another's."""
    number = next(_numbers)
    return f"127.0.{number // 250}.{number % 250 + 1}" if sys.platform == "linux" else "127.0.0.1"


class Person:
    """A browser's cookies and nothing else of it."""

    def __init__(self, dashboard: str) -> None:
        self.dashboard = dashboard
        self.address = _address()
        transport = httpx.HTTPTransport(local_address=self.address)
        self.http = httpx.Client(base_url=dashboard, timeout=60, mounts={dashboard: transport})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.http.close()

    def knock(self) -> httpx.Response:
        """Press “Sign in” at the door; the answer that sends the browser to the provider, not yet followed."""
        with self.line() as line:
            line.ask()
            line.ask(press=line.widgets["Sign in"])
        assert line.sent_to is not None, "the door sends nobody anywhere"
        return self.http.get(line.sent_to)

    def authorise(self, email: str, to: str) -> httpx.Response:
        """Say at the provider who one is; the answer that sends the browser back to the dashboard, not yet followed."""
        answer = self.http.get(to)
        for _ in range(9):
            found = FORM.search(answer.text)
            if found:
                answer = self.http.post(answer.url.join(found[1]), data={"email": email})
            where = answer.headers.get("Location", "")
            if not where or where.startswith(self.dashboard):
                return answer
            answer = self.http.get(answer.url.join(where))
        raise AssertionError("the provider sends us round in circles")

    def sign_in(self, email: str) -> httpx.Response:
        """All the way; the dashboard's answer to what the provider sends the browser back with."""
        sent = self.knock()
        assert sent.is_redirect, sent.text
        back = self.authorise(email, sent.headers["Location"])
        return self.http.get(back.headers["Location"])

    def cookie(self) -> str:
        """The dashboard's cookies: what a thief would take."""
        ours = [one for one in self.http.cookies.jar if one.domain in self.dashboard]
        return "; ".join(f"{one.name}={one.value}" for one in ours)

    @contextmanager
    def line(
        self,
        cookie: str | None = None,
        origin: str | None = None,
        headers: Mapping[str, str] | None = None,
        resume: str = "",
    ) -> Iterator["Line"]:
        """A line to the pages, opened with these cookies (default: one's own). `origin`: of which page; "": none is named.

        `resume`: go on with the session of this id.
        """
        self.http.get("/_stcore/health")  # gives the token that the page has to show
        sent = self.cookie() if cookie is None else cookie
        token = re.search(r"_streamlit_xsrf=([^;]+)", sent)
        line = connect(
            f"{self.dashboard.replace('http', 'ws', 1)}/_stcore/stream",
            additional_headers={"Cookie": sent, **(headers or {})},
            origin=self.dashboard if origin is None else origin or None,  # type: ignore[arg-type]
            subprotocols=["streamlit", token[1] if token else "none", *([resume] if resume else [])],  # type: ignore[list-item]
            max_size=None,
            proxy=None,
            open_timeout=60,
            source_address=(self.address, 0),
        )
        with line:
            yield Line(line)


@dataclass(slots=True)
class Line:
    """An open line; all that ever came through it."""

    connection: ClientConnection
    came: list[bytes] = field(default_factory=list)
    widgets: dict[str, str] = field(default_factory=dict)  # label → id, of the buttons seen
    files: dict[str, str] = field(default_factory=dict)  # label → id, of what may be downloaded
    pages: list[str] = field(default_factory=list)  # what the side bar lists, by its address
    scripts: dict[str, str] = field(default_factory=dict)  # the same → the number by which a browser asks for it
    session: str = ""  # its id
    sent_to: str | None = None  # where the page sent the browser

    def ask(
        self, page: str = "", query: str = "", press: str | None = None, script: str = "", fragment: str = ""
    ) -> str:
        """Run a page; all that was shown meanwhile, as one text. `press`: the id of a button."""
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.page_script_hash = script
        asked.rerun_script.query_string = query
        asked.rerun_script.fragment_id = fragment
        if press is not None:
            asked.rerun_script.widget_states.widgets.add(id=press, trigger_value=True)
        self.connection.send(asked.SerializeToString())
        return self.read_until_done()

    def send(self, kind: str) -> None:
        """Say something that is no request for a page: the name of a yes-or-no field of BackMsg."""
        self.connection.send(BackMsg(**{kind: True}).SerializeToString())

    def take(self, file_id: str) -> str:
        """Press a download; the file's address, or "" where there is none."""
        asked = BackMsg()
        asked.backend_operation_request.request_id = asked.backend_operation_request.session_id = self.session
        asked.backend_operation_request.deferred_file.file_id = file_id
        self.connection.send(asked.SerializeToString())
        while True:
            message = self._next(60)
            if message.HasField("backend_operation_response"):
                return message.backend_operation_response.deferred_file.url

    def read_until_done(self, seconds: float = 60) -> str:
        """What comes until a page has been drawn."""
        shown = []
        while True:
            message = self._next(seconds)
            shown.append(self.came[-1].decode(errors="replace"))
            if message.WhichOneof("type") == "script_finished" and message.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            ):
                return "\n".join(shown)

    def read_for(self, seconds: float) -> str:
        """What comes by itself, until nothing has come for so long."""
        before = len(self.came)
        with suppress(TimeoutError, ConnectionClosed):
            while True:
                self._next(seconds)
        return "\n".join(data.decode(errors="replace") for data in self.came[before:])

    def _next(self, seconds: float) -> ForwardMsg:
        data = self.connection.recv(seconds)
        assert isinstance(data, bytes)
        self.came.append(data)
        message = ForwardMsg.FromString(data)
        element = message.delta.new_element
        if element.HasField("button"):
            self.widgets[element.button.label] = element.button.id
        if element.HasField("download_button"):
            self.files[element.download_button.label] = element.download_button.deferred_file_id
        if message.HasField("navigation"):
            self.scripts |= {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self.pages = [page.url_pathname for page in message.navigation.app_pages if not page.is_hidden]
        if message.HasField("new_session"):
            self.session = message.new_session.initialize.session_id or self.session
        if message.HasField("auth_redirect"):
            self.sent_to = message.auth_redirect.url
        return message
