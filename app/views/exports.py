"""Take the numbers away: the files of `mutuals export`, for any period, and what their columns mean."""

import streamlit as st

from app import queries
from app.components import downloads, page, period_picker
from app.components.layout import draw_section
from app.reports.exchange import export
from app.ui.markup import tag
from app.ui.words import t
from warehouse.transform.definitions import definitions

here = page.begin_page("exports")
st.html(tag("p", t("exports.lead"), cls="lead"))
request = export.Export(here.group.id, here.now, period_picker.pick_period(here))
st.download_button(
    t("exports.take"), downloads.logged_download(here, "export", lambda: export.zip_files(here.reader, request)),
    f"{request.file('numbers', 'zip')}", "application/zip", type="primary", on_click="ignore",
)  # fmt: skip
st.html(tag("p", t("exports.careful"), cls="sub"))
for what in queries.export.FILES:
    model = definitions()[f"shown.export_{what}"]
    draw_section(t(f"exports.{what}"), model.sentence)
    with st.expander(t("exports.columns"), key=f"columns-{what}"):
        lines = (
            part
            for name, meaning in model.measures.items()
            for part in (tag("dt", tag("code", name)), tag("dd", meaning))
        )
        st.html(tag("dl", *lines, cls="measures"))
