"""Meetings and dates: what the group wants to see marked on its charts, entered here or from a calendar file."""

from zoneinfo import ZoneInfo

import streamlit as st

from app.components import date_marks, page
from app.editors import dates
from app.ui.markup import tag
from app.ui.words import say

here = page.begin("dates")
today = here.now.astimezone(ZoneInfo(here.group.timezone)).date()
known = date_marks.held(here.group.id)
coming = [one for one in known if one.draft.last >= today]
past = [one for one in reversed(known) if one.draft.last < today]

st.html(tag("p", say("dates.lead"), cls="lead"))
dates.done_line(here.group.id)
with st.expander(say("dates.add_one"), key="add-one", expanded=not known):
    dates.add(here.group.id, today)
with st.expander(say("dates.add_file"), key="add-file"):
    st.html(tag("p", say("dates.file_about"), cls="small"))
    dates.bring_in(here.group, known, here.now, today)

page.section(say("dates.coming"), "" if coming else say("dates.none"))
dates.lines(here.group.id, coming[:20], here.now)
if len(coming) > 20:
    st.html(tag("p", say("dates.more", count=len(coming) - 20), cls="small"))
page.section(say("dates.past"), "" if past else say("dates.none"))
dates.lines(here.group.id, past[:20], here.now)
if len(past) > 20:
    with st.expander(say("dates.older", count=len(past) - 20), key="older"):
        dates.lines(here.group.id, past[20:], here.now)
