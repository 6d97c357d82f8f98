"""The lists of the queue: choosing groups and a view, drawing the lists of a view, holding back what is new.

What arrives while somebody reads is held back behind a button, so that no card moves under their finger.
"""

from collections.abc import Collection

import pandas as pd
import streamlit as st

from app.components import group_switch, url_state
from app.components.layout import draw_empty_state, draw_section
from app.components.page_context import PageContext
from app.data.seen_items import seen_items
from app.request_queue import card, filters
from app.ui.markup import join_html, tag
from app.ui.words import format_duration, format_until, t

CARDS_AT_ONCE = 10
FIRST = "waiting"
OPEN = (FIRST, "maybe", "welcome")  # shown at first, one below the other; each of the others has a view of its own
PUT_OFF = "put off"
WAITING = (FIRST, PUT_OFF)
OTHERS = ("second voice", "check back", PUT_OFF, "done")


def choose_groups(here: PageContext) -> list[str]:
    """The ids of the groups in this queue: the chosen one, or all where somebody looks after several."""
    every = [group.id for group in here.open_groups()]
    if len(every) == 1:
        return every
    is_all = st.toggle(t("waiting.all_groups"), key=group_switch.ALL_GROUPS, bind="query-params")
    return every if is_all else [here.group.id]


def choose_view(counts: dict[str, int]) -> str:
    """The switch between the views; only the first is always there. The choice stands in the address."""
    url_state.read_from_url("list", (FIRST, *OTHERS), FIRST)
    views = [FIRST, *(name for name in OTHERS if counts.get(name) or name == st.session_state["list"])]
    if len(views) == 1:
        return FIRST
    chosen: str | None = st.pills(
        t("waiting.lists_label"),
        views,
        key="list",
        format_func=lambda name: f"{t(f'view.{name}')} {counts.get(name, 0)}",
        label_visibility="collapsed",
    )
    url_state.write_to_url("list", chosen if chosen != FIRST else None)
    return chosen or FIRST


def lists_of_view(view: str) -> list[str]:
    """The lists that one view shows. Below what is open lies, folded, what was put off."""
    return [*OPEN, PUT_OFF] if view == FIRST else [view]


def draw_lead(here: PageContext, counts: dict[str, int], rows: pd.DataFrame) -> None:
    """How many wait, the longest for how long, and what the group promises. Who was put off waits too."""
    count = sum(counts.get(name, 0) for name in WAITING)
    hours = rows[rows["listed_in"].isin(WAITING)]["waiting_hours"]
    waited = t("waiting.longest", duration=format_duration(hours.max())) if len(hours) == count > 0 else ""
    st.html(tag("p", t("waiting.lead", count=count), " ", waited, cls="lead"))
    if count:
        st.html(tag("p", t("waiting.promise", duration=format_duration(here.group.promise_hours)), cls="sub"))


def draw_lists(here: PageContext, view: str, rows: pd.DataFrame, counts: dict[str, int]) -> None:
    """The cards of a view, list by list: what the filters left of it. `counts`: how many there are without them."""
    is_empty = not counts.get(view)
    for name in lists_of_view(view):
        on_list = rows[rows["listed_in"] == name]
        if name == PUT_OFF and view == FIRST:
            _folded(here, on_list)
            continue
        if name in ("maybe", "welcome") and len(on_list):
            draw_section(t(f"list.{name}_title"), t(f"list.{name}"))
        elif name in OTHERS:
            st.html(tag("p", t("list.nothing" if is_empty else f"list.{name}"), cls="sub"))
        if name == FIRST and not any(counts.get(waiting_list) for waiting_list in WAITING):
            draw_empty_state("waiting.empty", group=here.group.name)
        elif name == view and on_list.empty and not is_empty:
            st.html(tag("p", t("waiting.empty_filter"), cls="sub"))
            st.button(t("filter.clear"), key="clear-filters", on_click=filters.clear_filters)
        card.draw_cards(here, on_list, key="requests" if name == FIRST else name, at_once=CARDS_AT_ONCE)


def _folded(here: PageContext, rows: pd.DataFrame) -> None:
    """What was put off, at the end of the queue: how many, and until when each. Nothing disappears."""
    if rows.empty:
        return
    lines, first = [], ""
    for _, row in rows.nsmallest(CARDS_AT_ONCE, "snoozed_until_at").iterrows():
        when = format_until(row.snoozed_until_at, here.for_group(row.group_id).group.timezone, here.now)
        waited, network = format_duration(row.waiting_hours), t(f"network.{row.network}")
        lines.append(tag("li", t("put_off.line", duration=waited, network=network, when=when)))
        first = first or when
    with st.expander(t("put_off.title", count=len(rows), when=first), key="put-off-fold"):
        st.html(join_html(tag("p", t(f"list.{PUT_OFF}"), cls="sub"), tag("ul", *lines, cls="places")))
        st.button(t("put_off.look"), key="look-put-off", on_click=_look_at, args=(PUT_OFF,))


def _look_at(view: str) -> None:
    st.session_state["list"] = view


def hold_back_new(rows: pd.DataFrame, list_name: str) -> pd.DataFrame:
    """The rows this person has seen, with a button for the others. All of them on a first look, or where nothing is left.

    Another list than the last one is a first look again.
    """
    ids = set(rows["post_id"].astype(str))
    seen_ids = seen_items(list_name, ids)
    new_ids = find_new(ids, seen_ids)
    if new_ids:
        pressed = st.button(t("waiting.new", count=len(new_ids)), key="show-new")
        if not pressed:
            return rows[rows["post_id"].astype(str).isin(seen_ids)]
        seen_ids |= new_ids
        st.rerun()
    seen_ids |= ids
    return rows


def find_new(ids: Collection[str], seen_ids: Collection[str]) -> set[str]:
    """Which are new; none where nothing known is left to read."""
    new_ids = set(ids) - set(seen_ids)
    return new_ids if set(ids) & set(seen_ids) else set()
