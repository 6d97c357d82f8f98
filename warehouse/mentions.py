"""Names in other people's words: a reply that mentions somebody who was erased is kept without the names in it."""

import re

_NAMED = r"@[\w.-]+(?:@[\w.-]+)?"
IN_SQL = "regexp_replace({column}, '@[0-9A-Za-z_.-]+(@[0-9A-Za-z_.-]+)?', '@…', 'g')"


def without_names(text: str) -> str:
    """The same words, every @name in them as "@…"."""
    return re.sub(_NAMED, "@…", text)
