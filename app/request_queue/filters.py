"""Filters and search of the queue, all in the address, so that a link keeps them."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from app.components import url_state
from app.request_queue import keyboard
from app.ui.markup import escape_markdown
from app.ui.words import has_text, t
from warehouse.requests.tokenizer import normalise_word

STATES = ("unanswered", "waiting again", "unknown")  # of an open request
NETWORKS = ("mastodon", "bluesky")
WHYS = ("reply", "mention", "quote", "hashtag", "thread")
WHOSE = ("mine", "free", "taken")
PICKS = {
    "state": STATES,
    "network": NETWORKS,
    "why": WHYS,
    "language": (),
    "whose": WHOSE,
}  # languages: those there are


@dataclass(frozen=True, slots=True)
class Filters:
    """What was chosen; '' or None: everything."""

    words: str = ""
    state: str | None = None
    network: str | None = None
    why: str | None = None
    language: str | None = None
    whose: str | None = None
    is_first: bool = False

    def count(self) -> int:
        """How many filters are set, the search not among them."""
        return sum(
            bool(choice) for choice in (self.state, self.network, self.why, self.language, self.whose, self.is_first)
        )


def draw_filters(languages: list[str]) -> Filters:
    """The line above the cards: search, filters, the switch that hides names, and what the keys do."""
    picks = {**PICKS, "language": tuple(languages)}
    for key, options in picks.items():
        url_state.read_from_url(key, options)
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        words = st.text_input(
            t("filter.find"), key="find", bind="query-params", type="search", placeholder=t("filter.find"),
            label_visibility="collapsed", max_chars=100, width=320,
        )  # fmt: skip
        set_now = _chosen(words or "").count()
        label = t("filter.title") if not set_now else t("filter.title_set", count=set_now)
        with st.popover(label, key="filter-box"):
            for key, options in picks.items():
                if key != "language" or len(options) > 1 or st.session_state["language"]:
                    _pick(key, options)
            st.toggle(t("filter.first"), key="first", bind="query-params")
        st.toggle(t("filter.hide_names"), key="hide_names", bind="query-params")
        keyboard.draw_keys()
    return _chosen(words or "")


def clear_filters() -> None:
    """No search and no filter any more. For on_click."""
    st.session_state["find"], st.session_state["first"] = "", False
    for key in PICKS:
        st.session_state[key] = None


def apply_filters(rows: pd.DataFrame, wanted: Filters, who: str) -> pd.DataFrame:
    """The rows of shown.requests that were wanted, in their order. `who` is the person at this browser."""
    keep = pd.Series(True, index=rows.index)
    for column in ("state", "network", "why", "language"):
        if value := getattr(wanted, column):
            keep &= rows[column] == value
    if wanted.is_first:
        keep &= rows["is_first_contact"].astype(bool)
    if wanted.whose:
        taken = rows["claimed_by"].notna()
        keep &= {"mine": taken & (rows["claimed_by"] == who), "free": ~taken, "taken": taken}[wanted.whose]
    if wanted_words := _folded(wanted.words).split():
        names = rows["handle"].fillna("").where(~rows["is_link_only"].astype(bool), "")
        searched_texts = [_folded(f"{text} {name}") for text, name in zip(rows["text"].fillna(""), names, strict=True)]
        keep &= pd.Series(
            [all(word in searched for word in wanted_words) for searched in searched_texts],
            index=rows.index,
            dtype=bool,
        )
    return rows[keep]


def _folded(text: str) -> str:
    """As one reads it: without capitals, accents, apostrophes, and the letters that only look like others."""
    return " ".join(folded for word in text.split() if (folded := normalise_word(word)))


def _pick(key: str, options: tuple[str, ...]) -> None:
    chosen = st.session_state[key]
    choices = (
        options if chosen is None or chosen in options else (*options, chosen)
    )  # what was chosen may have left the list
    url_state.write_to_url(
        key, st.pills(t(f"filter.{key}"), choices, format_func=lambda choice: _named(key, choice), key=key)
    )


def _named(key: str, value: str) -> str:
    """A language without a name here shows its code."""
    text = f"{_TEXTS.get(key, key)}.{value}"
    return t(text) if has_text(text) else escape_markdown(value)


_TEXTS = {"state": "state_short", "why": "scope"}


def _chosen(words: str) -> Filters:
    state = st.session_state
    return Filters(
        words, state.get("state"), state.get("network"), state.get("why"), state.get("language"), state.get("whose"),
        bool(state.get("first")),
    )  # fmt: skip
