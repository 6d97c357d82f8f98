"""Meetings and dates: what the group wants to see marked on its charts, entered here or from a calendar file."""

from zoneinfo import ZoneInfo

import streamlit as st

from app import dating, noting, page
from app.markup import tag
from app.words import say

here = page.begin("dates")
today = here.now.astimezone(ZoneInfo(here.group.timezone)).date()
known = dating.held(here.group.id)
coming = [one for one in known if one.draft.last >= today]
past = [one for one in reversed(known) if one.draft.last < today]

st.html(tag("p", say("dates.lead"), cls="lead"))
noting.done_line(here.group.id)
with st.expander(say("dates.add_one"), key="add-one", expanded=not known):
    noting.add(here.group.id, today)
with st.expander(say("dates.add_file"), key="add-file"):
    st.html(tag("p", say("dates.file_about"), cls="small"))
    noting.bring_in(here.group, known, here.now, today)

page.section(say("dates.coming"), "" if coming else say("dates.none"))
noting.lines(here.group.id, coming[:20], here.now)
if len(coming) > 20:
    st.html(tag("p", say("dates.more", count=len(coming) - 20), cls="small"))
page.section(say("dates.past"), "" if past else say("dates.none"))
noting.lines(here.group.id, past[:20], here.now)
if len(past) > 20:
    with st.expander(say("dates.older", count=len(past) - 20), key="older"):
        noting.lines(here.group.id, past[20:], here.now)
