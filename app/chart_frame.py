"""What all charts share: an empty figure in the page's letters and colours. Pure, as charts.py is."""

import plotly.graph_objects as go

from app.theme import SANS, Palette

HEIGHT = 280  # pixels


def empty(colours: Palette) -> go.Figure:
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
