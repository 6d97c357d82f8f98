"""The palette can be read by everybody, and is the same everywhere."""

import math
import tomllib
from dataclasses import astuple
from pathlib import Path

import pytest

from app.ui import theme
from app.ui.theme import PALETTES, Palette

CONFIG = Path(__file__).parents[3] / ".streamlit" / "config.toml"
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


# How colours look to somebody without one kind of cone, in linear light: Machado, Oliveira and Fernandes 2009, severity 1.0
SEEN = {
    "everybody": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "no colour at all": ((0.2126, 0.7152, 0.0722),) * 3,
}


def apart(one: str, other: str, eye: str) -> float:
    """How different two colours look (CIE 1976 ΔE; about 2 is the least that one notices, side by side)."""

    def lab(colour: str) -> tuple[float, float, float]:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
        seen = [min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in SEEN[eye]]
        to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
        xyz = [sum(a * b for a, b in zip(row, seen, strict=True)) for row in to_xyz]
        x, y, z = (
            part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
            for part in (xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089)
        )
        return 116 * y - 16, 500 * (x - y), 200 * (y - z)

    return math.dist(lab(one), lab(other))


@BOTH
@pytest.mark.parametrize("eye", [name for name in SEEN if name != "no colour at all"])
def test_what_stands_side_by_side_in_a_chart_looks_different_to_every_eye(eye: str, colours: Palette) -> None:
    """In time and late; the group and peers; late and not known; not due and not known; hidden and shown."""
    pairs = (("calm", "warm"), ("calm", "peer"), ("warm", "grey"), ("grey", "line"), ("calm", "band"), ("warm", "line"))
    for one, other in pairs:
        assert apart(getattr(colours, one), getattr(colours, other), eye) >= 15, (one, other)


def test_the_ruler_knows_two_colours_that_are_confused() -> None:
    """The control: a red and a green that are far apart for most people, and one and the same to some."""
    assert apart("#B04A3A", "#6E7A2E", "everybody") > 50
    assert apart("#B04A3A", "#6E7A2E", "deuteranopia") < 15


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
