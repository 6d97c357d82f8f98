"""One card of the queue: how long it waits, what was said, why it is here, the conversation, and what can be done."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from app import deciding, naming, queries, words
from app.markup import Html, join, stored, tag
from app.page import Here
from app.words import say
from warehouse.requests import judge

REASONS_SHOWN = 2
FOLD_AFTER = 700  # characters; two thirds of a phone's screen
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
        said(row, key=str(row.post_id), is_deleted=pd.notna(row.deleted_at))
        if not row.is_link_only:
            st.html(why(row))
        others = thread[thread["post_id"] != row.post_id]
        if len(others):
            with st.expander(say("waiting.threads", count=len(others)), key=f"thread-{row.post_id}"):
                for _, post in others.iterrows():
                    told(here, post, card=str(row.post_id))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            _actions(here, row)


def head(here: Here, row: pd.Series) -> Html:
    """How long, since when, where, by whom, and the state in words and a shape."""
    since = say("waiting.since", when=words.moment(row.waiting_since_at, here.group.timezone, here.now))
    parts = [since, say(f"network.{row.network}")]
    meta = join(
        " · ".join(parts), *((" · ", stored(f"@{row.handle}")) if _given(row.handle) and not row.is_link_only else ())
    )
    promise, wait = here.group.promise_hours, words.duration(row.waiting_hours)
    late = tag("span", say("waiting.late", duration=words.duration(promise)), cls="late")
    return join(
        tag(
            "div",
            tag("h3", say("waiting.written" if is_maybe(row) else "waiting.waits", duration=wait), cls="wait"),
            *((late,) if row.waiting_hours > promise and not is_maybe(row) else ()),
            cls="card-head",
        ),
        tag("p", meta, cls="card-meta"),
        tag("ul", *_chips(row), cls="chips"),
        tag("p", row.state_reason or "", cls="small") if row.state == "unknown" else "",
        tag("p", say("post.imported"), cls="small") if row.is_imported else "",
    )


def is_maybe(row: pd.Series) -> bool:
    """Is it in the queue only, and in none of the numbers, until somebody says so?"""
    return not row.is_counted and not _given(row.outcome)


def _chips(row: pd.Series) -> list[Html]:
    chips = []
    if not is_maybe(row) or row.state != "unanswered":  # a candidate is "not answered" only if it is a request
        style = {"waiting again": "again"}.get(row.state, row.state)
        mark = tag("span", say(f"state_mark.{row.state}"), aria_hidden="true")
        chips.append(tag("li", mark, say(f"state.{row.state}"), cls=style, title=row.state_reason or ""))
    if row.is_first_contact:
        chips.append(tag("li", tag("span", "☆", aria_hidden="true"), say("waiting.first_contact"), cls="new"))
    if _given(row.claimed_by):
        is_mine = row.claimed_by == naming.who()
        text = (
            say("waiting.claimed_by_you")
            if is_mine
            else say("waiting.claimed_by", name=words.plain(row.claimed_by, 40))
        )
        chips.append(tag("li", tag("span", "✎", aria_hidden="true"), text, cls="mine"))
    return chips


def said(row: pd.Series, key: str, *, is_deleted: bool) -> None:
    """The words of a post, folded under its content warning; never as HTML or Markdown."""
    if row.is_link_only:
        st.html(tag("p", say("post.link_only"), cls="sub"))
        return
    if is_deleted:
        st.html(tag("p", say("post.deleted"), cls="sub"))
        return
    if not _given(row.text):
        st.html(tag("p", say("post.withheld" if row.is_text_withheld else "post.no_text"), cls="sub"))
        return
    with st.container(key=f"said-{key}"):
        if not row.has_content_warning:
            _text(row.text, key)
            return
        warning = words.plain(row.content_warning, 300) if _given(row.content_warning) else ""
        st.html(
            join(tag("p", tag("strong", say("post.warning")), ": " if warning else "", stored(warning, 300), cls="sub"))
        )
        with st.expander(say("post.open_warning"), key=f"fold-{key}"):
            _text(row.text, f"{key}-open")


def _text(text: str, key: str) -> None:
    """A post's words, a long one folded after its beginning."""
    if len(text) <= FOLD_AFTER:
        st.text(words.plain(text))
        return
    st.text(words.plain(text, FOLD_AFTER))
    with st.expander(say("post.whole"), key=f"whole-{key}"):
        st.text(words.plain(text))
        if len(text) > words.TEXT_LIMIT:
            st.html(tag("p", say("post.too_long"), cls="small"))


def why(row: pd.Series) -> Html:
    """Why it is here: how it reached the group, and the rules' reasons with the words that fired them.

    A folded post's words are not quoted: that would unfold it.
    """
    pieces: list[Html | str] = [say(f"scope.{row.why}")]
    if _given(row.text):
        for reason, phrase in reasons(row.text, row.language if _given(row.language) else None):
            quoted = () if row.has_content_warning else (" ", tag("q", stored(phrase, 80)))
            pieces.append(join(reason.rstrip("."), *quoted))
    inside = [part for piece in pieces for part in (" · ", piece)][1:]
    return tag("p", tag("strong", say("waiting.why")), ": ", *inside, cls="why")


def reasons(text: str, language: str | None) -> list[tuple[str, str]]:
    """The rules' reasons in words, each with the phrase it was found in; long texts are judged by their start."""
    shown = text[: words.TEXT_LIMIT]
    found: dict[str, str] = {}
    for fired in judge(shown, language).fired:
        if not fired.is_in_title:
            found.setdefault(fired.reason, shown[fired.start : fired.end])
    return list(found.items())[:REASONS_SHOWN]


def told(here: Here, post: pd.Series, card: str) -> None:
    """One post of the conversation, with who speaks."""
    key = f"{card}-{post.post_id}"
    who = tag("strong", say(f"author.{post.who}"))
    handle = (" ", stored(f"@{post.handle}")) if _given(post.handle) else ()
    at = words.moment(post.created_at, here.group.timezone, here.now)
    kind = "group" if post.who in ("group", "team") else post.who
    with st.container(key=f"told-{kind}-{key}", gap="xxsmall"):
        st.html(tag("p", who, *handle, f" · {at}", cls="told"))
        if post.is_hidden:
            st.html(tag("p", say("post.hidden"), cls="sub"))
        else:
            said(post, key=key, is_deleted=bool(post.is_deleted))


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
    if is_maybe(row):
        _button(here, post_id, deciding.IS_REQUEST, "waiting.is_request")
        _button(here, post_id, deciding.NOT_A_REQUEST, "waiting.is_not_request")
        return
    if _given(row.claimed_by):
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


def safe_link(address: object) -> str | None:
    """A web address to offer, or None: a server could send `javascript:` where a link belongs."""
    if not isinstance(address, str):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("https", "http") and parts.hostname else None


def _given(value: Any) -> bool:
    """Not null and not empty; pandas has several kinds of nothing."""
    return isinstance(value, datetime | bool) or (isinstance(value, str) and bool(value))
