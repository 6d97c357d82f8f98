"""Waiting for a reply: the groupworker's page. Longest wait first, always."""

import streamlit as st

from app import cards, deciding, page, queries
from app.markup import join, tag
from app.signposts import signposts
from app.words import duration, say

CARDS_AT_ONCE = 10

here = page.begin("waiting")
version = deciding.version()
queue = queries.waiting(here.reader, here.now, here.group.id)
is_candidate = queue["is_candidate"].astype(bool)
requests, candidates = queue[~is_candidate], queue[is_candidate]
is_nobody_waiting = requests.empty

longest = say("waiting.longest", duration=duration(requests["waiting_hours"].max())) if len(requests) else ""
promise = say("waiting.promise", duration=duration(here.group.promise_hours))
st.html(
    join(
        tag("p", say("waiting.lead", count=len(requests)), " ", longest, cls="lead"),
        tag("p", promise, cls="sub") if len(requests) else "",
    )
)
signposts()
deciding.undo_bar()

networks, states = sorted(queue["network"].unique()), [s for s in cards.STATES if s in set(requests["state"])]
with st.container(horizontal=True, key="filters"):
    if len(states) > 1:
        state = st.segmented_control(
            say("waiting.filter_state"), states, format_func=lambda s: say(f"state_short.{s}"),
            key="state", bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        requests = requests[requests["state"] == state] if state else requests
    if len(networks) > 1:
        network = st.segmented_control(
            say("waiting.filter_network"), networks, format_func=lambda n: say(f"network.{n}"),
            key="network", bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        requests = requests[requests["network"] == network] if network else requests
        candidates = candidates[candidates["network"] == network] if network else candidates

if is_nobody_waiting:
    page.empty("waiting.empty", group=here.group.name)
elif not len(requests):
    st.html(tag("p", say("waiting.empty_filter"), cls="sub"))
cards.several(here, requests, key="requests", at_once=CARDS_AT_ONCE)

if len(candidates):
    page.section(say("waiting.candidates_title"), say("waiting.candidates"))
    cards.several(here, candidates, key="candidates", at_once=CARDS_AT_ONCE)
deciding.looked_at(version)
