"""First visit: a tour for each of the three readers, and what Mutuals is good for and what to mind."""

import streamlit as st

from app.components import tour
from app.components.layout import draw_heading, draw_section
from app.ui.markup import join_html, tag
from app.ui.words import catalogue, t

draw_heading(t("nav.first_visit"), is_tour_offered=False)
st.html(tag("p", t("tour.lead"), cls="lead"))

readers = tour.readers_with_a_tour()
with st.grid(columns=3, min_column_width=230, gap="small"):
    for reader in readers:
        with st.container(border=True, height="stretch", key=f"tour-card-{reader}"):
            first = tour.steps_of(reader)[0]
            st.html(
                join_html(
                    tag("h2", t(f"tour.{reader}.title"), cls="chart-title"),
                    tag("p", t(f"tour.{reader}.about"), cls="reading"),
                )
            )
            st.page_link(f"views/{first.page}.py", label=t("tour.begin"), query_params=first.address)

draw_section(t("tour.notes_title"), t("tour.notes_about"))
chosen = st.segmented_control(
    t("tour.notes_label"), readers, default=readers[0], required=True, key="reader",
    format_func=lambda reader: t(f"tour.{reader}.title"), bind="query-params", label_visibility="collapsed",
)  # fmt: skip
note = catalogue()["tour"][chosen]
st.html(
    join_html(
        tag("h3", t("tour.good"), cls="card-name"),
        tag("ul", *(tag("li", line) for line in note["good"]), cls="note-lines"),
        tag("h3", t("tour.mind"), cls="card-name"),
        tag("ul", *(tag("li", line) for line in note["mind"]), cls="note-lines"),
    )
)
