"""The dashboard's web server: Streamlit with a health route, safe options, security headers and compressed scripts."""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app import streamlit_internals
from app.auth import display_name, sign_in_page
from app.auth.oidc_callback import OidcCallback
from app.request_queue import keyboard
from app.runtime import Runtime, set_current
from app.server import bind_address
from app.server.compression import CompressedScripts
from app.server.gatekeeper import HEALTH, Gatekeeper
from app.server.security_headers import SecurityHeaders
from app.server.start_page_redirect import StartPageRedirect
from app.server.unsubscribe import unsubscribe
from app.server.websocket_filter import WebSocketFilter
from app.ui import theme
from warehouse.casebook.mail_preferences import PATH
from warehouse.settings import Settings

log = logging.getLogger(__name__)


def serve(
    running: Runtime, host: str = "127.0.0.1", port: int = 8501, *, ready: Callable[[str], None] = log.info
) -> None:
    """Show the dashboard in this process until SIGTERM or Ctrl-C.

    `ready` is told the address just before the first request is taken. Raises Stopped: another computer's address
    without sign-in, or a port that cannot be had.
    """
    bind_address.require_safe_address(host, running.settings.sign_in)
    sign_in_page.check_settings(running.settings)
    bind_address.require_free_port(host, port)
    set_current(running)
    streamlit_internals.keep_address_at_home()
    streamlit_internals.allow_long_headers()
    # Streamlit logs a failed page with the error's message, which can quote somebody; ours says where, and no more
    logging.getLogger("streamlit.error_util").addFilter(lambda _: False)
    logging.getLogger(streamlit_internals.SIGN_IN_LOGGER).addFilter(_without_what_a_stranger_said)
    app = make_app(running.settings)
    ready(bind_address.dashboard_url(host, port))
    app.run(config=streamlit_options(host, port, running.settings))


def make_app(settings: Settings) -> st.App:
    """The ASGI application."""
    is_https = settings.dashboard_url.startswith("https://")
    return st.App(
        Path(__file__).parents[1] / "main.py",
        secrets=sign_in_page.streamlit_secrets(settings) or None,
        routes=[
            Route(HEALTH, _health),
            Route("/remember", display_name.set_name_cookie),
            Route(PATH, unsubscribe, methods=["GET", "POST"]),
            Route(keyboard.PATH, keyboard.serve_script),
        ],
        middleware=[
            Middleware(SecurityHeaders, is_https=is_https),
            Middleware(Gatekeeper),
            Middleware(OidcCallback),
            Middleware(WebSocketFilter),
            Middleware(StartPageRedirect),
            Middleware(CompressedScripts),
        ],
        on_script_error=_say_that_it_failed,
    )


def streamlit_options(host: str, port: int, settings: Settings) -> dict[str, object]:
    """Streamlit's options, said here because its config file is not part of the wheel."""
    home = urlsplit(settings.dashboard_url).hostname or host
    return {
        "server.enableCORS": True,  # whatever somebody's own Streamlit settings say: no other site may open our line
        "server.enableXsrfProtection": True,
        "server.address": host,  # its default is every interface
        "server.port": port,
        "server.headless": True,
        "server.allowedHosts": [*_THIS_COMPUTER, host, home],  # nobody else's page may talk to us by name
        # Whom the proxy signed in; without one nobody's headers are believed
        "server.trustedUserHeaders": {settings.sign_in.header: "email"} if settings.sign_in.header else {},
        "server.enableAgentApi": False,
        "server.fileWatcherType": "none",
        "server.enableStaticServing": False,
        "server.maxUploadSize": 1,
        "browser.gatherUsageStats": False,
        "browser.serverAddress": host,  # or it asks the internet for our address
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",  # a traceback can quote somebody's words
        "client.showErrorLinks": False,
        "client.allowedOrigins": [],
        "logger.hideWelcomeMessage": True,
        "logger.enableRich": False,
        **theme.streamlit_options(),
    }


_THIS_COMPUTER = ("localhost", "127.0.0.1", "::1")


def _without_what_a_stranger_said(record: logging.LogRecord) -> bool:
    """Streamlit logs what an address after a sign-in says, and anybody can write that address: keep the kind of fault alone."""
    said = str(record.args[0]) if isinstance(record.args, tuple) and record.args else ""
    kind = f": {said}" if re.fullmatch(r"[a-z_]{1,40}", said) else ""
    fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    record.msg, record.args = f"a sign-in did not work{kind}{f' ({fault})' if fault else ''}", ()
    record.exc_info = record.exc_text = None
    return True


async def _health(_: Request) -> JSONResponse:
    """Is the dashboard's process alive? Says nothing of any group."""
    return JSONResponse({"status": "ok"})


def _say_that_it_failed(error: Exception) -> bool:
    """Log where a page failed, never what it was showing; tell the reader in words. True: Streamlit adds nothing."""
    from app.ui import words  # only here: the pages' texts are not needed to start

    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    log.error("a page failed: %s at %s", type(error).__name__, where)
    st.error(words.t("page.failed"))
    return True
