"""What may come in on the line between a page and the server: what pages ask for, and nothing else.

Streamlit also takes words there that its makers need while they write a program: empty everybody's cache, tell of the folder
it runs from, put files beside it. Whoever opens a line could say them, also without a sign-in.
"""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.streamlit_internals import message_kind

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
    """The kind of a message that no page sends; "" for those that pages send, and for what Streamlit is to refuse."""
    kind, operation = message_kind(data) if data else ("", "")
    if kind == "backend_operation_request":
        return "" if operation in _OPERATIONS else operation or kind
    return "" if kind in ("", *_KNOWN) else kind
