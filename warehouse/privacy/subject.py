"""From what somebody calls themselves, or a post, to the keyed ids under which things are held, and the words to search for."""

import re
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit
from uuid import UUID

from duckdb import DuckDBPyConnection

from warehouse.errors import SettingsError
from warehouse.privacy.name_redaction import name_hash
from warehouse.storage.keys import keyed

_MASTODON = re.compile(r"@?([^\s@/]+)@([^\s@/]+\.[^\s@/]+)")
_PROFILE = re.compile(r"/(?:@|users/)([^/@]+)(?:@([^/]+))?/?")
_ON_BLUESKY = re.compile(r"https://[^/]+/profile/([a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+)/?")
_BLUESKY = re.compile(r"@?([a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+)")


@dataclass(frozen=True, slots=True)
class Subject:
    """A person (`kind` account) or one post. `needles` are lower-case names and addresses that may stand in texts and files."""

    keyed_id: UUID
    kind: str
    needles: tuple[str, ...]
    name_ids: tuple[UUID, ...] = ()  # of an account: the keyed hash of each name, by which others' words may know them


def find_subject(con: DuckDBPyConnection, key: bytes, named: str) -> Subject:
    """Whom or what these words name: @name@server, a Bluesky handle or DID, a profile's or a post's address.

    Raises SettingsError with a cure when they name nobody that can be known here.
    """
    found = _subject(con, key, named)
    if found.kind != "account":
        return found
    names = [needle for needle in found.needles if not needle.startswith(("http", "did:"))]
    return replace(found, name_ids=tuple(name_hash(key, name) for name in names))


def _subject(con: DuckDBPyConnection, key: bytes, named: str) -> Subject:
    words = named.strip()
    post = _post(con, words)
    if post is not None:
        return post
    if words.startswith("at://") and words.count("/") == 4:
        return Subject(keyed(key, "post", "bluesky", words), "post", (words.lower(),))
    if person := find_by_name(key, words):
        return _known(con, person.keyed_id, person.needles)
    if match := _BLUESKY.fullmatch(words) or _ON_BLUESKY.fullmatch(words):
        return _bluesky(con, match[1].lower())
    if words.startswith("https://"):
        raise SettingsError(
            f"{named}: no post of that address is held. Give the address as the page shows it, or the person's: @name@server"
        )
    raise SettingsError(
        f"{named}: this is no address of a person or a post. Give @name@server, a Bluesky handle or DID, or a post's address"
    )


def _post(con: DuckDBPyConnection, words: str) -> Subject | None:
    if "/" not in words:
        return None
    found = con.execute(
        "select post_id, list(distinct uri) || list(distinct link) from stored.post_addresses"
        " where $words in (uri, link, server_post_id) group by post_id",
        {"words": words},
    ).fetchone()
    if found is None:
        return None
    return Subject(found[0], "post", tuple(sorted({words.lower(), *(one.lower() for one in found[1] if one)})))


def _did(words: str) -> str | None:
    match = re.search(r"did:[a-z]+:[A-Za-z0-9._:%-]+", words)
    return match[0] if match and "/post/" not in words and "app.bsky.feed.post" not in words else None


def _fediverse(words: str) -> str | None:
    if match := _MASTODON.fullmatch(words.removeprefix("acct:")):
        return f"{match[1]}@{match[2]}".lower()
    if not words.startswith("https://"):
        return None
    parts = urlsplit(words)
    found = _PROFILE.fullmatch(unquote(parts.path))
    return f"{found[1]}@{found[2] or parts.hostname}".lower() if found and parts.hostname else None


def _bluesky(con: DuckDBPyConnection, handle: str) -> Subject:
    rows = con.execute(
        "select account_id, address from stored.accounts where network = 'bluesky' and lower(handle) = $handle",
        {"handle": handle},
    ).fetchall()
    if not rows:
        raise SettingsError(
            f"{handle}: nobody of that Bluesky handle is held by name. Give the DID instead (https://bsky.social/xrpc/"
            f"com.atproto.identity.resolveHandle?handle={handle} shows it): it also finds those of whom only a card is kept"
        )
    account_id, did = rows[0]
    return Subject(account_id, "account", tuple(one.lower() for one in (handle, did) if one))


def find_by_name(key: bytes, named: str) -> Subject | None:
    """A person by a name that alone says who it is: @name@server, a DID, the address of a profile. None: it does not."""
    words = named.strip()
    if found := _did(words):
        return Subject(keyed(key, "account", "bluesky", found), "account", (found.lower(),))
    if name := _fediverse(words):
        return Subject(keyed(key, "account", "mastodon", name), "account", (name,))
    return None


def is_known(con: DuckDBPyConnection, keyed_id: UUID, kind: str) -> Subject:
    """Somebody, or a post, of whom only the keyed id is left to go by: with the names that this warehouse has."""
    return _known(con, keyed_id, ()) if kind == "account" else Subject(keyed_id, kind, ())


def _known(con: DuckDBPyConnection, keyed_id: UUID, needles: tuple[str, ...]) -> Subject:
    """With the names that the warehouse has for this person, too."""
    rows = con.execute(
        "select handle, address from stored.accounts where account_id = $id", {"id": keyed_id}
    ).fetchall()
    names = {name.lower() for row in rows for name in row if name}
    return Subject(keyed_id, "account", tuple(sorted({*needles, *names})))
