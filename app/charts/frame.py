"""The frame of every chart: an empty figure in the page's look, and the button that saves it as a picture (PNG). Pure.

The picture is made in the reader's browser.
"""

import re
import unicodedata
from datetime import datetime
from typing import Any

import plotly.graph_objects as go

from app.ui.theme import SANS, Palette
from app.ui.words import t

HEIGHT = 280  # pixels
_WIDTH, _SCALE = 900, 2  # a picture of 1,800 pixels: sharp on a slide, whatever the screen it is made on
_ROOM = 26  # pixels for the button
_SIGN = 8  # pixels of a sign in the widest letters a computer may have
_BUTTON = "Download plot as a PNG"  # what Plotly calls it, in its own catalogue


def empty_figure(colours: Palette) -> go.Figure:
    """A figure without ornaments, see-through, in the page's letters. No default template: it is 7 kB a chart."""
    figure = go.Figure()
    figure.update_layout(
        template=go.layout.Template(),
        height=HEIGHT,
        margin={"l": 4, "r": 4, "t": 34, "b": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": SANS, "size": 13, "color": colours.quiet},
        hoverlabel={"bgcolor": colours.card, "bordercolor": colours.line, "font": {"color": colours.ink}},
        legend={
            "orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "xanchor": "left", "traceorder": "normal",
            "font": {"color": colours.ink}, "itemclick": False, "itemdoubleclick": False,
        },
        xaxis={
            "showgrid": False, "zeroline": False, "tickformat": "%-d %b", "nticks": 6, "linecolor": colours.line,
            "ticks": "", "automargin": True, "fixedrange": True, "showline": True,
        },
        yaxis={"zeroline": True, "zerolinecolor": colours.line, "automargin": True, "fixedrange": True},
        hovermode="x unified",
        dragmode=False,
    )  # fmt: skip
    return figure


def prepare_for_page(figure: go.Figure, colours: Palette, ground: str) -> go.Figure:
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


def plotly_config(figure: go.Figure, group_id: str, title: str, now: datetime) -> dict[str, Any]:
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
        "locales": {"own": {"dictionary": {_BUTTON: t("page.as_picture")}}},
    }


def file_name(group_id: str, title: str, now: datetime) -> str:
    """'riverside-who-asked-week-by-week-2026-11-23': letters, digits and hyphens, so that every computer takes it."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return f"{group_id}-{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')[:60]}-{now:%Y-%m-%d}"
