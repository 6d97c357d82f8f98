"""Logs carry ids and reasons, at every level."""

import logging

import pytest
from websockets.sync.client import connect

from app.cli.options import log_at
from tests.collectors.bluesky.test_jetstream import event, stream


def test_not_even_a_debug_log_holds_what_passes_by(caplog: pytest.LogCaptureFixture) -> None:
    log_at("debug")
    try:
        with stream(event(1, 5, {"text": "needle in the stream"})) as (url, _), connect(url) as socket:
            assert "needle" in str(socket.recv())
        assert not [one for one in caplog.records if one.name.startswith("websockets")]
    finally:
        log_at("warning")
        logging.getLogger("websockets").setLevel(logging.NOTSET)
