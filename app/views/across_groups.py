"""Across groups: the groupworker's page. One line for each group that somebody looks after; no member is compared."""

import streamlit as st

from app import across, opening, page, queries
from app.markup import literal, tag
from app.words import say
from warehouse import rota_book
from warehouse.definitions import definitions

here = page.begin("across_groups")
groups = here.open_to()
rows = queries.across_groups(here.reader, here.now)
rotas = {group.id: rota_book.rota(opening.casebook([group.id]), group.id) for group in groups}
table = across.table(groups, rows, rotas, here.now)
st.html(tag("p", across.lead(groups, rows), cls="lead"))
st.html(tag("p", say("across.about"), cls="sub"))
st.table(table, hide_index=True, border="horizontal")
for group in groups:
    st.page_link(
        "views/waiting.py", label=literal(say("across.open", group=group.name)), query_params={"group": group.id}
    )
cannot = page.cannot_show("shown.across_groups")
st.html(tag("p", definitions()["shown.across_groups"].sentence, cls="small"))
st.html(tag("p", tag("strong", say("page.cannot_show")), ": ", cannot, cls="small"))
