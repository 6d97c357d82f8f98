"""What the numbers mean: every definition, from the same files as the calculation."""

import streamlit as st

from app.components.layout import draw_heading
from app.ui.markup import join_html, tag
from app.ui.words import t
from warehouse.transform.definitions import definitions

# What people ask about comes first; how the data are kept comes last, by name.
FIRST = (
    "requests",
    "request_states",
    "periods",
    "request_spans",
    "reach",
    "usual_ranges",
    "weeks",
    "days",
    "summary",
    "thread_posts",
)


def _place(name: str) -> tuple[int, str]:
    short_name = name.removeprefix("shown.")
    return (FIRST.index(short_name) if short_name in FIRST else len(FIRST), name)


draw_heading(t("nav.what_the_numbers_mean"))
st.html(tag("p", t("numbers.lead"), cls="lead"))
wanted = st.text_input(t("numbers.search"), key="word", bind="query-params", width=360).strip().casefold()
shown = [
    definition
    for _, definition in sorted(definitions().items(), key=lambda named: _place(named[0]))
    if definition.name.startswith("shown.")
    and wanted in " ".join((definition.title, definition.sentence, *definition.measures.values())).casefold()
]
if not shown:
    st.html(tag("p", t("numbers.nothing_found"), cls="sub"))
for definition in shown:
    with st.container(border=True, key=f"card-{definition.name}"):
        measures = (
            part
            for name, sentence in definition.measures.items()
            for part in (tag("dt", name.replace("_", " ").capitalize()), tag("dd", sentence[:1].upper() + sentence[1:]))
        )
        cannot = tag("p", tag("strong", t("page.cannot_show")), ": ", definition.cannot_show, cls="small")
        st.html(
            join_html(
                tag("h2", definition.title, cls="chart-title"),
                tag("p", definition.sentence, cls="defined"),
                tag("p", f"{t('numbers.grain')}: {definition.grain}", cls="small"),
                tag("dl", *measures, cls="measures") if definition.measures else "",
                cannot if definition.cannot_show else "",
            )
        )
        with st.expander(t("numbers.sql"), key=f"sql-{definition.name}"):
            st.code(definition.sql, language=None, wrap_lines=True)
