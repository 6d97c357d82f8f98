"""What the settings of signing in and of roles must mean. As settings_meaning does."""

import re
from difflib import get_close_matches
from urllib.parse import urlsplit

from warehouse.settings_kinds import ROLES
from warehouse.settings_meaning import Wrong, is_loopback, url
from warehouse.settings_people import mail_address

_DISCOVERY = "/.well-known/openid-configuration"


def role(value: str) -> str:
    """One of ROLES."""
    if value not in ROLES:
        near = get_close_matches(value, ROLES, 1)
        raise Wrong(
            f"{value!r} is no role; " + (f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(ROLES)}")
        )
    return value


def who(value: str) -> str:
    """An e-mail address in small letters: providers write them either way."""
    return mail_address(value.strip()).casefold()


def claim(value: str) -> str:
    """name=value."""
    name, equals, told = (part.strip() for part in value.partition("="))
    if not name or not equals or not told:
        raise Wrong(f"{value!r} is not a claim; write its name and its value, like 'groups=mutuals-volunteers'")
    if name in ("email", "email_verified"):
        raise Wrong(f"{value!r} names an e-mail address; write it as 'who' instead")
    return f"{name}={told}"


def provider(value: str) -> str:
    """The address of an OpenID provider, without the part that every provider adds."""
    return url(value.strip().removesuffix(_DISCOVERY).rstrip("/"))


def metadata_url(value: str) -> str:
    """Where that provider describes itself."""
    return value + _DISCOVERY


def header(value: str) -> str:
    """The name of a header."""
    if not re.fullmatch(r"[A-Za-z0-9-]+", value):
        raise Wrong(f"{value!r} is not a header's name; write it like 'X-Forwarded-Email'")
    if value.lower() in ("host", "origin", "cookie", "authorization", "x-mutuals-proxy"):
        raise Wrong(f"{value!r} says something else; let the proxy use a header of its own, like 'X-Forwarded-Email'")
    return value


def is_private_line(dashboard_url: str) -> bool:
    """Is the dashboard reached over https, or on this computer only?"""
    parts = urlsplit(dashboard_url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")
