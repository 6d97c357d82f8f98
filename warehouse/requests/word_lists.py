"""Load a language's word list: one TOML file per language, read once, checked as it is read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from warehouse.requests.patterns import Phrase, compile_phrase
from warehouse.requests.tokenizer import normalise_word

FOLDER = Path(__file__).parent / "languages"
_UNLISTED_THANKS = Path(__file__).with_name("unlisted_thanks.toml")
# ask: adds wherever it stands. question: adds to (or takes from) the question it stands in. opener: makes its sentence a
# question that lacks its mark. plight: somebody tells of their trouble, counted once. against: takes from the whole post.
# bearing: its words are counted wherever they stand, each once; they move the bar of the queue.
# thanks, asked, given: no part of the score.
KINDS = ("ask", "question", "opener", "plight", "bearing", "against", "thanks", "asked", "given")
SUPPORT = ("emotional", "informational", "practical")


@dataclass(frozen=True, slots=True, eq=False)  # a rule is itself: quick to look up by
class Rule:
    """One rule as a volunteer may read it: reason is shown beside the pick; fires and fires_not are its examples.

    is_for_tellings: a bearing that says something only of a post in which nothing is asked.
    is_for_count: a bearing that makes it likelier, too, that what is put as a question is an ask.
    unless: words beside which a bearing's own say nothing.
    telling: points of a thanks, or of support given, for a post in which nothing is asked: who gives does not ask.
    """

    rule_id: str
    kind: str
    weight: float
    reason: str
    support: str | None
    fires: str
    fires_not: str
    is_for_titles: bool
    is_for_tellings: bool
    is_for_count: bool
    telling: float
    phrases: tuple[str, ...]
    words: frozenset[str]
    unless: frozenset[str]


@dataclass(frozen=True, slots=True)
class WordList:
    """A language's rules; phrases: (rule's place, phrase); by_word: which of them are worth trying for a word.

    bearings: the rules that count words. for_titles: places of the rules that are tried on titles only.
    spellings: texting spellings and common slips, each with the one word it stands for.
    """

    language: str
    splits_apostrophes: bool
    rules: tuple[Rule, ...]
    phrases: tuple[tuple[int, Phrase], ...]
    by_word: Mapping[str, frozenset[int]]
    always: frozenset[int]
    bearings: tuple[Rule, ...]
    for_titles: frozenset[int]
    spellings: Mapping[str, str]


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a list, by their two letters."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def word_list(language: str, is_asked: bool | None = None) -> WordList:
    """The list of one language. Raises ValueError naming the file, the rule and what is wrong with it.

    is_asked: only the rules that say which support is asked for (they matter in what is picked), or only the others.
    """
    try:
        return _build(language, _found(language), stop_words(language), is_asked)
    except (KeyError, ValueError) as wrong:
        raise ValueError(f"{language}.toml: {wrong}") from wrong


@cache
def stop_words(language: str) -> frozenset[str]:
    """The language's commonest words, plain; cheap, for telling languages apart."""
    return frozenset(normalise_word(word) for word in _found(language)["stop_words"].split())


@cache
def unlisted_thanks(language: str | None) -> frozenset[str]:
    """The words of thanks, plain, of a language without a list; none where they are not known."""
    known = tomllib.loads(_UNLISTED_THANKS.read_text(encoding="utf-8"))
    return frozenset(normalise_word(word) for word in known.get(language or "", "").split())


@cache
def _found(language: str) -> dict[str, Any]:
    try:
        return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        raise ValueError(f"{language}.toml: {wrong}") from wrong


def _build(language: str, found: dict[str, Any], common: frozenset[str], is_asked: bool | None) -> WordList:
    split = bool(found.get("splits_apostrophes", False))
    rules = tuple(_rule(entry) for entry in found["rules"])
    if len({rule.rule_id for rule in rules}) < len(rules):
        raise ValueError("two rules share an id")
    rules = tuple(rule for rule in rules if is_asked is None or (rule.kind == "asked") == is_asked)
    phrases = tuple(
        (at, compile_phrase(source, found["lists"], found["fillers"], common, split))
        for at, rule in enumerate(rules)
        for source in rule.phrases
    )
    by_word: dict[str, set[int]] = {}
    for number, (_, phrase) in enumerate(phrases):
        for word in phrase.needs:
            by_word.setdefault(word, set()).add(number)
    tried = {word: frozenset(numbers) for word, numbers in by_word.items()}
    always = frozenset(number for number, (_, phrase) in enumerate(phrases) if not phrase.needs)
    bearings = tuple(rule for rule in rules if rule.kind == "bearing")
    for_titles = frozenset(at for at, rule in enumerate(rules) if rule.is_for_titles)
    spellings = {
        normalise_word(slip): normalise_word(meant)
        for meant, slips in found.get("spellings", {}).items()
        for slip in slips.split()
    }
    return WordList(language, split, rules, phrases, tried, always, bearings, for_titles, spellings)


def _rule(entry: dict[str, Any]) -> Rule:
    kind, support = entry["kind"], entry.get("support")
    if kind not in KINDS:
        raise ValueError(f"rule {entry['id']}: unknown kind {kind!r}; use one of {', '.join(KINDS)}")
    if support is not None and support not in SUPPORT:
        raise ValueError(f"rule {entry['id']}: unknown support {support!r}; use one of {', '.join(SUPPORT)}")
    return Rule(
        rule_id=entry["id"],
        kind=kind,
        weight=float(entry["weight"]),
        reason=entry["reason"],
        support=support,
        fires=entry["fires"],
        fires_not=entry["not"],
        is_for_titles=bool(entry.get("titles_only", False)),
        is_for_tellings=bool(entry.get("tellings_only", False)),
        is_for_count=bool(entry.get("for_count", False)),
        telling=float(entry.get("telling", 0)),
        phrases=() if kind == "bearing" else tuple(entry["phrases"]),
        words=_counted_words(entry["words"] if kind == "bearing" else ""),
        unless=_counted_words(entry.get("unless", "")),
    )


def _counted_words(words: str) -> frozenset[str]:
    """Words as a reading has them; a mark or a placeholder stays what it is."""
    return frozenset(word if word[0] in "%!" else normalise_word(word) for word in words.split())
