"""What a setting must mean: an address that is whole, a time zone that exists, a URL that may be asked.

Each function returns the value as the rest of the program wants it, or raises Wrong with what is wrong and the cure.
"""

import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from ipaddress import ip_address
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from warehouse.settings.schema import NOBODY, ROLES

_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::\d{1,5})?"
_POSTGRES = ("postgres", "postgresql", "postgresql+psycopg")


class Wrong(Exception):
    """What is wrong with a value, and the cure."""


def group_id(value: str) -> str:
    """A short name for addresses and files."""
    if not re.fullmatch(r"[a-z0-9-]+", value):
        slug = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-") or "my-group"
        raise Wrong(f"{value!r} must be made of small letters, digits and hyphens; write {slug!r}")
    return value


def mastodon_address(value: str) -> str:
    """@name@server, the server in small letters."""
    bare = value.strip().removeprefix("@")
    name, at, server = bare.partition("@")
    if "/" in bare:
        raise Wrong(f"{value!r} is a web address; write it as @name@server")
    if not at:
        raise Wrong(
            f"{value!r} lacks its server; write @{name or 'name'}@server, for example @{name or 'name'}@mastodon.social"
        )
    if not re.fullmatch(r"\w(?:[\w.-]*\w)?", name) or not re.fullmatch(_HOST, server):
        raise Wrong(f"{value!r} is not a Mastodon address; write @name@server")
    return f"@{name}@{server.lower()}"


def bluesky_handle(value: str) -> str:
    """A handle like name.bsky.social in small letters, or a DID."""
    bare = value.strip().removeprefix("@")
    if re.fullmatch(r"did:[a-z]+:[\w.:%-]+", bare):
        return bare
    if "@" in bare:
        raise Wrong(f"{value!r} is a Mastodon address; move it to 'mastodon'")
    if "." not in bare:
        raise Wrong(
            f"{value!r} is not a whole handle; write it like a web address, for example {bare or 'name'}.bsky.social"
        )
    if not re.fullmatch(_HOST, bare) or ":" in bare:
        raise Wrong(f"{value!r} is not a Bluesky handle; write it like name.bsky.social")
    return bare.lower()


def team_member(value: str) -> str:
    """A Mastodon address, or a Bluesky handle."""
    bare = value.strip().removeprefix("@")
    if "@" in bare:
        return mastodon_address(value)
    if "." not in bare and not bare.startswith("did:"):
        raise Wrong(
            f"{value!r} lacks its server; write @{bare or 'name'}@server (Mastodon) or {bare or 'name'}.bsky.social"
        )
    return bluesky_handle(value)


def hashtag(value: str) -> str:
    """A tag without its '#'."""
    bare = value.strip().removeprefix("#")
    if not re.fullmatch(r"\w+", bare) or bare.isdigit():
        raise Wrong(
            f"{value!r} is not a hashtag; write letters, digits and _ without spaces, for example 'RiversideCarers'"
        )
    return bare


def server_name(value: str) -> str:
    """A domain, with a port where it needs one."""
    if re.fullmatch(r"https?://.*", value):
        raise Wrong(
            f"{value!r} is an address; write the server's name alone: {urlsplit(value).netloc.rpartition('@')[2]!r}"
        )
    if not re.fullmatch(_HOST, value):
        raise Wrong(f"{value!r} is not a server's name; write it like 'mastodon.social'")
    return value.lower()


def time_zone(value: str) -> str:
    """A zone of the tz database."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Wrong(f"{value!r} is not a time zone{_nearest_zone(value)}") from None
    return value


def url(value: str, schemes: Iterable[str] = ("https", "http")) -> str:
    """An address of a service: encrypted, unless it is on this machine; without a password in it."""
    secure, plain = schemes
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise Wrong(f"it is not an address; write it like {secure}://example.org") from None
    if parts.username is not None or parts.password is not None:
        raise Wrong("it has a name or password in it; take that out: secrets come from the environment or secrets.toml")
    if parts.scheme not in (secure, plain) or not host or parts.query or parts.fragment:
        raise Wrong(f"{value!r} is not an address; write it like {secure}://example.org")
    if parts.scheme == plain and not is_loopback(host):
        raise Wrong(f"{value!r} is not encrypted; write {secure}://… ({plain}:// is for this machine only)")
    return value.rstrip("/")


def web_address(value: str) -> str:
    """Where people find the dashboard; in a house or an office that may be plain http."""
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_address = False
    if not is_address or re.search(r"[?#\s]", value):
        raise Wrong(f"{value!r} is not a web address; write it like https://mutuals.example.org")
    return value.rstrip("/")


def websocket(value: str) -> str:
    """The address of a Jetstream service."""
    return url(value, ("wss", "ws"))


def contact(value: str) -> str:
    """Where a server's admin can reach the group: a page or a mail address."""
    return value if re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", value) else url(value)


def casebook_url(value: str, *, is_secret: bool) -> str:
    """A PostgreSQL URL. A password in it may come from the environment only. Never repeats the value."""
    try:
        parts = urlsplit(value)
    except ValueError:
        raise Wrong("it is not a database URL; write it like postgresql://name@host/database") from None
    if parts.scheme not in _POSTGRES:
        raise Wrong("it is not a PostgreSQL URL; write it like postgresql://name@host/database, or leave it out")
    if not is_secret and (parts.password is not None or "password" in parts.query):
        raise Wrong("it has a password in it; take the line out and put the whole URL in MUTUALS_CASEBOOK_URL")
    return value


def between(value: int, low: int, high: int) -> int:
    """A number in a range, both ends included."""
    if not low <= value <= high:
        raise Wrong(f"{value} is out of range; write a number from {low} to {high}")
    return value


def calendar_date(value: str) -> str:
    """A date, as 2026-12-31."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise Wrong(f"{value!r} is not a date; write it like 2026-12-31") from None


def some_text(value: str) -> str:
    """Anything but nothing."""
    if not value.strip():
        raise Wrong("it is empty; write something")
    return value


def is_loopback(host: str) -> bool:
    """Is that this machine?"""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _nearest_zone(value: str) -> str:
    zones = sorted(available_timezones())
    wanted = value.strip().replace(" ", "_").lower()
    same = [zone for zone in zones if wanted in (zone.lower(), zone.lower().rpartition("/")[2])]
    by_name = {zone.lower(): zone for zone in zones}
    near = same or [by_name[one] for one in get_close_matches(wanted, by_name, 1)]
    return f"; did you mean {near[0]!r}?" if near else "; write it like 'Europe/London'"


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


def channel(value: str) -> str:
    """The name of a way to tell somebody. The address itself is a secret, and easily pasted here by mistake."""
    if not re.fullmatch(r"[a-z0-9-]+", value):
        raise Wrong(
            "a name is made of small letters, digits and hyphens, like 'sam-mail'; the address itself is a secret: it"
            " belongs in secrets.toml, below [notify]"
        )
    return value


SECURITY = ("starttls", "tls", "none")
LANGUAGES = ("de", "en")  # that messages can be written in: collectors/telling/texts


def language(value: str) -> str:
    """A language that there are words in."""
    if value not in LANGUAGES:
        raise Wrong(f"there are no messages in {value!r}; there are: {', '.join(LANGUAGES)}")
    return value


def mail_address(value: str) -> str:
    """Where a mail goes or comes from."""
    if not re.fullmatch(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.?[^@\s<>,;:\"]", value):
        raise Wrong(f"{value!r} is not a mail address; write it like 'sam@mail.example'")
    return value


def security(value: str) -> str:
    """How the line to the mail service is kept private."""
    if value not in SECURITY:
        raise Wrong(f"{value!r} is none of: {', '.join(SECURITY)}")
    return value


def one_of(value: str, known: list[str], what: str) -> str:
    """Something that stands elsewhere in the file."""
    if value not in known:
        near = get_close_matches(value, known, 1)
        cure = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known) or 'none'}"
        raise Wrong(f"no {what} has the id {value!r}; {cure}")
    return value


def time_of_day(value: str) -> str:
    """HH:MM."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise Wrong(f"{value!r} is not a time of day; write it like '08:00'")
    return value


def stretch_of_day(value: str) -> str:
    """From HH:MM to HH:MM, over midnight or not."""
    start, dash, end = (part.strip() for part in value.partition("-"))
    try:
        time_of_day(start), time_of_day(end)
    except Wrong:
        dash = ""
    if not dash or start == end:
        raise Wrong(f"{value!r} is not a stretch of the day; write it like '22:00-08:00'")
    return f"{start}-{end}"
