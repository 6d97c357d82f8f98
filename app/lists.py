"""The lists of the queue: which of them is looked at, and what stands on it."""

import pandas as pd
import streamlit as st

from app import cards, page, running
from app.markup import tag
from app.page import Here
from app.words import duration, say

CARDS_AT_ONCE = 10
FIRST = "waiting"
OPEN = (FIRST, "maybe", "welcome")  # shown at first, one below the other; each of the others has a view of its own
OTHERS = ("second voice", "check back", "put off", "done")


def groups(here: Here) -> list[str]:
    """The ids of the groups in this queue: the chosen one, or all where somebody looks after several."""
    every = [group.id for group in running.current().settings.groups]
    if len(every) == 1:
        return every
    is_all = st.toggle(say("waiting.all_groups"), key="all_groups", bind="query-params")
    return every if is_all else [here.group.id]


def choose(counts: dict[str, int]) -> str:
    """The switch between the views; only the first is always there. The choice stands in the address."""
    held = st.session_state.get("list", st.query_params.get("list"))
    views = [FIRST, *(name for name in OTHERS if counts.get(name) or name == held)]
    if len(views) == 1:
        return FIRST
    chosen: str | None = st.pills(
        say("waiting.lists_label"),
        views,
        key="list",
        bind="query-params",
        default=FIRST,
        format_func=lambda name: f"{say(f'view.{name}')} {counts.get(name, 0)}",
        label_visibility="collapsed",
    )
    return chosen or FIRST


def on(view: str) -> list[str]:
    """The lists that one view shows."""
    return list(OPEN) if view == FIRST else [view]


def lead(here: Here, counts: dict[str, int], longest: float | None) -> None:
    """How many wait, the longest for how long (hours), and what the group promises. Who was put off waits too."""
    count = counts.get(FIRST, 0) + counts.get("put off", 0)
    waited = say("waiting.longest", duration=duration(longest)) if longest is not None and pd.notna(longest) else ""
    st.html(tag("p", say("waiting.lead", count=count), " ", waited, cls="lead"))
    if count:
        st.html(tag("p", say("waiting.promise", duration=duration(here.group.promise_hours)), cls="sub"))


def shown(here: Here, view: str, rows: pd.DataFrame, *, is_empty: bool, is_nobody_waiting: bool) -> None:
    """The cards of a view, list by list. `is_empty`: also without filters nothing stands on its main list."""
    for name in on(view):
        listed = rows[rows["listed_in"] == name]
        if name in ("maybe", "welcome") and len(listed):
            page.section(say(f"list.{name}_title"), say(f"list.{name}"))
        elif name in OTHERS:
            st.html(tag("p", say("list.nothing" if is_empty else f"list.{name}"), cls="sub"))
        if name == FIRST and is_nobody_waiting:
            page.empty("waiting.empty", group=here.group.name)
        elif name == view and listed.empty and not is_empty:
            st.html(tag("p", say("waiting.empty_filter"), cls="sub"))
        cards.several(here, listed, key="requests" if name == FIRST else name, at_once=CARDS_AT_ONCE)
