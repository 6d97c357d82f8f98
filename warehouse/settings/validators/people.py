"""How somebody is written to, signs in and what they may see: mail addresses, languages, channels, roles, claims.

Every validator returns the value in one spelling, or raises InvalidValue.
"""

import re
from difflib import get_close_matches

from warehouse.settings.schema import NOBODY, ROLES
from warehouse.settings.validators.values import InvalidValue

LANGUAGES = ("de", "en")  # that messages can be written in: collectors/notify/texts
SECURITY = ("starttls", "tls", "none")
# Claims that people write themselves at most providers: no right may hang on them.
_SELF_DECLARED = frozenset(
    {
        "email", "email_verified", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username",
        "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "phone_number", "address", "upn",
    }
)  # fmt: skip


def parse_channel_name(value: str) -> str:
    """The name of a way to tell somebody. The address itself is a secret, and easily pasted here by mistake."""
    if not re.fullmatch(r"[a-z0-9-]+", value):
        raise InvalidValue(
            "a name is made of small letters, digits and hyphens, like 'sam-mail'; the address itself is a secret: it"
            " belongs in secrets.toml, below [notify]"
        )
    return value


def parse_language(value: str) -> str:
    """One of LANGUAGES."""
    if value not in LANGUAGES:
        raise InvalidValue(f"there are no messages in {value!r}; there are: {', '.join(LANGUAGES)}")
    return value


def parse_mail_address(value: str) -> str:
    """Where a mail goes or comes from."""
    if not re.fullmatch(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.?[^@\s<>,;:\"]", value):
        raise InvalidValue(f"{value!r} is not a mail address; write it like 'sam@mail.example'")
    return value


def parse_mail_security(value: str) -> str:
    """One of SECURITY: how the connection to the mail service is encrypted."""
    if value not in SECURITY:
        raise InvalidValue(f"{value!r} is none of: {', '.join(SECURITY)}")
    return value


def parse_role(value: str) -> str:
    """One of ROLES, or NOBODY."""
    if value not in (*ROLES, NOBODY):
        near = get_close_matches(value, ROLES, 1)
        raise InvalidValue(
            f"{value!r} is no role; " + (f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(ROLES)}")
        )
    return value


def parse_sign_in_address(value: str) -> str:
    """An e-mail address in small letters: providers write them either way."""
    address = normalise_address(parse_mail_address(value.strip()))
    if not address:
        raise InvalidValue(
            f"{value!r} has letters that look like others; an address to sign in with has plain ones only"
        )
    return address


def normalise_address(value: str) -> str:
    """An e-mail address in small letters; "" where it is none, or has letters beyond a to z: two of those may look alike."""
    return value.strip().lower() if "@" in value and value.isascii() else ""


def parse_claim(value: str) -> str:
    """A claim of the provider, as name=value. Raises InvalidValue also for one that people write themselves."""
    name, equals, content = (part.strip() for part in value.partition("="))
    if not name or not equals or not content:
        raise InvalidValue(f"{value!r} is not a claim; write its name and its value, like 'groups=mutuals-volunteers'")
    if name.lower().rpartition(".")[2] in _SELF_DECLARED:
        raise InvalidValue(
            f"{value!r}: people write their own {name!r}, so anybody could; name a group or a role that the service's "
            "administrators give, or write an address as 'who'"
        )
    return f"{name}={content}"


def parse_header_name(value: str) -> str:
    """The name of the HTTP header in which a proxy says who signed in."""
    if not re.fullmatch(r"[A-Za-z0-9-]+", value):
        raise InvalidValue(f"{value!r} is not a header's name; write it like 'X-Forwarded-Email'")
    if value.lower() in ("host", "origin", "cookie", "authorization", "x-mutuals-proxy"):
        raise InvalidValue(
            f"{value!r} says something else; let the proxy use a header of its own, like 'X-Forwarded-Email'"
        )
    return value
