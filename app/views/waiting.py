"""Waiting for a reply: the groupworker's page. Longest wait first, always."""

import streamlit as st

from app import asking, deciding, filtering, holding, lists, naming, page, queries, sharing
from app.signposts import saved_replies, signposts

here = page.begin("waiting")
version = deciding.version()
groups = lists.groups(here)
items = sharing.once(queries.listed(here.reader, here.now, groups))
counts = sharing.counts(items)
top = st.container(gap="xxsmall")
signposts()
saved_replies()
deciding.undo_bar()
asking.carry_on()

view = lists.choose(counts)
queue = sharing.cards(queries.waiting(here.reader, here.now, groups, lists.on(view)), items)
with top:
    lists.lead(here, counts, queue)
wanted = filtering.bar(sorted(queue["language"].dropna().unique())) if len(queue) else filtering.Wanted()
settled = holding.back(queue, f"{groups}/{view}")
lists.shown(here, view, filtering.narrowed(settled, wanted, naming.who()), counts)
deciding.looked_at(version)
