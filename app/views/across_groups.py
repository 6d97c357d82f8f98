"""Across groups: the groupworker's page. One line for each group that somebody looks after; no member is compared."""

import streamlit as st

from app import queries
from app.analytics import groups
from app.components import page
from app.components.definitions import cannot_show
from app.data import readers
from app.ui.markup import escape_markdown, tag
from app.ui.words import t
from warehouse.casebook import rota_events
from warehouse.transform.definitions import definitions

here = page.begin_page("across_groups")
open_groups = here.open_groups()
rows = queries.queue.across_groups(here.reader, here.now)
rotas = {group.id: rota_events.load_rota(readers.casebook_for([group.id]), group.id) for group in open_groups}
table = groups.table(open_groups, rows, rotas, here.now)
st.html(tag("p", groups.lead(open_groups, rows), cls="lead"))
st.html(tag("p", t("across.about"), cls="sub"))
st.table(table, hide_index=True, border="horizontal")
for group in open_groups:
    st.page_link(
        "views/waiting.py", label=escape_markdown(t("across.open", group=group.name)), query_params={"group": group.id}
    )
cannot = cannot_show("shown.across_groups")
st.html(tag("p", definitions()["shown.across_groups"].sentence, cls="small"))
st.html(tag("p", tag("strong", t("page.cannot_show")), ": ", cannot, cls="small"))
