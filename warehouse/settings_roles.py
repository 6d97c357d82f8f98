"""What the settings of signing in and of roles must mean. As settings_meaning does."""

import re
from difflib import get_close_matches
from urllib.parse import urlsplit

from warehouse.settings_kinds import NOBODY, ROLES
from warehouse.settings_meaning import Wrong, is_loopback, url
from warehouse.settings_people import mail_address

# What people say of themselves at most providers.
_THEIR_OWN = frozenset(
    {
        "email", "email_verified", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username",
        "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "phone_number", "address", "upn",
    }
)  # fmt: skip
_DISCOVERY = "/.well-known/openid-configuration"


def role(value: str) -> str:
    """One of ROLES, or NOBODY."""
    if value not in (*ROLES, NOBODY):
        near = get_close_matches(value, ROLES, 1)
        raise Wrong(
            f"{value!r} is no role; " + (f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(ROLES)}")
        )
    return value


def who(value: str) -> str:
    """An e-mail address in small letters: providers write them either way."""
    found = plain_address(mail_address(value.strip()))
    if not found:
        raise Wrong(f"{value!r} has letters that look like others; an address to sign in with has plain ones only")
    return found


def plain_address(value: str) -> str:
    """An e-mail address in small letters; "" where it is none, or has letters beyond a to z: two of those may look alike."""
    return value.strip().lower() if "@" in value and value.isascii() else ""


def claim(value: str) -> str:
    """name=value."""
    name, equals, told = (part.strip() for part in value.partition("="))
    if not name or not equals or not told:
        raise Wrong(f"{value!r} is not a claim; write its name and its value, like 'groups=mutuals-volunteers'")
    if name.lower().rpartition(".")[2] in _THEIR_OWN:
        raise Wrong(
            f"{value!r}: people write their own {name!r}, so anybody could; name a group or a role that the service's "
            "administrators give, or write an address as 'who'"
        )
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
