"""How old is what the page shows, and the quiet look-out for something newer."""

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from app import deciding, opening, queries, running
from app.markup import tag
from app.words import ago, moment, say

QUIET_AFTER = timedelta(minutes=30)  # a collector reports every few minutes; after this somebody should look


def line(group_id: str, zone: str, drawn: str) -> None:
    """“Collected 4 minutes ago · 2 gaps”. Draws the page anew when a newer snapshot or somebody's decision is there.

    Streamlit keeps open what was open and the place on the page, so nobody loses what they were reading.
    """
    version = deciding.version()

    @st.fragment(run_every="15s")
    def look() -> None:
        reader = opening.reader()
        if (reader.name, deciding.version()) != (drawn, version):
            st.rerun()
        now = running.current().clock()
        sources = queries.sources(reader, now, group_id)
        _draw(last_read(sources, reader.published_at), int(sources["gaps_count"].sum()), zone, now)

    look()


def last_read(sources: pd.DataFrame, published_at: datetime) -> datetime:
    """When any source was last read well; when the snapshot was published, where none was yet."""
    known = sources["last_ok_at"].dropna()
    return max(known.max().to_pydatetime(), published_at) if len(known) else published_at


def _draw(at: datetime, gaps: int, zone: str, now: datetime) -> None:
    is_old = now - at > QUIET_AFTER
    words = (
        tag("span", "●", cls="dot", aria_hidden="true"),
        tag("span", say("freshness.collected", ago=ago(at, now))),
        tag("span", "·", cls="sep", aria_hidden="true"),
        tag("span", say("freshness.gaps", count=gaps)),
    )
    st.html(tag("p", *words, cls="fresh old" if is_old else "fresh"))
    if is_old:
        st.warning(say("page.quiet_collector", when=moment(at, zone, now)), icon="⏳")


def wait_for_first() -> None:
    """Draw the page as soon as the first snapshot is there."""

    @st.fragment(run_every="5s")
    def look() -> None:
        try:
            opening.reader()
        except opening.NothingYet:
            return
        st.rerun()

    look()
