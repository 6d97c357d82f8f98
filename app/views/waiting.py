"""Waiting for a reply: the groupworker's page. Longest wait first, always."""

import streamlit as st

from app import queries
from app.auth import display_name
from app.components import page
from app.components.signposts import draw_saved_replies, draw_signposts
from app.data import decisions
from app.request_queue import decision_forms, filters, lists, shared_items
from app.request_queue.lists import hold_back_new
from app.request_queue.undo_bar import draw_undo_bar

here = page.begin_page("waiting")
version = decisions.casebook_version()
groups = lists.choose_groups(here)
items = shared_items.merge_listings(queries.queue.listings(here.reader, here.now, groups))
counts = shared_items.count_by_list(items)
top = st.container(gap="xxsmall")
draw_signposts()
draw_saved_replies()
draw_undo_bar()
decision_forms.draw_open_form()

view = lists.choose_view(counts)
queue = shared_items.keep_shown_cards(
    queries.queue.requests(here.reader, here.now, groups, lists.lists_of_view(view)), items
)
with top:
    lists.draw_lead(here, counts, queue)
wanted = filters.draw_filters(sorted(queue["language"].dropna().unique())) if len(queue) else filters.Filters()
settled = hold_back_new(queue, f"{groups}/{view}")
lists.draw_lists(here, view, filters.apply_filters(settled, wanted, display_name.current_name()), counts)
decisions.remember_version(version)
