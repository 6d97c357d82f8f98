"""The phrase that a rule found is marked in the post's own words."""

import pytest

from app.request_queue.post import split_at_phrases


@pytest.mark.parametrize(
    ("text", "marked", "pieces"),
    [
        ("Can anybody help?", ["Can anybody"], [("Can anybody", True), (" help?", False)]),
        ("Hello. Can anybody help?", ["help", "Can anybody"],
         [("Hello. ", False), ("Can anybody", True), (" ", False), ("help", True), ("?", False)]),
        ("help, please help", ["help"], [("help", True), (", please help", False)]),
        ("can anybody help", ["can anybody", "anybody help"], [("can anybody", True), (" help", False)]),
        ("can anybody help", ["nothing of it", "", " "], [("can anybody help", False)]),
        ("a <b>bold</b> ask", ["<b>bold</b>"], [("a ", False), ("<b>bold</b>", True), (" ask", False)]),
        ("", ["x"], []),
    ],
)  # fmt: skip
def test_a_phrase_is_marked_where_it_stands_first(text: str, marked: list[str], pieces: list[tuple[str, bool]]) -> None:
    assert split_at_phrases(text, marked) == pieces
    assert "".join(piece for piece, _ in split_at_phrases(text, marked)) == text
