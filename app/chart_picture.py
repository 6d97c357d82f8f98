"""A chart's own button: the chart as a picture (PNG), made in the reader's browser. Pure."""

import re
import unicodedata
from datetime import datetime
from typing import Any

import plotly.graph_objects as go

from app.theme import Palette
from app.words import say

_WIDTH, _SCALE = 900, 2  # a picture of 1,800 pixels: sharp on a slide, whatever the screen it is made on
_ROOM = 26  # pixels for the button
_SIGN = 8  # pixels of a sign in the widest letters a computer may have
_BUTTON = "Download plot as a PNG"  # what Plotly calls it, in its own catalogue


def ready(figure: go.Figure, colours: Palette, ground: str) -> go.Figure:
    """Give a figure a ground, so that its picture can be read on any page, and a button in the page's colours."""
    figure.update_layout(
        paper_bgcolor=ground,
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": colours.quiet, "activecolor": colours.ink},
        # The page's letters are not in the picture: room for wider ones, or the last name would be cut.
        legend={"entrywidth": _SIGN * max((len(trace.name or "") for trace in figure.data), default=0)},
    )
    if figure.layout.xaxis.side == "top":  # names of days stand where the button would lie on them
        figure.update_layout(margin={"t": (figure.layout.margin.t or 0) + _ROOM}, height=figure.layout.height + _ROOM)
    return figure


def config(figure: go.Figure, group_id: str, title: str, now: datetime) -> dict[str, Any]:
    """How Plotly shows a figure: nothing but that button, named in our words."""
    return {
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "scrollZoom": False,
        "doubleClick": False,
        "toImageButtonOptions": {
            "format": "png",
            "filename": file_name(group_id, title, now),
            "width": _WIDTH,
            "height": figure.layout.height,
            "scale": _SCALE,
        },
        "locale": "own",
        "locales": {"own": {"dictionary": {_BUTTON: say("page.as_picture")}}},
    }


def file_name(group_id: str, title: str, now: datetime) -> str:
    """'riverside-who-asked-week-by-week-2026-11-23': letters, digits and hyphens, so that every computer takes it."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return f"{group_id}-{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')[:60]}-{now:%Y-%m-%d}"
