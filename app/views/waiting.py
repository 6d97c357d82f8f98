"""Waiting for a reply: the groupworker's page. Longest wait first, always."""

import streamlit as st

from app import asking, deciding, filtering, holding, lists, naming, page, queries
from app.signposts import saved_replies, signposts

here = page.begin("waiting")
version = deciding.version()
groups = lists.groups(here)
counts: dict[str, int] = dict(queries.listed_counts(here.reader, here.now, groups).itertuples(index=False))
top = st.container(gap="xxsmall")
signposts()
saved_replies()
deciding.undo_bar()
asking.carry_on()

view = lists.choose(counts)
queue = queries.waiting(here.reader, here.now, groups, lists.on(view))
queue = queue.drop_duplicates("post_id")  # written to two groups at once: one card, until the first has decided
main = queue[queue["listed_in"] == view]
with top:
    lists.lead(here, counts, main["waiting_hours"].max() if view == lists.FIRST else None)
wanted = filtering.bar(sorted(queue["language"].dropna().unique())) if len(queue) else filtering.Wanted()
settled = holding.back(queue, f"{groups}/{view}")
lists.shown(
    here,
    view,
    filtering.narrowed(settled, wanted, naming.who()),
    is_empty=main.empty,
    is_nobody_waiting=main.empty and not counts.get("put off"),
)
deciding.looked_at(version)
