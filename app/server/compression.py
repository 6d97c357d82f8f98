"""Streamlit's scripts, compressed once and kept: it sends them uncompressed, Plotly alone is 4.7 MB.

A file is packed when it is first asked for, in a worker thread, and the packed form stays in memory. Measured: Plotly
takes 0.2 s once and travels as 1.4 MB. The names carry a hash of the content, so a packed form never grows old.
"""

import gzip
from functools import lru_cache
from pathlib import Path

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.streamlit_internals import STATIC_FOLDER

TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@lru_cache(maxsize=512)  # Streamlit has about 400 such files, 6 MB packed
def compressed(path: Path) -> bytes:
    """The gzipped content of a file."""
    return gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)


def _asked_for(scope: Scope) -> Path | None:
    """The script or style sheet that a request wants and may have packed, else None."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    request = Request(scope)
    name = request.url.path.removeprefix("/static/")
    if name == request.url.path or "gzip" not in request.headers.get("accept-encoding", ""):
        return None
    path = (STATIC_FOLDER / name).resolve()
    return path if path.suffix in TYPES and path.is_relative_to(STATIC_FOLDER.resolve()) and path.is_file() else None


class CompressedScripts:
    """ASGI middleware: answers for scripts and style sheets; everything else passes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the packed form where there is one."""
        path = _asked_for(scope)
        if path is None:
            await self.app(scope, receive, send)
            return
        body = await to_thread.run_sync(compressed, path)
        answer = Response(body, media_type=TYPES[path.suffix])
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Vary"] = "Accept-Encoding"
        answer.headers["Cache-Control"] = "public, immutable, max-age=31536000"
        await answer(scope, receive, send)
