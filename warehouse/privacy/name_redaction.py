"""Names in other people's words: what somebody wrote about a person who was erased is kept without the names in it."""

import re
from collections.abc import Collection, Iterator
from uuid import UUID

from warehouse.storage.keys import keyed

# @name, @name@server, name@server and name.server, as people write them; the last only to be looked up, it may be any address
NAMED = r"[\w.-]*@[\w.-]+(?:@[\w.-]+)?"
IN_SQL = "regexp_replace({column}, '[0-9A-Za-z_.-]*@[0-9A-Za-z_.-]+(@[0-9A-Za-z_.-]+)?', '@…', 'g')"
_MAYBE_NAME = re.compile(r"[\w-][\w.-]*(?:@[\w-]+)?(?:\.[\w-]+)+", re.ASCII)


def redact_names(text: str) -> str:
    """The same words, every @name in them as "@…"."""
    return re.sub(NAMED, "@…", text)


def redact_erased_names(text: str, names: Collection[str]) -> str:
    """The same words, these names as "…", whatever their capitals."""
    for name in names:
        text = re.sub(re.escape(name), "…", text, flags=re.IGNORECASE)
    return text


def name_hash(key: bytes, name: str) -> UUID:
    """A name as a keyed hash: of somebody who was erased nothing else is kept of it."""
    return keyed(key, "name", name.lower())


def erased_names_in(key: bytes, text: str, erased: Collection[UUID]) -> Iterator[str]:
    """Names in a text that are among those erased, without an @ before them too."""
    for name in dict.fromkeys(_MAYBE_NAME.findall(text)):
        if name_hash(key, name) in erased:
            yield name
