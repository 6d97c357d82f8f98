"""Who looks when: the rota beside the hours in which requests come, and where nobody looks."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from app import looking, opening, page, queries, rostering
from app.markup import join, tag
from app.words import say
from warehouse import rota_book
from warehouse.rota import rota_of

here = page.begin("rota")
local = here.now.astimezone(ZoneInfo(here.group.timezone))
changes = rota_book.changes(opening.casebook([here.group.id]), here.group.id)
rota = rota_of(changes)
since = local.date() - timedelta(weeks=looking.WEEKS)
asked = looking.asked_by_hour(here.ask(queries.asked_hours, since))

st.html(tag("p", looking.now_line(rota, local), cls="lead"))
rostering.done_line()
gaps = looking.gap_lines(rota, asked)
st.html(tag("ul", *(tag("li", line) for line in gaps), cls="places") if gaps else tag("p", say("rota.why"), cls="sub"))

page.section(say("rota.week"), say("rota.week_about", weeks=looking.WEEKS, zone=here.group.timezone))
st.html(looking.week(rota, asked))
st.html(tag("p", tag("strong", say("page.cannot_show")), ": ", say("rota.cannot_show"), cls="small"))

page.section(say("rota.change"), say("rota.change_about"))
rostering.lines(here.group.id, rota, local)
names = rostering.known_names(here.group.id, rota)
with st.expander(say("rota.add_hours"), key="hours", expanded=not rota.slots):
    rostering.add_hours(here.group.id, names)
with st.expander(say("rota.somebody_away"), key="away"):
    rostering.add_away(here.group.id, names, local.date())
if changes:
    with st.expander(say("rota.history"), key="changes"):
        st.table(looking.changes_table(changes, here.group.timezone, here.now), hide_index=True, border="horizontal")
st.html(join(tag("p", say("rota.told"), cls="small")))
