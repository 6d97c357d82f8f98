"""Read a post once: words, sentence ends, and where each stood in the original text.

The *line* is what phrases are matched against: ` . hello all . does anyone know ? ` — plain lower-case words and the
marks `.`, `?` and `!`, one space between them. Accents, apostrophes, zero-width characters and look-alike letters are
gone from the line, never from the offsets. Links, handles, tags of HTML and quoted words leave a placeholder only.
"""

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

LINK, HANDLE, QUOTE, HEART = "%link", "%handle", "%quote", "%heart"
TAG, TITLE = "%tag", "%title"  # never in a line: what a whole reading has or is
MOST_CHARACTERS = 20_000  # what is longer than any network allows is read up to here

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0f\ufeff"
_APOSTROPHES = "'’‘ʼ`´＇"
# Every repeat is over one class of characters that what follows cannot start with, or is bounded: no backtracking.
_TOKEN = re.compile(
    rf"""
      (?P<quoted>^[ \t]{{0,3}}>[^\n]*$)                                      # an e-mail style quotation
    | (?P<link>(?:https?://|www\.)[^\s<>"]+)
    | (?P<word>[#]?(?:[\w{_INVISIBLE}\u0300-\u036f]++|[{_APOSTROPHES}](?=\w)|&(?:\#39|apos|rsquo|\#x27);)++)
    | (?P<tag></?[a-zA-Z][^<>]{{0,300}}>)                                    # HTML that a server let through
    | (?P<handle>(?<!\w)@[\w.-]{{1,64}}(?:@[\w.-]{{1,64}})?)
    | (?P<sos>🆘)
    | (?P<heart>[❤💛💚💙💜🧡🖤🤍🤎💕💗💖💞💓🫂🤗🥰])
    | (?P<end>[.?!…⁉‽？！。؟;]+(?=[\s{_INVISIBLE}"'”’)\]*_.?!…<]|$|[^\w\s])|[?？؟]|\n)
    | (?P<pause>[ ][-–—]{{1,2}}(?=[ ])|—|(?<=\w):(?=\s))                      # what follows begins anew
    """,
    re.VERBOSE | re.MULTILINE,
)
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»\n]{1,400}[\"”“»]")
_DROP = dict.fromkeys(map(ord, _APOSTROPHES + "\u00ad\u2060\ufeff\ufe0f"))
_DROP.update(dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)]))
# Cyrillic and Greek letters that look like Latin ones; applied only to a word that mixes scripts.
_ALIKE = str.maketrans("аеорсухіјѕԁһӏгкмтнвАВЕКМНОРСТУХІЈЅαοενιρτυκνχ", "aeopcyxijsdhlrkmthbABEKMHOPCTYXIJSaoevipтuknx")


@dataclass(frozen=True, slots=True)
class Reading:
    """line: what phrases match; starts[i]: where token i begins in it; spans[i]: (start, end) in the original text."""

    line: str
    starts: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    words: tuple[str, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original text of line[start:end]."""
        first = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, max(start, end - 1)) - 1
        return self.spans[first][0], self.spans[last][1]


@lru_cache(maxsize=20_000)
def normalise_word(word: str) -> str:
    """One word as phrases know it: lower case, no accents, no apostrophes, no tricks. May be empty."""
    if word.isascii():
        if "&" in word:
            word = html.unescape(word)
        return word.replace("'", "").replace("`", "").replace("_", "").lower()
    word = unicodedata.normalize("NFKD", html.unescape(word).translate(_DROP))
    word = "".join(letter for letter in word if not unicodedata.combining(letter))
    if any("a" <= letter <= "z" for letter in word.lower()):
        word = word.translate(_ALIKE)
    return word.replace("ß", "ss").replace("œ", "oe").replace("æ", "ae").replace("_", "").lower().lstrip("%")


def tokenize(text: str, split_apostrophes: bool = False) -> Reading:
    """The text's words and sentence ends with their offsets. split_apostrophes: French, where j'ai is two words."""
    text = text[:MOST_CHARACTERS]
    found = _read(text, split_apostrophes, _quotations(text))
    if found.words or not text.strip():
        return found
    return _read(text.replace(">", " "), split_apostrophes, [])  # nothing but quotation: then it is what is said


def correct_spelling(reading: Reading, spellings: Mapping[str, str]) -> Reading:
    """The same reading with its texting spellings and slips written out: "any1" as anyone; the offsets stay."""
    if spellings.keys().isdisjoint(reading.words):
        return reading
    tokens = [spellings.get(token, token) for token in reading.line.split()]
    starts = accumulate((len(token) + 1 for token in tokens[:-1]), initial=1)
    words = tuple([token for token in tokens if token[0] not in ".?!%"])
    return Reading(" " + " ".join(tokens) + " ", tuple(starts), reading.spans, words)


def _read(text: str, split_apostrophes: bool, hidden: list[tuple[int, int]]) -> Reading:
    tokens: list[str] = ["."]
    spans: list[tuple[int, int]] = [(0, 0)]
    is_simple = not hidden and not split_apostrophes
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if is_simple and kind == "word":  # the common case, short: this is where time goes
            if word := normalise_word(match[0]):
                tokens.append(word)
                spans.append(match.span())
            continue
        start, end = match.span()
        if hidden and any(begin <= start < stop for begin, stop in hidden):
            kind = "quoted"
        if kind == "word":
            pieces = _pieces(match) if split_apostrophes else ((match.group(), (start, end)),)
            for piece, span in pieces:
                if word := normalise_word(piece):
                    tokens.append(word)
                    spans.append(span)
            continue
        mark = _mark(kind, match.group())
        if mark in ".?!" and tokens[-1] in (".", "?", "!"):
            if "?" in (mark, tokens[-1]) and len(tokens) > 1 and mark != ".":
                tokens[-1] = "?"
            continue
        if mark and not (mark == QUOTE and tokens[-1] == QUOTE):
            tokens.append(mark)
            spans.append((start, end))
    if tokens[-1] not in (".", "?", "!"):
        tokens.append(".")
        spans.append((len(text), len(text)))
    starts = accumulate([len(token) + 1 for token in tokens[:-1]], initial=1)
    words = tuple([token for token in tokens if token[0] not in ".?!%"])
    return Reading(" " + " ".join(tokens) + " ", tuple(starts), tuple(spans), words)


def _quotations(text: str) -> list[tuple[int, int]]:
    """Where words stand in quotation marks; a whole post in quotation marks is nobody's quotation."""
    if not any(mark in text for mark in '"“„«'):
        return []
    spans = [match.span() for match in _QUOTED.finditer(text)]
    return [(start, end) for start, end in spans if end - start < 0.8 * len(text)]


def _pieces(word: re.Match[str]) -> list[tuple[str, tuple[int, int]]]:
    """A word cut at its apostrophes."""
    pieces = re.finditer(rf"[^{_APOSTROPHES}]+", word.group())
    return [(piece.group(), (word.start() + piece.start(), word.start() + piece.end())) for piece in pieces]


def _mark(kind: str | None, found: str) -> str:
    if kind == "end":
        if any(mark in found for mark in "?？؟⁉‽"):
            return "?"
        return "!" if "!" in found or "！" in found else "."
    return {"link": LINK, "handle": HANDLE, "quoted": QUOTE, "heart": HEART, "tag": ".", "pause": ".", "sos": "sos"}[
        kind or "tag"
    ]
