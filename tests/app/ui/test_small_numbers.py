"""Numbers of people that point at nobody, and how sure a share is."""

import pytest

from app.ui.small_numbers import format_likely_range, format_people, format_people_of, is_small


@pytest.mark.parametrize(
    ("count", "said"), [(0, "none"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (1200, "1,200")]
)
def test_fewer_than_five_people_are_not_numbered(count: int, said: str) -> None:
    assert format_people(count) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, "none yet"),
        (2, 4, "fewer than 5"),
        (0, 12, "0 of 12"),
        (3, 12, "fewer than 5 of 12"),
        (9, 12, "all but fewer than 5 of 12"),
        (7, 12, "7 of 12"),
        (12, 12, "12 of 12"),
    ],
)
def test_neither_a_part_nor_the_others_can_be_pointed_at(part: int, whole: int, said: str) -> None:
    assert format_people_of(part, whole) == said


def test_the_length_of_a_bar_gives_away_no_more_than_its_words() -> None:
    for whole in range(15):
        for part in range(whole + 1):
            assert is_small(part, whole) == (not format_people_of(part, whole)[0].isdigit())


def test_how_sure_a_share_is_by_wilson() -> None:
    assert format_likely_range(9, 12) == "47 to 91 of 100"  # 0.4677 to 0.9111
    assert format_likely_range(0, 10) == "0 to 28 of 100"
    assert format_likely_range(2, 4) == "too few to say"
