"""Who looks when: the rota beside the hours in which requests come, and where nobody looks."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from app import queries
from app.analytics import rota_coverage
from app.components import page
from app.components.layout import draw_section
from app.data import readers
from app.editors.rota import draw_away_form, draw_hours_form, draw_outcome, draw_rota_lines, known_names
from app.ui.markup import join_html, tag
from app.ui.words import t
from warehouse.casebook import rota_events
from warehouse.casebook.rota import rota_after

here = page.begin_page("rota")
local = here.now.astimezone(ZoneInfo(here.group.timezone))
changes = rota_events.load_rota_changes(readers.casebook_for([here.group.id]), here.group.id)
rota = rota_after(changes)
since = local.date() - timedelta(weeks=rota_coverage.WEEKS)
asked = rota_coverage.count_by_hour(here.query(queries.timing.asked_hours, since))

st.html(tag("p", rota_coverage.now_line(rota, local), cls="lead"))
draw_outcome()
gaps = rota_coverage.gap_lines(rota, asked)
st.html(tag("ul", *(tag("li", line) for line in gaps), cls="places") if gaps else tag("p", t("rota.why"), cls="sub"))

draw_section(t("rota.week"), t("rota.week_about", weeks=rota_coverage.WEEKS, zone=here.group.timezone))
st.html(rota_coverage.week_table(rota, asked))
st.html(tag("p", tag("strong", t("page.cannot_show")), ": ", t("rota.cannot_show"), cls="small"))

draw_section(t("rota.change"), t("rota.change_about"))
draw_rota_lines(here.group.id, rota, local)
names = known_names(here.group.id, rota)
with st.expander(t("rota.add_hours"), key="hours", expanded=not rota.slots):
    draw_hours_form(here.group.id, names)
with st.expander(t("rota.somebody_away"), key="away"):
    draw_away_form(here.group.id, names, local.date())
if changes:
    with st.expander(t("rota.history"), key="changes"):
        st.table(
            rota_coverage.changes_table(changes, here.group.timezone, here.now), hide_index=True, border="horizontal"
        )
st.html(join_html(tag("p", t("rota.told"), cls="small")))
