"""Every rule of every language keeps its own two promises."""

import pytest

from warehouse.requests import judge
from warehouse.requests.matcher import find_hits
from warehouse.requests.patterns import compile_phrase
from warehouse.requests.tokenizer import tokenize
from warehouse.requests.word_lists import KINDS, SUPPORT, Rule, languages, word_list

EVERY_RULE = [
    pytest.param(language, rule, id=f"{language}-{rule.rule_id}")
    for language in languages()
    for rule in word_list(language).rules
]


def fired_by(language: str, sentence: str, is_title: bool) -> set[str]:
    known = word_list(language)
    return {hit.rule.rule_id for hit in find_hits(tokenize(sentence, known.splits_apostrophes), known, is_title)}


@pytest.mark.parametrize(("language", "rule"), EVERY_RULE)
def test_a_rule_fires_on_its_own_sentence(language: str, rule: Rule) -> None:
    assert rule.rule_id in fired_by(language, rule.fires, rule.is_for_titles)


@pytest.mark.parametrize(("language", "rule"), EVERY_RULE)
def test_a_rule_stays_quiet_on_the_sentence_it_must_not_fire_on(language: str, rule: Rule) -> None:
    assert rule.rule_id not in fired_by(language, rule.fires_not, rule.is_for_titles)


@pytest.mark.parametrize("rule", [case.values[1] for case in EVERY_RULE], ids=[case.id for case in EVERY_RULE])
def test_a_rule_has_a_reason_a_person_can_read_and_a_known_kind(rule: Rule) -> None:
    assert rule.reason.endswith(".")
    assert rule.kind in KINDS
    assert rule.support is None or rule.support in SUPPORT


@pytest.mark.parametrize(
    ("language", "rule"), [case for case in EVERY_RULE if case.values[1].kind == "ask" and case.values[1].weight > 1]
)
def test_the_sentence_of_an_ask_reaches_the_queue_by_itself(language: str, rule: Rule) -> None:
    assert judge(rule.fires, language).is_queue


def test_the_six_languages_promised_are_there() -> None:
    assert set(languages()) == {"cy", "de", "en", "es", "fr", "nl"}


def test_no_phrase_has_to_be_tried_on_every_text() -> None:
    """A phrase without one certain word would cost its time on every post."""
    assert not any(word_list(language).always for language in languages())


@pytest.mark.parametrize("source", ["(has|have", "has)", "[any", "{nobody_made_this_list} know"])
def test_a_broken_phrase_is_named(source: str) -> None:
    with pytest.raises(ValueError, match="phrase"):
        compile_phrase(source, {}, [], frozenset())


def test_a_gap_is_bounded_so_that_a_phrase_cannot_run_away() -> None:
    phrase = compile_phrase("need *3 help", {}, [], frozenset())
    assert phrase.pattern.search(" . i need some real quick help . ")
    assert not phrase.pattern.search(" . i need to say that it did not help . ")


def test_a_phrase_does_not_reach_over_the_end_of_a_sentence() -> None:
    phrase = compile_phrase("need *3 help", {}, [], frozenset())
    assert not phrase.pattern.search(" . i need . no help . ")


def test_a_phrase_is_looked_up_by_two_words_side_by_side_with_or_without_what_may_be_left_out() -> None:
    phrase = compile_phrase("(can|could) [just] (anyone|someone)", {}, [], frozenset({"can", "could", "just"}))
    known = {phrase.needs, *phrase.also}
    pairs = {f"{a} {b}" for a in ("can", "could", "just") for b in ("anyone", "someone")}
    assert frozenset(pairs) in known


def test_a_gap_between_two_words_makes_no_pair_of_them() -> None:
    phrase = compile_phrase("need *3 help", {}, [], frozenset())
    assert all(" " not in word for needs in (phrase.needs, *phrase.also) for word in needs)
