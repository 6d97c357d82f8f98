"""Waiting for a reply: the groupworker's page. Longest wait first, always."""

import streamlit as st

from app import queries
from app.auth import display_name
from app.components import page
from app.components.signposts import draw_saved_replies, draw_signposts
from app.data import decisions
from app.request_queue import decision_forms, filters, lists, shared_items
from app.request_queue.lists import back
from app.request_queue.undo_bar import draw_undo_bar

here = page.begin_page("waiting")
version = decisions.casebook_version()
groups = lists.groups(here)
items = shared_items.once(queries.queue.listings(here.reader, here.now, groups))
counts = shared_items.counts(items)
top = st.container(gap="xxsmall")
draw_signposts()
draw_saved_replies()
draw_undo_bar()
decision_forms.carry_on()

view = lists.choose(counts)
queue = shared_items.cards(queries.queue.requests(here.reader, here.now, groups, lists.on(view)), items)
with top:
    lists.lead(here, counts, queue)
wanted = filters.bar(sorted(queue["language"].dropna().unique())) if len(queue) else filters.Wanted()
settled = back(queue, f"{groups}/{view}")
lists.shown(here, view, filters.narrowed(settled, wanted, display_name.current_name()), counts)
decisions.remember_version(version)
