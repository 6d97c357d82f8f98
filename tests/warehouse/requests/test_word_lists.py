"""Every rule of every language keeps its own two promises."""

from collections.abc import Iterable

import pytest

from warehouse.requests import judge
from warehouse.requests.matcher import find_hits
from warehouse.requests.patterns import compile_phrase
from warehouse.requests.tokenizer import tokenize
from warehouse.requests.word_lists import KINDS, SUPPORT, Rule, languages, word_list

EVERY_RULE = [(language, rule) for language in languages() for rule in word_list(language).rules]


def fired_by(language: str, sentence: str, is_title: bool) -> set[str]:
    known = word_list(language)
    return {hit.rule.rule_id for hit in find_hits(tokenize(sentence, known.splits_apostrophes), known, is_title)}


def named(rules: Iterable[tuple[str, Rule]]) -> list[str]:
    return [f"{language}: {rule.rule_id}" for language, rule in rules]


def test_there_are_rules_to_be_held_to_their_promises() -> None:
    assert len(EVERY_RULE) > 200


def test_every_rule_fires_on_its_own_sentence() -> None:
    assert (
        named(
            (language, rule)
            for language, rule in EVERY_RULE
            if rule.rule_id not in fired_by(language, rule.fires, rule.is_for_titles)
        )
        == []
    )


def test_every_rule_stays_quiet_on_the_sentence_it_must_not_fire_on() -> None:
    assert (
        named(
            (language, rule)
            for language, rule in EVERY_RULE
            if rule.rule_id in fired_by(language, rule.fires_not, rule.is_for_titles)
        )
        == []
    )


def test_every_rule_has_a_reason_a_person_can_read_and_a_known_kind() -> None:
    assert (
        named(
            (language, rule)
            for language, rule in EVERY_RULE
            if not rule.reason.endswith(".") or rule.kind not in KINDS or rule.support not in (None, *SUPPORT)
        )
        == []
    )


def test_the_sentence_of_every_ask_reaches_the_queue_by_itself() -> None:
    asks = [(language, rule) for language, rule in EVERY_RULE if rule.kind == "ask" and rule.weight > 1]
    assert len(asks) > 50
    assert named((language, rule) for language, rule in asks if not judge(rule.fires, language).is_queue) == []


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
