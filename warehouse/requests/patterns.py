"""The small language in which the word lists are written, turned into safe patterns.

    has (anyone|anybody) [else] ever     words; (either|or); [may be left out]
    i need *3 help                       * one word of any kind, *3 up to three
    why do _3 always                     _ one word, or _3 up to three, none of them in the list `me`
    struggl~                             a word that begins so
    {people} know                        a list named under [lists]
    ^ how do i                           ^ the beginning of a sentence (after "hi", "so", "and", a hashtag …)
    like this ?                          ? a sentence that ends as a question; $ any sentence's end

Nobody writes a regular expression, and a gap is never longer than nine words: nothing can run away.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from warehouse.requests.tokenizer import tokenize

_PIECE = re.compile(r"\{[a-z_]+\}|[()|\[\]^?$]|[*_]\d?|%[a-z]+|[^\s()|\[\]^?$*_{}]+")
_WORD = "[^ .?!]+ "
_SHORT = 3  # letters
_COMMON, _RARE, _ANYTHING = 1.0, 0.05, 1000.0
_BESIDE = 0.02  # how much rarer two words are side by side than both of them anywhere
_MOST_PAIRS = 600  # of one phrase's two neighbouring places; more would cost more memory than they save time


@dataclass(frozen=True, slots=True)
class Phrase:
    """pattern finds it in a reading's line, with the space before it: a first letter that the search can jump to.

    A text without one of needs, and one of each set in also, cannot have it: words, or two words side by side.
    needs is the rarest of those sets, for looking phrases up; empty when nothing is known.
    """

    pattern: re.Pattern[str]
    needs: frozenset[str]
    also: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """firsts, lasts: the words it may begin and end with; None where it may be any."""

    pattern: str
    needs: frozenset[str]
    cost: float
    also: tuple[frozenset[str], ...] = ()
    firsts: frozenset[str] | None = None
    lasts: frozenset[str] | None = None
    is_optional: bool = False


def compile_phrase(
    source: str, lists: Mapping[str, Sequence[str]], fillers: Sequence[str], common: frozenset[str], split: bool = False
) -> Phrase:
    """source in the language above. fillers: what may come before a sentence's first word. Raises ValueError."""
    pieces = _PIECE.findall(source)
    at = 0

    def alternatives(closing: str) -> _Part:
        nonlocal at
        choices = [sequence(closing)]
        while at < len(pieces) and pieces[at] == "|":
            at += 1
            choices.append(sequence(closing))
        if closing:
            if at >= len(pieces) or pieces[at] != closing:
                raise ValueError(f"phrase {source!r}: a {closing} is missing")
            at += 1
        return _either(choices)

    def sequence(closing: str) -> _Part:
        nonlocal at
        parts: list[_Part] = []
        while at < len(pieces) and pieces[at] not in ("|", closing):
            piece = pieces[at]
            at += 1
            if piece == "(":
                parts.append(alternatives(")"))
            elif piece == "[":
                inner = alternatives("]")
                parts.append(
                    _Part(f"(?:{inner.pattern})?", frozenset(), _ANYTHING, (), inner.firsts, inner.lasts, True)
                )
            elif piece in (")", "]"):
                raise ValueError(f"phrase {source!r}: {piece} was never opened")
            else:
                parts.append(_simple(piece, list_part))
        return _in_a_row(parts, common)

    def list_part(name: str | None, word: str) -> _Part:
        if name is None:
            return _words(word, common, split)
        if name == "_":
            own = "|".join(re.escape(_plain(entry, split)) for entry in lists["me"])
            return _gap(f"(?!(?:{own}) ){_WORD}", word)
        if name == "^":
            inner = "|".join(re.escape(filler if filler[0] == "%" else _plain(filler, split)) for filler in fillers)
            return _Part(rf"(?<=[.?!] )(?:(?:{inner}|#[^ ]+) ){{0,4}}", frozenset(), _ANYTHING)
        if name not in lists:
            raise ValueError(f"phrase {source!r}: there is no list called {name!r}")
        return _either([compile_part(entry) for entry in lists[name]])

    def compile_part(entry: str) -> _Part:
        return _words(entry, common, split)

    whole = alternatives("")
    rarest_first = sorted(whole.also, key=lambda needs: (not needs.isdisjoint(common), len(needs)))
    return Phrase(re.compile(f" {whole.pattern}"), whole.needs, tuple(rarest_first))


def _in_a_row(parts: list[_Part], common: frozenset[str]) -> _Part:
    """One part after the other; what must be there is looked for in each, and in the words where two meet."""
    known = [(part.cost, part.needs) for part in parts if part.needs]
    lasts: frozenset[str] | None = None  # what the word before the next part may be
    for part in parts:
        if lasts and part.firsts and not part.is_optional and len(lasts) * len(part.firsts) <= _MOST_PAIRS:
            cost = sum(_cost(a, common) for a in lasts) * sum(_cost(b, common) for b in part.firsts) * _BESIDE
            known.append((cost, frozenset(f"{a} {b}" for a in lasts for b in part.firsts)))
        left_out = lasts if part.is_optional else frozenset[str]()
        lasts = None if left_out is None or part.lasts is None else left_out | part.lasts
    cost, needs = min(known, key=lambda each: each[0], default=(_ANYTHING, frozenset()))
    also = tuple(other for _, other in known if other is not needs)
    also += tuple(other for part in parts for other in part.also)
    firsts = parts[0].firsts if parts and not parts[0].is_optional else None
    ends = parts[-1].lasts if parts and not parts[-1].is_optional else None
    return _Part("".join(part.pattern for part in parts), needs, cost, also, firsts, ends)


def _simple(piece: str, list_part: Callable[[str | None, str], _Part]) -> _Part:
    if piece == "^":
        return list_part("^", "")
    if piece == "?":
        return _Part(r"\? ", frozenset("?"), _COMMON, (), frozenset("?"), frozenset("?"))
    if piece == "$":
        return _Part("[.?!] ", frozenset(), _ANYTHING, (), frozenset(".?!"), frozenset(".?!"))
    if piece[0] == "*":
        return _gap(_WORD, piece[1:])
    if piece[0] == "_":
        return list_part("_", piece[1:])
    if piece[0] == "{":
        return list_part(piece[1:-1], "")
    if piece[0] == "%":
        return _Part(re.escape(piece) + " ", frozenset([piece]), _RARE, (), frozenset([piece]), frozenset([piece]))
    if piece.endswith("~"):
        return _Part(re.escape(_plain(piece[:-1], False)) + "[^ ]* ", frozenset(), _ANYTHING)
    return list_part(None, piece)


def _gap(word: str, most: str) -> _Part:
    return _Part(f"(?:{word}){{0,{most}}}?" if most else word, frozenset(), _ANYTHING)


def _plain(words: str, split: bool) -> str:
    return " ".join(tokenize(words, split).words)


def _words(source: str, common: frozenset[str], split: bool) -> _Part:
    words = [frozenset([word]) for word in _plain(source, split).split()]
    if not words:
        raise ValueError(f"no word in {source!r}")
    return _in_a_row(
        [_Part(re.escape(word) + " ", only, _cost(word, common), (), only, only) for only in words for word in only],
        common,
    )


def _cost(word: str, common: frozenset[str]) -> float:
    """How often the word is met, roughly: of a language's common words the short ones are the commonest."""
    if word not in common:
        return _RARE
    return _COMMON * (2 if len(word) <= _SHORT else 1)


def _either(choices: list[_Part]) -> _Part:
    if len(choices) == 1:
        return choices[0]
    cost = sum(choice.cost for choice in choices)
    known = all(choice.needs for choice in choices)
    needs = frozenset().union(*(choice.needs for choice in choices)) if known else frozenset()
    pattern = "(?:" + "|".join(choice.pattern for choice in choices) + ")"
    firsts = [choice.firsts for choice in choices if choice.firsts]
    lasts = [choice.lasts for choice in choices if choice.lasts]
    return _Part(
        pattern,
        needs,
        cost if known else _ANYTHING,
        (),
        frozenset().union(*firsts) if len(firsts) == len(choices) else None,
        frozenset().union(*lasts) if len(lasts) == len(choices) else None,
    )
