"""What names a group has on the networks: its id, accounts, hashtags and servers.

Every validator returns the name in one spelling, or raises InvalidValue.
"""

import re
from urllib.parse import urlsplit

from warehouse.settings.validators.values import InvalidValue

_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::\d{1,5})?"


def parse_group_id(value: str) -> str:
    """A short name for addresses and files."""
    if not re.fullmatch(r"[a-z0-9-]+", value):
        slug = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-") or "my-group"
        raise InvalidValue(f"{value!r} must be made of small letters, digits and hyphens; write {slug!r}")
    return value


def parse_mastodon_address(value: str) -> str:
    """@name@server, the server in small letters."""
    bare = value.strip().removeprefix("@")
    name, at, server = bare.partition("@")
    if "/" in bare:
        raise InvalidValue(f"{value!r} is a web address; write it as @name@server")
    if not at:
        raise InvalidValue(
            f"{value!r} lacks its server; write @{name or 'name'}@server, for example @{name or 'name'}@mastodon.social"
        )
    if not re.fullmatch(r"\w(?:[\w.-]*\w)?", name) or not re.fullmatch(_HOST, server):
        raise InvalidValue(f"{value!r} is not a Mastodon address; write @name@server")
    return f"@{name}@{server.lower()}"


def parse_bluesky_handle(value: str) -> str:
    """A handle like name.bsky.social in small letters, or a DID."""
    bare = value.strip().removeprefix("@")
    if re.fullmatch(r"did:[a-z]+:[\w.:%-]+", bare):
        return bare
    if "@" in bare:
        raise InvalidValue(f"{value!r} is a Mastodon address; move it to 'mastodon'")
    if "." not in bare:
        raise InvalidValue(
            f"{value!r} is not a whole handle; write it like a web address, for example {bare or 'name'}.bsky.social"
        )
    if not re.fullmatch(_HOST, bare) or ":" in bare:
        raise InvalidValue(f"{value!r} is not a Bluesky handle; write it like name.bsky.social")
    return bare.lower()


def parse_team_member(value: str) -> str:
    """A Mastodon address, or a Bluesky handle."""
    bare = value.strip().removeprefix("@")
    if "@" in bare:
        return parse_mastodon_address(value)
    if "." not in bare and not bare.startswith("did:"):
        raise InvalidValue(
            f"{value!r} lacks its server; write @{bare or 'name'}@server (Mastodon) or {bare or 'name'}.bsky.social"
        )
    return parse_bluesky_handle(value)


def parse_hashtag(value: str) -> str:
    """A tag without its '#'."""
    bare = value.strip().removeprefix("#")
    if not re.fullmatch(r"\w+", bare) or bare.isdigit():
        raise InvalidValue(
            f"{value!r} is not a hashtag; write letters, digits and _ without spaces, for example 'RiversideCarers'"
        )
    return bare


def parse_server_name(value: str) -> str:
    """A domain, with a port where it needs one."""
    if re.fullmatch(r"https?://.*", value):
        address = re.sub(r"//[^/]*@", "//", value)  # a message never repeats a password
        try:
            name = urlsplit(address).netloc
        except ValueError:  # not even an address: https://[x
            name = "mastodon.social"
        raise InvalidValue(f"{address!r} is an address; write the server's name alone: {name!r}")
    if not re.fullmatch(_HOST, value):
        raise InvalidValue(f"{value!r} is not a server's name; write it like 'mastodon.social'")
    return value.lower()
