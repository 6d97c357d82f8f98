"""The bars of one chart → SVG, for paper or a file that stands alone. Pure; no browser needed.

The picture on the screen is drawn by app/charts/part_bars.py from the same frame, with the same lengths.
"""

from app.reports.paper.quarter import Bar, Card
from app.ui.markup import Html, tag
from app.ui.theme import LIGHT

WIDTH = 420  # in units of its own: it scales
_ROW, _BAR, _LINE = 44, 15, 18
_SIGNS = 56  # that fit into a line


def draw_svg(card: Card) -> Html:
    """Horizontal bars, each below its words; a hidden number is a hatched stub. It carries its own alternative text."""
    hatch = f"hatch-{card.name}"
    second = _LINE if any(_is_long(bar) for bar in card.bars) else 0
    row = _ROW + second
    height = row * len(card.bars)
    return tag(
        "svg",
        tag("desc", card.alt),
        tag(
            "defs",
            tag(
                "pattern",
                tag("rect", width="6", height="6", fill=LIGHT.band),
                tag("path", d="M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2", stroke=LIGHT.grey, stroke_width="1.4"),
                id=hatch, width="6", height="6", patternUnits="userSpaceOnUse",
            ),
        ),
        *(_row(place * row, bar, f"url(#{hatch})", second) for place, bar in enumerate(card.bars)),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height}", width=str(WIDTH), height=str(height),
        role="img", aria_label=card.alt, font_family="'Source Sans Pro', 'Source Sans', 'Segoe UI', sans-serif",
        font_size="15",
    )  # fmt: skip


def _row(top: int, bar: Bar, hatch: str, second: int) -> Html:
    below = {"x": "0", "dy": str(_LINE)} if _is_long(bar) else {}
    value = tag("tspan", bar.value, font_weight="700", **below)
    first = top + 15 + (0 if _is_long(bar) else second)
    lying = ((bar.track, LIGHT.band), (bar.length, hatch if bar.is_hidden else LIGHT.calm))
    return tag(
        "g",
        tag("text", f"{bar.label}  ", value, x="0", y=str(first), fill=LIGHT.ink),
        *(_lying(top + second, length, fill) for length, fill in lying if length > 0),
    )


def _is_long(bar: Bar) -> bool:
    return len(bar.label) + len(bar.value) > _SIGNS


def _lying(top: int, length: float, fill: str) -> Html:
    return tag("rect", x="0", y=str(top + 22), width=f"{length * WIDTH:.1f}", height=str(_BAR), rx="2", fill=fill)
