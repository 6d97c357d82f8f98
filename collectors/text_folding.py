"""Words as a person sees them: without signs that show nothing, wide letters as narrow ones. A no is a no however it is typed.

Phones insert zero-width joiners and soft hyphens, keyboards for Chinese and Japanese write `＃ｎｏｂｏｔ`, and an emoji keyboard
writes the number sign with two more signs that belong to it.
"""

import re
from unicodedata import category, normalize

_REFUSAL = re.compile(r"#(?:nobots?|noindex)(?![^\W_])")
# Not format characters by their category, and yet nothing to see: fillers, selectors, a combining box.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u20e3\u2800\u3164\uffa0\ufe00\ufe01\ufe02\ufe0e\ufe0f")


def fold_text(text: str) -> str:
    """Lower case, compatibility forms resolved, invisible signs left out."""
    if text.isascii():
        return text.lower()
    shown = "".join(sign for sign in normalize("NFKC", text) if sign not in _UNSEEN and category(sign) != "Cf")
    return normalize("NFKC", shown.casefold())


def has_refusal_tag(text: str) -> bool:
    """Is #nobot, #nobots or #noindex in it? The words alone, without the sign before them, say nothing."""
    if text.isascii() and "#" not in text:
        return False
    return _REFUSAL.search(fold_text(text)) is not None


def fold_tag(name: str) -> str:
    """A hashtag's name in the one form in which tags are compared and kept: as seen, without the sign before it."""
    return fold_text(name).strip().lstrip("#").strip()
