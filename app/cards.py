"""One card of the queue: how long it waits, what was said, why it is here, the conversation, and what can be done."""

import pandas as pd
import streamlit as st

from app import deciding, naming, queries, quoting, words
from app.markup import Html, join, safe_link, stored, tag
from app.page import Here
from app.words import given, say

STATES = ("unanswered", "waiting again", "unknown")  # of an open request, in the order of the filter


def several(here: Here, rows: pd.DataFrame, *, key: str, at_once: int) -> None:
    """The cards of one list, a page at a time. Threads are read for the page shown only."""
    pages = -(-len(rows) // at_once)
    number = st.session_state.get(f"{key}-page", 1) if pages > 1 else 1
    shown = rows.iloc[(min(number, pages) - 1) * at_once :][:at_once]
    threads = queries.thread(here.reader, here.now, here.group.id, sorted({str(root) for root in shown["root_id"]}))
    for _, row in shown.iterrows():
        card(here, row, threads[threads["root_id"] == row.root_id])
    if pages > 1:
        st.pagination(pages, key=f"{key}-page")


def card(here: Here, row: pd.Series, thread: pd.DataFrame) -> None:
    """Draw one request or candidate: a row of shown.requests, with the rows of shown.thread_posts of its root."""
    with st.container(border=True, key=f"card-{row.post_id}", gap="small"):
        st.html(head(here, row))
        quoting.said(row, key=str(row.post_id), is_deleted=pd.notna(row.deleted_at))
        if not row.is_link_only:
            st.html(quoting.why(row))
        others = quoting.conversation(thread, str(row.post_id))
        if len(others):
            with st.expander(say("waiting.threads", count=len(others)), key=f"thread-{row.post_id}"):
                for _, post in others.iterrows():
                    quoting.told(here, post, card=str(row.post_id))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            _actions(here, row)


def head(here: Here, row: pd.Series) -> Html:
    """How long, since when, where, by whom, and the state in words and a shape."""
    since = say("waiting.since", when=words.moment(row.waiting_since_at, here.group.timezone, here.now))
    parts = [since, say(f"network.{row.network}")]
    meta = join(
        " · ".join(parts), *((" · ", stored(f"@{row.handle}")) if given(row.handle) and not row.is_link_only else ())
    )
    promise, wait = here.group.promise_hours, words.duration(row.waiting_hours)
    late = tag("span", say("waiting.late", duration=words.duration(promise)), cls="late")
    return join(
        tag(
            "div",
            tag("h3", say("waiting.written" if row.is_candidate else "waiting.waits", duration=wait), cls="wait"),
            *((late,) if row.waiting_hours > promise and not row.is_candidate else ()),
            cls="card-head",
        ),
        tag("p", meta, cls="card-meta"),
        tag("ul", *_chips(row), cls="chips"),
        tag("p", row.state_reason or "", cls="small") if row.state == "unknown" else "",
        tag("p", say("post.imported"), cls="small") if row.is_imported else "",
    )


def _chips(row: pd.Series) -> list[Html]:
    chips = []
    if not row.is_candidate or row.state != "unanswered":  # a candidate is "not answered" only if it is a request
        style = {"waiting again": "again"}.get(row.state, row.state)
        mark = tag("span", say(f"state_mark.{row.state}"), aria_hidden="true")
        chips.append(tag("li", mark, say(f"state.{row.state}"), cls=style, title=row.state_reason or ""))
    if row.is_first_contact:
        chips.append(tag("li", tag("span", "☆", aria_hidden="true"), say("waiting.first_contact"), cls="new"))
    if given(row.claimed_by):
        is_mine = row.claimed_by == naming.who()
        text = (
            say("waiting.claimed_by_you")
            if is_mine
            else say("waiting.claimed_by", name=words.plain(row.claimed_by, 40))
        )
        chips.append(tag("li", tag("span", "✎", aria_hidden="true"), text, cls="mine"))
    return chips


def _actions(here: Here, row: pd.Series) -> None:
    """Reply there, take it on here, or say what it was."""
    network = say(f"network.{row.network}")
    address = safe_link(row.link)
    if address:
        verb = "waiting.look" if row.state == "unknown" or row.is_link_only else "waiting.reply"
        st.link_button(say(verb, network=network), address, type="primary", key=f"link-{row.post_id}")
    else:
        st.html(tag("p", say("waiting.no_link", network=network), cls="small"))
    post_id = str(row.post_id)
    if row.is_candidate:
        _button(here, post_id, deciding.IS_REQUEST, "waiting.is_request")
        _button(here, post_id, deciding.NOT_A_REQUEST, "waiting.is_not_request")
        return
    if given(row.claimed_by):
        _button(here, post_id, deciding.RELEASE, "waiting.release")
    else:
        _button(here, post_id, deciding.CLAIM, "waiting.claim")
    outcomes = (deciding.ANSWERED_ELSEWHERE, deciding.NO_REPLY_NEEDED, deciding.NOT_A_REQUEST)
    labels = {say(f"waiting.{what}"): what for what in outcomes}
    chosen = st.menu_button(say("waiting.other_outcomes"), list(labels), key=f"more-{post_id}", type="tertiary")
    if chosen:
        deciding.decide(here.group.id, post_id, labels[chosen])


def _button(here: Here, post_id: str, what: str, label: str) -> None:
    if st.button(say(label), key=f"{what}-{post_id}"):
        deciding.decide(here.group.id, post_id, what)
