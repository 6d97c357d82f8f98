"""Nonsense, tricks and very long posts: a verdict in good time, offsets inside the text, never an error."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.requests import judge
from warehouse.requests.tokenizer import tokenize

LONG = {
    "words": "please help me with this form " * 340,
    "one word": "a" * 10_000,
    "questions": "why? " * 2_000,
    "marks": "?!" * 5_000,
    "dots": "." * 10_000,
    "open quotation marks": '"' * 10_000,
    "open tags": "<a " * 3_400,
    "handles": "@" * 10_000,
    "handles with dots": "@a.b-" * 2_000,
    "addresses": "http://" * 1_400,
    "apostrophes": "'" * 10_000,
    "entities": "&#39;" * 2_000,
    "zero width": "\u200b" * 10_000,
    "combining": "e" + "\u0301" * 9_999,
    "almost a phrase": "i need some really very " * 400,
    "first words": "so and but hi hey hello ok " * 370,
    "line breaks": "\n" * 10_000,
    "quoted lines": "> " * 5_000,
    "emoji": "😭" * 10_000,
    "no sentence ends": "what do you do when i and my we our us " * 250,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_ten_thousand_characters_are_judged_within_a_second(text: str) -> None:
    judge("warm up", "en")
    began = time.process_time()
    judge(text, "en")
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\x00", "😭😭😭", "❤️", "\u200b\u200d", "...", "https://example.org", "@me"]
)
def test_a_post_without_words_is_no_ask_and_no_unknown_language(text: str) -> None:
    verdict = judge(text, None)
    assert verdict.is_checked
    assert not verdict.is_queue
    assert verdict.score == 0


def test_zero_width_characters_do_not_hide_an_ask() -> None:
    assert judge("Pl\u200bease he\u200blp m\u2060e, any\ufeffone", "en").is_count


def test_look_alike_letters_do_not_hide_an_ask() -> None:
    assert judge("Can аnуоne hеlp me with the form?", "en").is_count  # Cyrillic а, у, о, е


def test_styled_letters_do_not_hide_an_ask() -> None:
    assert judge("𝐂𝐚𝐧 𝐚𝐧𝐲𝐨𝐧𝐞 𝐡𝐞𝐥𝐩 𝐦𝐞?", "en").is_count


def test_html_is_not_read_as_words() -> None:
    text = '<p class="help me please">Good morning</p><br/><a href="https://example.org/any-advice">a page</a>'
    assert not judge(text, "en").is_queue
    assert judge("<p>Does anyone know a good dentist?</p>", "en").is_count
    assert judge("I don&#39;t know what to do", "en").is_count


def test_right_to_left_marks_around_an_english_ask_do_not_matter() -> None:
    assert judge("\u202bHas anyone\u202c tried it?\u200f", "en").is_count


def test_shouting_and_missing_apostrophes_do_not_matter() -> None:
    assert judge("I DONT KNOW WHAT TO DO", "en").is_count
    assert judge("I don’t know what to do", "en").is_count


def test_a_post_wholly_in_quotation_marks_is_still_read() -> None:
    assert judge('"Does anyone know when it starts?"', "en").is_count


def test_a_sign_for_help_counts_as_a_word() -> None:
    assert judge("🆘 power is off and he is on oxygen", "en").is_queue


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400), st.sampled_from([None, "en", "de", "fr", "xx", "", "e" * 50]))
def test_any_text_gets_a_verdict_with_offsets_inside_the_text(text: str, tag: str | None) -> None:
    verdict = judge(text, tag)
    assert 0 <= verdict.score <= 1
    assert all(0 <= fired.start <= fired.end <= len(text) for fired in verdict.fired)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(["does anyone", "?", "\n", "“", "”", '"', "<b>", "help me", "’", "\u200b", "é", ">"]),
        max_size=30,
    )
)
def test_offsets_hold_for_any_mix_of_words_and_marks(parts: list[str]) -> None:
    text = " ".join(parts)
    reading = tokenize(text)
    assert len(reading.starts) == len(reading.spans)
    assert all(0 <= start <= end <= len(text) for start, end in reading.spans)
    assert all(before[1] <= after[0] for before, after in zip(reading.spans, reading.spans[1:], strict=False))
