"""Page config and navigation. Nothing else."""

import streamlit as st

from app import naming, page, running, style
from app.words import say

VIEWS = {
    "nav.daily": (
        "waiting",
        "across_groups",
    ),
    "nav.weekly": ("this_week", "reaching_out", "what_works", "people_together", "rota", "dates", "weekly_mail"),
    "nav.quarterly": ("summary",),
    "nav.about": ("how_it_is_going", "left_out", "what_the_numbers_mean", "first_visit", "exports", "set_up"),
}

st.set_page_config(page_title=say("app.name"), page_icon="🤝", layout="wide")
style.apply()

if running.current().settings.groups:
    pages = {
        say(section): [st.Page(f"views/{name}.py", title=say(f"nav.{name}")) for name in names]
        for section, names in VIEWS.items()
    }
    chosen = st.navigation(pages, expanded=True)
    page.choose_group()
    naming.sidebar()
else:
    chosen = st.navigation([st.Page("views/set_up.py", title=say("nav.set_up"))])
chosen.run()
