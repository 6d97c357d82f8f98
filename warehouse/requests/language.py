"""Guess a post's language from its commonest words, cheaply; a tag is believed unless the words speak against it."""

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

from warehouse.requests.tokenizer import normalise_word
from warehouse.requests.word_lists import languages, stop_words

_UNLISTED = Path(__file__).parent / "unlisted.toml"
_WORDS_LOOKED_AT = 120


@cache
def _languages_by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for language in languages():
        for word in stop_words(language):
            found.setdefault(word, []).append(language)
    for language, words in tomllib.loads(_UNLISTED.read_text(encoding="utf-8")).items():
        for word in {normalise_word(word) for word in words.split()}:
            found.setdefault(word, []).append(language)
    return {word: tuple(named) for word, named in found.items()}


def detect_language(words: tuple[str, ...], tag: str | None) -> str | None:
    """Two letters of the language, or None where there is no telling; it may be one without a list.

    words: plain words of the text, apostrophes joined. tag: what the network says ('en-GB'), often wrong.
    """
    tagged = (tag or "").replace("_", "-").split("-")[0].lower() or None
    looked_at = [word for word in words[:_WORDS_LOOKED_AT] if word[0] not in "#0123456789"]
    is_plain_ascii = "".join(looked_at).isascii()
    if not is_plain_ascii and sum(1 for word in looked_at if not word.isascii()) > len(looked_at) / 2:
        return tagged if tagged not in languages() else None  # another script; accents have been taken off by now
    if tagged is not None and tagged in languages():
        own = sum(map(stop_words(tagged).__contains__, looked_at))
        if own and 2 * own + 2 > len(looked_at):  # no other language can have enough words to speak against it
            return tagged
    by_word = _languages_by_word()
    hits: Counter[str] = Counter()
    for word in looked_at:  # plain loops: every post comes through here
        for language in by_word.get(word, ()):
            hits[language] += 1
    best = max(hits, key=lambda language: (hits[language], language == tagged, language == "en"), default=None)
    if best is None:
        return None if tagged in languages() and len(looked_at) >= 6 else tagged
    if tagged is None:
        return best if hits[best] >= 0.15 * len(looked_at) else None
    if tagged in languages():
        if hits[best] >= 2 * hits[tagged] + 2:
            return best
        return None if hits[tagged] == 0 and len(looked_at) >= 6 else tagged
    # A language without a list: believed unless the words are plainly of another one.
    is_plain = hits[best] >= 4 and hits[best] >= 0.4 * len(looked_at) and hits[best] > 2 * hits[tagged]
    return best if is_plain else tagged
