"""A DID document cannot send us into this computer or its network."""

import socket
from datetime import UTC, datetime

import pytest

from collectors.bluesky import http
from collectors.bluesky.http import Wire
from collectors.fetch_types import FetchFailed

INSIDE = [
    "https://127.0.0.1", "https://localhost", "http://127.0.0.1:2583", "https://[::1]", "https://10.0.0.5", "https://192.168.1.1",
    "https://169.254.169.254", "https://router.local", "https://metadata.google.internal", "http://pds.example.com",
    "https://user@pds.example.com", "https://pds.example.com:8443", "https://pds", "https://2130706433", "https://0x7f.1",
    "https://[fd00::1]", "https://[::ffff:127.0.0.1]", "file:///etc/passwd", "https://localhost.", "https://x:99999",
]  # fmt: skip


def _resolving(address: str) -> object:
    return lambda *_args, **_more: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]


@pytest.mark.parametrize("url", INSIDE)
def test_an_address_inside_is_refused(url: str) -> None:
    assert not http.is_public(url)


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1"])
def test_a_public_name_that_leads_inside_is_refused(inside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolving(inside))
    assert not http.is_public("https://pds.example.com")


def test_a_public_host_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolving("93.184.215.14"))
    assert http.is_public("https://pds.example.com/")


def test_a_sign_in_that_names_a_server_inside_is_broken_and_the_configured_one_is_not() -> None:
    wire = Wire("http://127.0.0.1:2583", "t", lambda _: None, lambda *_: None, lambda: datetime.now(UTC))
    wire.allow_named("http://127.0.0.1:2583")
    with pytest.raises(FetchFailed, match="private network"):
        wire.allow_named("http://127.0.0.1:6379")
    assert wire.hosts == {"127.0.0.1:2583"}
