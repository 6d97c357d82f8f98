"""Meetings and dates: what the group wants to see marked on its charts, entered here or from a calendar file."""

from zoneinfo import ZoneInfo

import streamlit as st

from app.components import date_marks, page
from app.components.layout import draw_section
from app.editors import dates
from app.ui.markup import tag
from app.ui.words import t

here = page.begin_page("dates")
today = here.now.astimezone(ZoneInfo(here.group.timezone)).date()
all_dates = date_marks.dates_of_group(here.group.id)
coming = [dated for dated in all_dates if dated.draft.last >= today]
past = [dated for dated in reversed(all_dates) if dated.draft.last < today]

st.html(tag("p", t("dates.lead"), cls="lead"))
dates.draw_outcome(here.group.id)
with st.expander(t("dates.add_one"), key="add-one", expanded=not all_dates):
    dates.draw_date_form(here.group.id, today)
with st.expander(t("dates.add_file"), key="add-file"):
    st.html(tag("p", t("dates.file_about"), cls="small"))
    dates.draw_calendar_import(here.group, all_dates, here.now, today)

draw_section(t("dates.coming"), "" if coming else t("dates.none"))
dates.draw_dates(here.group.id, coming[:20], here.now)
if len(coming) > 20:
    st.html(tag("p", t("dates.more", count=len(coming) - 20), cls="small"))
draw_section(t("dates.past"), "" if past else t("dates.none"))
dates.draw_dates(here.group.id, past[:20], here.now)
if len(past) > 20:
    with st.expander(t("dates.older", count=len(past) - 20), key="older"):
        dates.draw_dates(here.group.id, past[20:], here.now)
