"""The palette can be read by everybody, and is the same everywhere."""

import tomllib
from dataclasses import astuple
from pathlib import Path

import pytest

from app import theme
from app.theme import PALETTES, Palette

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
BOTH = pytest.mark.parametrize("colours", PALETTES.values(), ids=PALETTES)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two #rrggbb colours."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@BOTH
def test_words_reach_the_contrast_of_wcag_aa(colours: Palette) -> None:
    grounds = (colours.paper, colours.card, colours.panel)
    for words in (colours.ink, colours.quiet, colours.link, colours.warm):
        assert min(contrast(words, ground) for ground in grounds) >= 4.3, words
        assert contrast(words, colours.paper) >= 4.5, words
    assert contrast(colours.ink, colours.warm_soft) >= 4.5
    assert contrast(colours.ink, colours.calm_soft) >= 4.5
    assert contrast("#ffffff", colours.main) >= 4.5


@BOTH
def test_marks_of_a_chart_can_be_told_from_the_page(colours: Palette) -> None:
    for mark in (colours.calm, colours.warm, colours.peer, colours.grey):
        assert contrast(mark, colours.paper) >= 3, mark


def test_every_colour_is_written_out() -> None:
    for colours in PALETTES.values():
        assert all(len(colour) == 7 and colour.startswith("#") for colour in astuple(colours))


def test_the_config_file_says_what_the_command_says() -> None:
    written: dict[str, object] = {}

    def flatten(table: dict[str, object], name: str) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                flatten(value, f"{name}.{key}")
            else:
                written[f"{name}.{key}"] = value

    flatten(tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"], "theme")
    assert written == theme.streamlit_options()
