"""Somebody's post on a page: its text, folded where it must be, and the conversation around it; never as HTML or Markdown."""

import re
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.components.page_context import PageContext
from app.ui import words
from app.ui.markup import Html, join_html, tag, user_text
from app.ui.words import is_given, t
from warehouse.privacy.name_redaction import NAMED
from warehouse.requests import judge

REASONS_SHOWN = 2
FOLD_AFTER = 700  # characters; two thirds of a phone's screen
LINES_SHOWN = 15


def conversation_of(thread: pd.DataFrame, post_id: str) -> pd.DataFrame:
    """Of a whole thread (rows of shown.thread_posts) what belongs to one post: what it answers, and all that follows it.

    Below a post of the group many people talk at once; the others' talk is not this person's. Without the post itself.
    """
    parents = {str(row.post_id): row.parent_id for row in thread.itertuples()}

    def line(start: str) -> list[str]:
        """The post and everything above it; a server could send a circle."""
        post_ids = [start]
        while (above := parents.get(post_ids[-1])) is not None and str(above) in parents and str(above) not in post_ids:
            post_ids.append(str(above))
        return post_ids

    above = set(line(post_id)[1:])
    wanted = [other_id in above or post_id in line(other_id)[1:] for other_id in map(str, thread["post_id"])]
    return thread[pd.Series(wanted, index=thread.index, dtype=bool)]


def is_folded(row: pd.Series, here: PageContext) -> bool:
    """Does it have a content warning, or one of the words that the group wants folded?"""
    text = row.text.casefold() if is_given(row.text) else ""
    return bool(row.has_content_warning) or any(word.casefold() in text for word in here.group.folded_words)


def mark_asker(posts: pd.DataFrame, author_id: str) -> pd.DataFrame:
    """The same posts, with the writer of this one request as the asker: in a thread of the group several people ask."""
    is_theirs = posts["author_id"] == author_id
    others = posts["who"].replace("asker", "peer")
    return posts.assign(who=others.mask(is_theirs & others.eq("peer"), "asker"))


def draw_post_text(
    here: PageContext, row: pd.Series, key: str, *, is_deleted: bool, marked: Sequence[str] = ()
) -> None:
    """The words of a post, folded under its content warning or for the group's own list; never as HTML or Markdown.

    `marked`: phrases to be marked where they stand first, unless it is folded.
    """
    if row.is_link_only:
        st.html(tag("p", t("post.link_only"), cls="sub"))
        return
    if is_deleted:
        st.html(tag("p", t("post.deleted"), cls="sub"))
        return
    if not is_given(row.text):
        st.html(tag("p", t("post.withheld" if row.is_text_withheld else "post.no_text"), cls="sub"))
        return
    with st.container(key=f"said-{key}"):
        if not is_folded(row, here):
            _text(row.text, key, marked)
            return
        warning = words.sanitise(row.content_warning, 300) if is_given(row.content_warning) else ""
        title = t("post.warning" if row.has_content_warning else "post.folded_word")
        st.html(join_html(tag("p", tag("strong", title), ": " if warning else "", user_text(warning, 300), cls="sub")))
        with st.expander(t("post.open_warning"), key=f"fold-{key}"):
            _text(row.text, f"{key}-open", ())


def _text(text: str, key: str, marked: Sequence[str]) -> None:
    """A post's words, a long one folded after its beginning."""
    whole = words.sanitise(mask_names(text))
    start = "\n".join(whole[:FOLD_AFTER].split("\n")[:LINES_SHOWN])
    if start == whole:
        _words(whole, marked)
        return
    _words(f"{start.rstrip()}…", marked)
    with st.expander(t("post.whole"), key=f"whole-{key}"):
        _words(whole, marked)
        if len(text) > words.TEXT_LIMIT:
            st.html(tag("p", t("post.too_long"), cls="small"))


def _words(text: str, marked: Sequence[str]) -> None:
    """Plain text; with marks it is our own markup around escaped pieces of it."""
    pieces = split_at_phrases(text, marked)
    if len(pieces) == 1:
        st.text(text)
        return
    inside = (tag("mark", piece) if is_marked else piece for piece, is_marked in pieces)
    st.html(tag("p", *inside, cls="words", dir="auto"))


def split_at_phrases(text: str, marked: Sequence[str]) -> list[tuple[str, bool]]:
    """A text cut into what is to be marked and what is not, in order: each phrase where it stands first, none in another."""
    phrases = [phrase for phrase in (words.sanitise(mask_names(candidate)).strip() for candidate in marked) if phrase]
    cuts, end = [], 0
    for start, phrase in sorted((text.find(candidate), candidate) for candidate in dict.fromkeys(phrases)):
        if start >= end:
            cuts += [(text[end:start], False), (phrase, True)]
            end = start + len(phrase)
    return [piece for piece in (*cuts, (text[end:], False)) if piece[0]]


def why_line(here: PageContext, row: pd.Series) -> Html:
    """Why it is here: how it reached the group, and the rules' reasons with the words that fired them.

    A folded post's words are not quoted: that would unfold it.
    """
    pieces: list[Html | str] = [t(f"scope.{row.why}")]
    if is_given(row.text):
        for reason, phrase in reasons(row):
            quoted = () if is_folded(row, here) else (" ", tag("q", user_text(mask_names(phrase), 80)))
            pieces.append(join_html(reason.rstrip("."), *quoted))
    if is_given(row.support_asked) and not row.is_candidate:
        pieces.append(t("waiting.asks_for", kind=t(f"support.{row.support_asked}")))
    inside = [part for piece in pieces for part in (" · ", piece)][1:]
    return tag("p", tag("strong", t("waiting.why")), ": ", *inside, cls="why")


def reasons(row: pd.Series) -> list[tuple[str, str]]:
    """The reasons of the rules that picked it, each with the phrase it was found in; long texts are read by their start."""
    text, picked = row.text[: words.TEXT_LIMIT], set(row.rule_ids if row.rule_ids is not None else ())
    language, title = ((value if is_given(value) else None) for value in (row.language, row.content_warning))
    phrase_of: dict[str, str] = {}
    for fired in judge(text, language, title).fired:
        if fired.rule_id in picked and not fired.is_in_title:
            phrase_of.setdefault(fired.reason, text[fired.start : fired.end])
    return list(phrase_of.items())[:REASONS_SHOWN]


def draw_post(here: PageContext, post: pd.Series, card: str) -> None:
    """One post of the conversation, with who speaks."""
    key = f"{card}-{post.post_id}"
    who = tag("strong", t(f"author.{post.who}"))
    handle = (" ", user_text(f"@{mask_name(post.handle)}")) if is_given(post.handle) else ()
    at = words.format_moment(post.created_at, here.group.timezone, here.now)
    kind = "group" if post.who in ("group", "team") else post.who
    with st.container(key=f"told-{kind}-{key}", gap="xxsmall"):
        st.html(tag("p", who, *handle, f" · {at}", *_flag(post), cls="told"))
        if post.is_hidden:
            st.html(tag("p", t("post.hidden"), cls="sub"))
        else:
            draw_post_text(here, post, key=key, is_deleted=bool(post.is_deleted))


def _flag(post: pd.Series) -> tuple[Html | str, ...]:
    if not is_given(post.flag):
        return ()
    kind = "signpost" if post.flag == "needs a signpost" else post.flag
    return (" · ", tag("strong", "⚑ ", t(f"flag.{kind}"), cls="flag"))


def hides_names() -> bool:
    """Is the switch for sharing one's screen on?"""
    return bool(st.session_state.get("hide_names"))


def mask_name(handle: str) -> str:
    """A name, or dots while names are hidden."""
    return "…" if hides_names() else handle


def mask_names(text: str) -> str:
    """A post's words, with the names of others in it (@somebody@server) as dots while names are hidden."""
    return _NAMED.sub("@…", text) if hides_names() else text


_NAMED = re.compile(NAMED)
