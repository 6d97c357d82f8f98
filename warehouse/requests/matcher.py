"""Find in a reading which rules fire, and where."""

import re
from bisect import bisect_right
from collections.abc import Set
from itertools import pairwise
from typing import NamedTuple

from warehouse.requests.patterns import Phrase
from warehouse.requests.tokenizer import TAG, TITLE, Reading
from warehouse.requests.word_lists import Rule, WordList

_EVERYWHERE = ("question", "opener", "ask")  # kinds of which every place matters, for the sentence it is in
_SETTLED = -3.0  # a question's rule as strong as this (a greeting) settles what its sentence is


class Hit(NamedTuple):
    """A rule that fired at line[start:end] of a reading."""

    rule: Rule
    start: int
    end: int
    sentence: int
    is_in_title: bool
    reading: Reading
    words: Set[str] = frozenset()  # of a bearing: which of its own

    def place(self) -> tuple[int, int]:
        """Where it stands in the line; of a bearing the first of its words."""
        if not self.words:
            return self.start, self.end
        line = self.reading.line
        places = [(at, at + len(word) + 1) for word in self.words if (at := line.find(f" {word} ")) >= 0]
        start, end = min(places, default=(0, 0))
        return start + 1, end


def find_hits(reading: Reading, known: WordList, is_in_title: bool) -> list[Hit]:
    """Every rule that fires, with its place; of a question's rules only those that stand in a question."""
    line = reading.line
    ends = [start for start in reading.starts if line[start] in ".?!"]
    tokens = line.split()
    here = {*tokens[1:], *map(" ".join, pairwise(tokens))}
    tried = known.always.union(*[known.by_word[word] for word in here & known.by_word.keys()])
    hits: list[Hit] = []
    done = set[int]() if is_in_title else set(known.for_titles)
    for number in sorted(tried):
        at, phrase = known.phrases[number]
        if at in done:
            continue
        for needs in phrase.also:  # a plain loop: this is where the time goes
            if needs.isdisjoint(here):
                break
        else:
            if match := phrase.pattern.search(line):
                rule = known.rules[at]
                hits += _found(phrase, match, rule, reading, ends, is_in_title)
                if rule.kind not in _EVERYWHERE:
                    done.add(at)
    hits += _bearings(reading, known, here, is_in_title)
    if not hits:
        return []
    marked = {sentence for sentence, end in enumerate(ends) if line[end] == "?"}
    opened = {hit.sentence for hit in hits if hit.rule.kind == "opener"} - marked
    settled = {hit.sentence for hit in hits if hit.rule.weight <= _SETTLED and hit.rule.kind == "question"}
    settled &= marked | opened
    return [hit for hit in hits if _stands(hit, marked, opened, settled)]


def _stands(hit: Hit, marked: set[int], opened: set[int], settled: set[int]) -> bool:
    """A question's rule needs a question to stand in; an ask in a sentence that is only a greeting is none."""
    if hit.rule.kind in ("question", "opener"):
        return hit.sentence in opened or (hit.rule.kind == "question" and hit.sentence in marked)
    return hit.rule.kind != "ask" or hit.sentence not in settled


def _found(
    phrase: Phrase, first: re.Match[str], rule: Rule, reading: Reading, ends: list[int], is_in_title: bool
) -> list[Hit]:
    """Where the phrase stands: every place where its sentence matters, else the first."""
    hits = []
    match: re.Match[str] | None = first
    while match:
        start, end = match.start() + 1, match.end()
        sentence = bisect_right(ends, max(start, end - 2) - 1)
        if reading.line[start] == "?":  # the whole sentence that ends here is meant
            sentence = bisect_right(ends, start - 1)
            start = ends[sentence - 1] + 2
        hits.append(Hit(rule, start, end, sentence, is_in_title, reading))
        if rule.kind not in _EVERYWHERE:
            break
        match = phrase.pattern.search(reading.line, max(end - 1, match.start() + 1))
    return hits


def _bearings(reading: Reading, known: WordList, here: set[str], is_in_title: bool) -> list[Hit]:
    """What the post speaks of: for each such rule how many of its words there are, wherever they stand."""
    if "#" in reading.line:
        here.add(TAG)
    if is_in_title:
        here.add(TITLE)
    hits = []
    for rule in known.bearings:
        found = here & rule.words
        if found and rule.unless.isdisjoint(here):
            hits.append(Hit(rule, 0, 0, 0, is_in_title, reading, found))
    return hits
