"""A file of counts: what is taken, and what is said about every line that is not."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.reports.exchange.import_csv import COLUMNS, TEMPLATE, CannotImport, parse_lines

TODAY = date(2026, 11, 22)
HEAD = ",".join(COLUMNS) + "\n"
DOCS = Path(__file__).parents[4] / "docs" / "import.md"


def wrong(text: str) -> list[str]:
    with pytest.raises(CannotImport) as caught:
        parse_lines(text.encode(), TODAY)
    return caught.value.wrong


def test_the_template_can_be_imported_and_is_the_one_in_the_docs() -> None:
    found = parse_lines(TEMPLATE.encode(), TODAY)
    assert [
        (one.what, one.place, one.likes, one.boosts, one.replies, one.followers, one.asks, one.answered)
        for one in found
    ] == [
        ("post", "Facebook group", 12, 3, 4, None, None, None),
        ("post", "Facebook group", 9, 0, 2, None, None, None),
        ("tally", "Facebook group", None, None, None, 214, 6, 5),
        ("tally", "Thursday meeting", None, None, None, None, 4, 4),
    ]
    assert TEMPLATE in DOCS.read_text(encoding="utf-8")


def test_semicolons_and_a_spreadsheets_mark_are_taken() -> None:
    assert parse_lines(b"\xef\xbb\xbf" + TEMPLATE.replace(",", ";").encode(), TODAY) == parse_lines(
        TEMPLATE.encode(), TODAY
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("meeting,Hall,2026-11-12,,,,,,4,4", "'what' is 'meeting'; write post (one of the group's own) or tally"),
        ("tally,,2026-11-12,,,,,,4,4", "'place' is empty"),
        ("tally,@ann@x.example,2026-11-12,,,,,,4,4", "must be the name of a place, not an address or a person"),
        ("tally,Mastodon,2026-11-12,,,,,,4,4", "Mastodon is read by itself"),
        (f"tally,{'x' * 61},2026-11-12,,,,,,4,4", "longer than 60 characters"),
        ("tally,Hall,12/11/2026,,,,,,4,4", "'date' is '12/11/2026'; write year, month, day, like 2026-11-12"),
        ("tally,Hall,2026-11-23,,,,,,4,4", "2026-11-23 is still to come"),
        ("tally,Hall,1026-11-22,,,,,,4,4", "is the year right?"),
        ("tally,Hall,2026-11-12,,,,,,4,5", "more were answered than asked"),
        ("tally,Hall,2026-11-12,,,,,,four,4", "'asked' is 'four'; write a whole number in digits"),
        ("tally,Hall,2026-11-12,,,,,,-4,", "'asked' is '-4'; write a whole number"),
        ("tally,Hall,2026-11-12,,,,,,٤,", "'asked' is '٤'; write a whole number"),
        ("tally,Hall,2026-11-12,,,,,1.234,,", "'followers' is '1.234'; write a whole number"),
        ("tally,Hall,2026-11-12,,,,,,,", "nothing was counted; fill in at least one of: followers, asked, answered"),
        ("tally,Hall,2026-11-12,,3,,,,4,4", "a tally has no 'likes'"),
        ("tally,Hall,2026-11-12,one,,,,,4,4", "a tally has no 'id'"),
        ("post,Hall,2026-11-12,,3,,,,,", "a post needs an 'id'"),
        ("post,Hall,2026-11-12,one,3,,,,4,", "a post has no 'asked'"),
        ("tally,The hall, upstairs,2026-11-12,,,,,,4,4", "more cells than there are headings"),
    ],
)
def test_a_line_that_will_not_do_is_named_with_its_number_and_cure(line: str, words: str) -> None:
    (said,) = wrong(HEAD + "tally,Hall,2026-11-01,,,,,,1,1\n" + line + "\n")
    assert said.startswith("line 3: ")
    assert words in said


def test_every_wrong_line_is_said_at_once() -> None:
    said = wrong(
        HEAD
        + "tally,Hall,x,,,,,,1,1\ntally,Hall,2026-11-01,,,,,,1,1\n\ntally,Hall,2026-11-01,,,,,,1,1\npost,H,,,,,,,,\n"
    )
    assert [one.split(":")[0] for one in said] == ["line 2", "line 5", "line 6"]
    assert "stood in line 3 already" in said[1]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("what,place,date,text,likes", "'text' holds words or names, and those are never imported"),
        ("what,place,date,likees", "there is no column 'likees'; did you mean 'likes'?"),
        ("what,place,likes", "the column 'date' is missing"),
        ("what,place,date,likes,likes", "the column 'likes' stands there twice"),
        ("", "the column 'what' is missing"),
    ],
)
def test_headings_that_will_not_do_are_named(head: str, words: str) -> None:
    assert any(words in one for one in wrong(head + "\n"))


def test_a_file_without_lines_or_that_is_no_text_says_so() -> None:
    assert "no line below the headings" in wrong(HEAD)[0]
    with pytest.raises(CannotImport, match="CSV UTF-8"):
        parse_lines("what,place,date\ntally,Café,2026-11-01".encode("latin-1"), TODAY)


@given(some.binary() | some.text().map(str.encode) | some.text().map(lambda text: (HEAD + text).encode()))
def test_nonsense_is_refused_in_words_and_never_breaks_anything(content: bytes) -> None:
    said: list[str] = []
    try:
        said = [one.place for one in parse_lines(content, TODAY)]
    except CannotImport as error:
        said = error.wrong
    assert said
