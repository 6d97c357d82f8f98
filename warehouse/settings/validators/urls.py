"""Addresses of services and pages: encrypted, or on this machine; without a password in them.

Every validator returns the URL without a slash at its end, or raises InvalidValue, which never repeats a password.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from warehouse.settings.validators.values import InvalidValue

_POSTGRES = ("postgres", "postgresql", "postgresql+psycopg")
_DISCOVERY = "/.well-known/openid-configuration"


def parse_url(value: str, schemes: Iterable[str] = ("https", "http")) -> str:
    """An address of a service: encrypted, unless it is on this machine; without a password in it."""
    secure, plain = schemes
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidValue(f"it is not an address; write it like {secure}://example.org") from None
    if parts.username is not None or parts.password is not None:
        raise InvalidValue(
            "it has a name or password in it; take that out: secrets come from the environment or secrets.toml"
        )
    if parts.scheme not in (secure, plain) or not host or parts.query or parts.fragment:
        raise InvalidValue(f"{value!r} is not an address; write it like {secure}://example.org")
    if parts.scheme == plain and not is_loopback(host):
        raise InvalidValue(f"{value!r} is not encrypted; write {secure}://… ({plain}:// is for this machine only)")
    return value.rstrip("/")


def parse_dashboard_url(value: str) -> str:
    """Where people find the dashboard; in a house or an office that may be plain http."""
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_address = False
    if not is_address or re.search(r"[?#\s]", value):
        raise InvalidValue(f"{value!r} is not a web address; write it like https://mutuals.example.org")
    return value.rstrip("/")


def parse_websocket_url(value: str) -> str:
    """The address of a Jetstream service."""
    return parse_url(value, ("wss", "ws"))


def parse_contact_url(value: str) -> str:
    """Where a server's admin can reach the group: a page or a mail address."""
    return value if re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", value) else parse_url(value)


def parse_casebook_url(value: str, *, is_secret: bool) -> str:
    """A PostgreSQL URL. A password in it may come from the environment only. Never repeats the value."""
    try:
        parts = urlsplit(value)
    except ValueError:
        raise InvalidValue("it is not a database URL; write it like postgresql://name@host/database") from None
    if parts.scheme not in _POSTGRES:
        raise InvalidValue("it is not a PostgreSQL URL; write it like postgresql://name@host/database, or leave it out")
    if not is_secret and (parts.password is not None or "password" in parts.query):
        raise InvalidValue("it has a password in it; take the line out and put the whole URL in MUTUALS_CASEBOOK_URL")
    return value


def parse_provider_url(value: str) -> str:
    """The address of an OpenID provider, without the part that every provider adds."""
    return parse_url(value.strip().removesuffix(_DISCOVERY).rstrip("/"))


def provider_metadata_url(value: str) -> str:
    """Where that provider describes itself."""
    return value + _DISCOVERY


def is_loopback(host: str) -> bool:
    """Is that this machine?"""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_private_line(dashboard_url: str) -> bool:
    """Is the dashboard reached over https, or on this computer only?"""
    parts = urlsplit(dashboard_url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")
