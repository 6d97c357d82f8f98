"""Guess a post's language from its commonest words, cheaply; a tag is believed unless the words speak against it."""

from functools import cache

from warehouse.requests.word_lists import languages, word_list

_WORDS_LOOKED_AT = 120


@cache
def _languages_by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for language in languages():
        for word in word_list(language).stop_words:
            found.setdefault(word, []).append(language)
    return {word: tuple(named) for word, named in found.items()}


def which_language(words: tuple[str, ...], tag: str | None) -> str | None:
    """Two letters of a language that has a list, or None: a language without one, or no telling.

    words: plain words of the text, apostrophes split or not. tag: what the network says ('en-GB'), often wrong.
    """
    tagged = (tag or "").replace("_", "-").split("-")[0].lower()
    looked_at = [word for word in words[:_WORDS_LOOKED_AT] if word[0] not in "#0123456789"]
    if sum(1 for word in looked_at if not word.isascii()) > len(looked_at) / 2:
        return None  # another script; accents have been taken off by now
    by_word = _languages_by_word()
    hits = dict.fromkeys(languages(), 0)
    for word in looked_at:
        for language in by_word.get(word, ()):
            hits[language] += 1
    best = max(hits, key=lambda language: (hits[language], language == tagged, language == "en"))
    if tagged in hits:
        if hits[best] >= 2 * hits[tagged] + 2:
            return best
        return None if hits[tagged] == 0 and len(looked_at) >= 6 else tagged
    if tagged:  # a language without a list: believed unless the words are plainly of one that has
        return best if hits[best] >= 4 and hits[best] >= 0.4 * len(looked_at) else None
    return best if hits[best] >= 1 and hits[best] >= 0.15 * len(looked_at) else None
