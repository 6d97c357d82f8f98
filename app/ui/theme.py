"""The theme: one palette for charts, Streamlit's options and the style sheet (style.css), in light and in dark.

Teal, orange and violet stay apart for every kind of colour blindness; text colours reach 4.5:1 and shapes 3:1 on both
backgrounds (tests/app/ui/test_theme.py computes it). Colour never carries a meaning alone: words and shapes do.
"""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour of one theme, by what it is for."""

    paper: str  # the page
    card: str  # something lying on it
    panel: str  # the side bar and quiet boxes
    ink: str  # text
    quiet: str  # text of lesser weight
    line: str  # borders
    main: str  # buttons with white on them
    link: str
    calm: str  # answered in time, by the group
    warm: str  # waiting, late
    peer: str  # answered by a peer
    grey: str  # not known, not yet
    band: str  # the usual range
    warm_soft: str
    calm_soft: str


LIGHT = Palette(
    paper="#FCFBF8",
    card="#FFFFFF",
    panel="#F4F1EA",
    ink="#1F2B2A",
    quiet="#566462",
    line="#DDD7CB",
    main="#1B6B66",
    link="#14605B",
    calm="#1B6B66",
    warm="#B4570A",
    peer="#6A4FA3",
    grey="#848E8A",
    band="#E3ECE8",
    warm_soft="#FBEFE2",
    calm_soft="#E6F0EE",
)

DARK = Palette(
    paper="#15191A",
    card="#1B2122",
    panel="#1E2425",
    ink="#E9ECE8",
    quiet="#A9B5B2",
    line="#39423F",
    main="#2C8079",
    link="#7CCFC4",
    calm="#4FB3A7",
    warm="#F0A45D",
    peer="#B9A1F0",
    grey="#7F8A87",
    band="#25322F",
    warm_soft="#33261A",
    calm_soft="#1C302D",
)

PALETTES = {"light": LIGHT, "dark": DARK}

SERIF = "'Source Serif', Georgia, serif"
SANS = "'Source Sans', 'Segoe UI', system-ui, sans-serif"


def palette(kind: str | None) -> Palette:
    """The palette of a theme as Streamlit names it; light where the browser has not said yet."""
    return PALETTES.get(kind or "light", LIGHT)


def streamlit_options() -> dict[str, object]:
    """Streamlit's theme options as dotted names: what `.streamlit/config.toml` says, which is not in the wheel."""
    options: dict[str, object] = {
        "theme.font": "sans-serif",
        "theme.headingFont": "serif",
        "theme.headingFontSizes": ["2.1rem", "1.45rem", "1.15rem", "1rem", "1rem", "1rem"],
        "theme.headingFontWeights": [600, 600, 600, 600, 600, 600],
        "theme.metricValueFontSize": "1.9rem",
        "theme.baseRadius": "0.6rem",
        "theme.linkUnderline": True,
        "theme.showWidgetBorder": True,
        "theme.showSidebarBorder": False,
    }
    for kind, colours in PALETTES.items():
        options |= {
            f"theme.{kind}.primaryColor": colours.main,
            f"theme.{kind}.backgroundColor": colours.paper,
            f"theme.{kind}.secondaryBackgroundColor": colours.panel,
            f"theme.{kind}.textColor": colours.ink,
            f"theme.{kind}.borderColor": colours.line,
            f"theme.{kind}.linkColor": colours.link,
            f"theme.{kind}.greenColor": colours.calm,
            f"theme.{kind}.orangeColor": colours.warm,
            f"theme.{kind}.blueColor": colours.peer,
            f"theme.{kind}.grayColor": colours.grey,
            f"theme.{kind}.greenTextColor": colours.link,
            f"theme.{kind}.orangeTextColor": colours.warm,
            f"theme.{kind}.grayTextColor": colours.quiet,
            f"theme.{kind}.greenBackgroundColor": colours.calm_soft,
            f"theme.{kind}.orangeBackgroundColor": colours.warm_soft,
            f"theme.{kind}.grayBackgroundColor": colours.panel,
            f"theme.{kind}.sidebar.backgroundColor": colours.panel,
            f"theme.{kind}.sidebar.secondaryBackgroundColor": colours.card,
        }
    return options


def style_variables() -> str:
    """The palette as CSS variables which follow the page's own colour scheme, also while somebody switches it."""
    pairs = (
        f"--{field.name.replace('_', '-')}: light-dark({getattr(LIGHT, field.name)}, {getattr(DARK, field.name)});"
        for field in fields(Palette)
    )
    return ":root {" + "".join(pairs) + f"--serif: {SERIF}; --sans: {SANS};" + "}"


@cache
def style_sheet() -> str:
    """Variables and rules in one <style> element."""
    rules = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return f"<style>{style_variables()}\n{rules}</style>"
