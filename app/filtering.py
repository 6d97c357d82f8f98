"""Which of the items somebody wants to see: filters and a search, all in the address, so that a link keeps them."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from app import keyboard
from app.words import say

STATES = ("unanswered", "waiting again", "unknown")  # of an open request
NETWORKS = ("mastodon", "bluesky")
WHYS = ("reply", "mention", "quote", "hashtag", "thread")
WHOSE = ("mine", "free", "taken")


@dataclass(frozen=True, slots=True)
class Wanted:
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
        return sum(bool(one) for one in (self.state, self.network, self.why, self.language, self.whose, self.is_first))


def bar(languages: list[str]) -> Wanted:
    """The line above the cards: search, filters, the switch that hides names, and what the keys do."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        words = st.text_input(
            say("filter.find"), key="find", bind="query-params", type="search", placeholder=say("filter.find"),
            label_visibility="collapsed", max_chars=100, width=320,
        )  # fmt: skip
        set_now = _chosen(words or "").count()
        label = say("filter.title") if not set_now else say("filter.title_set", count=set_now)
        with st.popover(label, key="filter-box"):
            _pick("state", STATES, "state_short")
            _pick("network", NETWORKS, "network")
            _pick("why", WHYS, "scope")
            if len(languages) > 1 or st.session_state.get("language"):
                _pick("language", tuple(languages), "language")
            _pick("whose", WHOSE, "whose")
            st.toggle(say("filter.first"), key="first", bind="query-params")
        st.toggle(say("filter.hide_names"), key="hide_names", bind="query-params")
        keyboard.keys()
    return _chosen(words or "")


def narrowed(rows: pd.DataFrame, wanted: Wanted, who: str) -> pd.DataFrame:
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
    for word in wanted.words.casefold().split():
        said = rows["text"].fillna("") + " " + rows["handle"].fillna("").where(~rows["is_link_only"].astype(bool), "")
        keep &= said.str.casefold().str.contains(word, regex=False)
    return rows[keep]


def _pick(key: str, options: tuple[str, ...], texts: str) -> None:
    st.pills(
        say(f"filter.{key}"), options, format_func=lambda one: _named(texts, one), key=key, bind="query-params",
    )  # fmt: skip


def _named(texts: str, one: str) -> str:
    try:
        return say(f"{texts}.{one}")
    except KeyError:  # a language without a name here shows its code
        return one


def _chosen(words: str) -> Wanted:
    held = st.session_state
    return Wanted(
        words, held.get("state"), held.get("network"), held.get("why"), held.get("language"), held.get("whose"),
        bool(held.get("first")),
    )  # fmt: skip
