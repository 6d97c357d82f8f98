"""A card of the queue: the wait, the post, why it is here, the conversation, and what can be done; drawn a page at a time."""

import pandas as pd
import streamlit as st

from app import queries
from app.components import group_switch
from app.components.page_context import PageContext
from app.request_queue import actions, decision_history
from app.request_queue.post import conversation_of, draw_post, draw_post_text, mark_asker, mask_name, reasons, why_line
from app.ui import words
from app.ui.markup import Html, join_html, tag, user_text
from app.ui.words import is_given, t


def draw_cards(here: PageContext, rows: pd.DataFrame, *, key: str, at_once: int) -> None:
    """The cards of one list, a page at a time. Threads are read for the page shown only."""
    pages = -(-len(rows) // at_once)
    number = st.session_state.get(f"{key}-page", 1) if pages > 1 else 1
    on_page = rows.iloc[(min(number, pages) - 1) * at_once :][:at_once]
    threads = {
        group_id: queries.queue.thread(
            here.reader, here.now, str(group_id), sorted({str(root) for root in rows["root_id"]})
        )
        for group_id, rows in on_page.groupby("group_id")
    }
    for _, row in on_page.iterrows():
        thread = threads[row.group_id]
        draw_card(here.for_group(row.group_id, row.also), row, thread[thread["root_id"] == row.root_id])
    if pages > 1:
        st.pagination(pages, key=f"{key}-page")


def draw_card(here: PageContext, row: pd.Series, thread: pd.DataFrame) -> None:
    """Draw one item: a row of shown.requests, with the rows of shown.thread_posts of its root."""
    post_id = str(row.post_id)
    with st.container(border=True, key=f"card-{post_id}", gap="small"):
        st.html(card_head(here, row))
        marked = [phrase for _, phrase in reasons(row)] if is_given(row.text) else []
        draw_post_text(here, row, key=post_id, is_deleted=pd.notna(row.deleted_at), marked=marked)
        if not row.is_link_only:
            st.html(why_line(here, row))
        others = mark_asker(conversation_of(thread, post_id), str(row.author_id))
        if len(others):
            with st.expander(t("waiting.threads", count=len(others)), key=f"thread-{post_id}"):
                for _, post in others.iterrows():
                    draw_post(here, post, card=post_id)
                    if post.who != "asker" and not post.is_deleted and not post.is_hidden:
                        actions.draw_flag_menu(here, post, card=post_id)
        if pd.notna(row.decided_at):
            decision_history.draw_history(here, post_id)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            actions.draw_actions(here, row)


def card_head(here: PageContext, row: pd.Series) -> Html:
    """How long, since when, where, by whom, and the state in words and a shape."""
    since = row.waiting_since_at if pd.notna(row.waiting_since_at) else row.asked_at
    when = words.format_moment(since, here.group.timezone, here.now)
    if row.listed_in in ("waiting", "put off"):
        when = t("waiting.since", when=when)
    elif row.listed_in not in ("maybe", "welcome"):  # those say above that they were written
        when = t("waiting.asked_at", when=when)
    parts = [when, t(f"network.{row.network}")]
    meta = join_html(
        " · ".join(parts),
        *(_groups(here) if group_switch.is_on_all_groups() else ()),
        *((" · ", user_text(f"@{mask_name(row.handle)}")) if is_given(row.handle) and not row.is_link_only else ()),
    )
    late = tag("span", t("waiting.late", duration=words.format_duration(here.group.promise_hours)), cls="late")
    return join_html(
        tag(
            "div", tag("h3", _title(here, row), cls="wait"), *((late,) if _is_late(here, row) else ()), cls="card-head"
        ),
        tag("p", meta, cls="card-meta"),
        tag("ul", *_chips(here, row), cls="chips"),
        tag("p", row.state_reason or "", cls="small") if row.state == "unknown" or row.flagged_count else "",
        tag("p", t("post.imported"), cls="small") if row.is_imported else "",
    )


def _groups(here: PageContext) -> list[Html | str]:
    """For whom it is."""
    return [part for group in here.groups() for part in (" · ", user_text(group.name))]


def _title(here: PageContext, row: pd.Series) -> str:
    if row.listed_in in ("check back", "second voice"):
        return t("waiting.answered_ago", ago=words.format_ago(row.first_answer_at, here.now))
    if row.listed_in == "done":
        ended = row.outcome if is_given(row.outcome) else "not a request"
        return t(f"outcome.{ended}")
    key = "waiting.written" if row.is_candidate else "waiting.waits"
    return t(key, duration=words.format_duration(row.waiting_hours))


def _is_late(here: PageContext, row: pd.Series) -> bool:
    return row.listed_in in ("waiting", "put off") and row.waiting_hours > here.group.promise_hours


def _chips(here: PageContext, row: pd.Series) -> list[Html]:
    chips = []
    if row.listed_in != "done" and (not row.is_candidate or row.state != "unanswered"):
        # a candidate is "not answered" only if it is a request
        style = {"waiting again": "again"}.get(row.state, row.state)
        chips.append(_chip(t(f"state_mark.{row.state}"), _state(row), style, title=row.state_reason or ""))
    if row.is_first_contact:
        chips.append(_chip("☆", t("waiting.first_contact"), "new"))
    if row.is_snoozed:
        until = words.format_until(row.snoozed_until_at, here.group.timezone, here.now)
        chips.append(_chip("☾", t("waiting.put_off", when=until), ""))
    if is_given(row.claimed_by):
        age = words.format_ago(row.claimed_at, here.now)
        name = words.sanitise(row.claimed_by, 40)
        key = "waiting.claimed_by_you" if actions.is_mine(row) else "waiting.claimed_by"
        chips.append(_chip("✎", t(key, name=name, ago=age), "mine"))
    elif is_given(row.lapsed_claim_by) and row.is_open:
        name, age = words.sanitise(row.lapsed_claim_by, 40), words.format_ago(row.lapsed_claim_at, here.now)
        chips.append(_chip("✎", t("waiting.lapsed", name=name, ago=age), ""))
    if row.listed_in == "done" and is_given(row.outcome_reason):
        chips.append(_chip("", decision_history.describe_way(row.outcome_reason), ""))
    return chips


def _state(row: pd.Series) -> str:
    """An answered one says by whom: the group, peers, or both."""
    if row.state != "answered":
        return t(f"state.{row.state}")
    if row.answered_by_group and row.answered_by_peer:
        return t("answered_by.both")
    return t("answered_by.peers" if row.answered_by_peer else "answered_by.group")


def _chip(mark: str, text: str, style: str, title: str = "") -> Html:
    return tag("li", *((tag("span", mark, aria_hidden="true"),) if mark else ()), text, cls=style, title=title)
