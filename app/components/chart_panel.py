"""A chart with its title, what to read in it, what it cannot show, and its numbers as a table."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from app.charts import date_markers, frame
from app.components import date_marks
from app.components.definitions import cannot_show
from app.components.page_context import PageContext
from app.ui import theme
from app.ui.markup import join_html, tag
from app.ui.words import t


def draw_chart(
    key: str,
    draw: Callable[[pd.DataFrame, theme.Palette], Any],
    rows: pd.DataFrame,
    here: PageContext,
    *,
    title: str,
    reading: str,
    table: pd.DataFrame,
    model: str = "",
    since: str = "",
    ground: str = "",
) -> None:
    """A chart with its title, what to read in it, what it cannot show and since when, and its numbers as a table.

    `ground`: the colour it lies on, the page's by default.
    """
    st.html(join_html(tag("h2", title, cls="chart-title"), tag("p", reading, cls="reading")))
    figure = frame.prepare_for_page(draw(rows, here.colours), here.colours, ground or here.colours.paper)
    marks = (
        []
        if here.role == "trustee"
        else date_markers.mark_dates(figure, date_marks.dates_of_group(here.group.id), here.colours)
    )
    shown = frame.plotly_config(figure, here.group.id, title, here.now)
    st.plotly_chart(figure, theme=None, config=shown, key=key, alt=f"{title}. {reading}")
    if marks:
        st.html(date_marks.marks_line(marks, here.now))
    if model:
        st.html(tag("p", tag("strong", t("page.cannot_show")), ": ", cannot_show(model), " ", since, cls="small"))
    with st.expander(t("page.as_table"), key=f"{key}-table"):
        st.table(table, hide_index=True, border="horizontal")
