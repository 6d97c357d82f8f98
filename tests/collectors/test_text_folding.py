"""A no is a no, and a tag is a tag, however it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.text_folding import fold_tag, fold_text, has_refusal_tag


@pytest.mark.parametrize("word", ["nobot", "nobots", "noindex", "NoBots", "NOINDEX"])
@pytest.mark.parametrize(
    "between", ["", "\u200b", "\u00ad", "\u2060", "\u200d", "\u180e", "\ufe0f", "\u3164", "\u2066"]
)
def test_signs_that_show_nothing_do_not_turn_a_no_into_a_yes(word: str, between: str) -> None:
    assert has_refusal_tag(f"hello #{between}{between.join(word)}{between}!")


def test_wide_and_small_letters_say_no_too() -> None:
    assert has_refusal_tag("\uff03\uff2e\uff2f\uff22\uff2f\uff34")
    assert has_refusal_tag("\ufe5fnoindex")


@pytest.mark.parametrize("text", ["nobot", "#nobotany", "#noindexes", "# nobot", "no bots please", ""])
def test_what_only_looks_like_a_no_is_none(text: str) -> None:
    assert not has_refusal_tag(text)


@pytest.mark.parametrize(
    "typed", ["RiversideCarers", "#riversidecarers", "River\u200bside\u2060Carers", "\uff03Riverside\uff23arers"]
)
def test_a_group_s_tag_is_found_however_it_is_typed(typed: str) -> None:
    assert fold_tag(typed) == "riversidecarers"


def test_letters_that_are_seen_stay() -> None:
    assert fold_tag("#Cafe\u0301") == "café"
    assert fold_tag("#دعم") == "دعم"


@given(st.text())
def test_looking_twice_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)
    assert fold_tag(fold_tag(text)) == fold_tag(text)
