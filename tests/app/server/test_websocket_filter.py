"""What comes in on a page's line: what pages say, and nothing that only Streamlit's makers need."""

import asyncio
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from app.server.websocket_filter import WebSocketFilter


def heard(*said: bytes) -> list[bytes]:
    """What Streamlit hears of these, until the line is closed."""
    waiting: list[dict[str, Any]] = [
        {"type": "websocket.connect"}, *({"type": "websocket.receive", "bytes": one} for one in said),
        {"type": "websocket.disconnect"},
    ]  # fmt: skip
    came: list[bytes] = []

    async def streamlit(_scope: Scope, receive: Receive, _send: Send) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            if "bytes" in message:
                came.append(message["bytes"])

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(_message: Any) -> None:
        raise AssertionError("nothing is answered")

    asyncio.run(WebSocketFilter(streamlit)({"type": "websocket"}, receive, send))
    return came


def operation(name: str) -> bytes:
    said = BackMsg()
    getattr(said.backend_operation_request, name).SetInParent()
    return said.SerializeToString()


RERUN = BackMsg(stop_script=True).SerializeToString()


@pytest.mark.parametrize(
    "kind", ["clear_cache", "load_git_info", "set_run_on_save", "debug_shutdown_runtime", "debug_disconnect_websocket"]
)
def test_nobody_empties_the_cache_or_asks_about_the_folder(kind: str) -> None:
    assert heard(BackMsg(**{kind: True}).SerializeToString(), RERUN) == [RERUN]


@pytest.mark.parametrize("name", ["install_skills", "dismiss_skills_nudge"])
def test_nobody_has_files_put_beside_the_program(name: str) -> None:
    assert heard(operation(name), RERUN) == [RERUN]


def test_what_pages_say_is_heard() -> None:
    page = BackMsg()
    page.rerun_script.query_string = "group=riverside"
    files = BackMsg()
    files.file_urls_request.request_id = "x"
    said = [
        page.SerializeToString(), files.SerializeToString(), BackMsg(app_heartbeat=True).SerializeToString(),
        operation("deferred_file"), operation("dataframe_chunk"), RERUN,
    ]  # fmt: skip
    assert heard(*said) == said


def test_what_cannot_be_read_is_streamlit_s_to_refuse() -> None:
    assert heard(b"\xff\xff\xff") == [b"\xff\xff\xff"]


def test_a_new_kind_of_word_is_not_heard_before_somebody_has_looked_at_it() -> None:
    known = {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request"}
    kinds = {one.name for one in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields} - known
    for kind in kinds:
        assert heard(BackMsg(**{kind: True}).SerializeToString()) == []
