"""What may come in on the line between a page and the server: what pages ask for, and nothing else.

Streamlit also takes words there that its makers need while they write a program: empty everybody's cache, tell of the folder
it runs from, put files beside it. Whoever opens a line could say them, also without a sign-in.
"""

import logging

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

log = logging.getLogger(__name__)

_KNOWN = ("rerun_script", "stop_script", "app_heartbeat", "file_urls_request")
_OPERATIONS = ("deferred_file", "dataframe_chunk")  # a download is made, a long table is scrolled


class WebSocketFilter:
    """ASGI middleware: drops from a WebSocket what no page says."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what is known; what cannot be read at all is Streamlit's to refuse."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return

        async def known() -> Message:
            while True:
                message = await receive()
                kind = _unknown(message.get("bytes"))
                if not kind:
                    return message
                log.debug("a line said what no page says: %s", kind)

        await self.app(scope, known, send)


def _unknown(data: bytes | None) -> str:
    """The kind of what was said, where no page says it; "" where pages do."""
    if not data:
        return ""
    try:
        said = BackMsg.FromString(data)
    except DecodeError:
        return ""
    kind = said.WhichOneof("type")
    if kind == "backend_operation_request":
        kind = said.backend_operation_request.WhichOneof("payload") or kind
        return "" if kind in _OPERATIONS else kind
    return "" if kind in _KNOWN else str(kind)
