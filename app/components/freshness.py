"""How old is what the page shows, and the quiet look-out for something newer."""

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from app import queries, runtime
from app.analytics import collection_status
from app.auth import permissions
from app.auth.permissions import NotAllowed
from app.data import decisions, readers
from app.ui.markup import tag
from app.ui.words import format_ago, format_moment, t
from warehouse.snapshots.publish import failed_checks

QUIET_AFTER = timedelta(minutes=30)  # a collector reports every few minutes; after this somebody should look


def draw_freshness(group_id: str, zone: str, drawn: str, need: str) -> None:
    """“Collected 4 minutes ago · 2 gaps”. Draws the page anew when a newer snapshot or somebody's decision is there.

    Streamlit keeps open what was open and the place on the page, so nobody loses what they were reading.
    """
    version = _version(need)

    @st.fragment(run_every="15s")
    def look() -> None:
        try:
            reader = readers.reader_for(need, group_id)
        except NotAllowed:
            st.rerun()  # the page as it is for whoever may no longer see this
        if (reader.name, _version(need)) != (drawn, version):
            st.rerun()
        now = runtime.current().clock()
        group = queries.collection.group(reader, now, group_id)
        gaps = (
            None
            if need == "trustee"
            else collection_status.count_gaps(queries.collection.sources(reader, now, group_id))
        )
        _draw(_last_read(group), gaps, zone, now, need)
        refused = failed_checks(runtime.current().settings)
        if refused is not None:
            words = t(
                "page.check_failed", when=format_moment(reader.published_at, zone, now), checks=", ".join(refused[1])
            )
            st.html(tag("p", words, cls="problem", role="status"))

    look()


def _version(need: str) -> int:
    """Decisions change what volunteers see; what trustees see is frozen, and needs no casebook."""
    return 0 if need == "trustee" else decisions.casebook_version()


def _last_read(group: pd.DataFrame) -> datetime | None:
    """When anything was last read for the group; None: never."""
    known = group["last_read_at"].dropna()
    return None if known.empty else known.iloc[0].to_pydatetime()


def _draw(at: datetime | None, gaps: int | None, zone: str, now: datetime, need: str) -> None:
    is_old = at is None or now - at > QUIET_AFTER
    read = t("freshness.collected", ago=format_ago(at, now)) if at else t("freshness.never")
    words = [tag("span", tag("span", "● ", cls="dot", aria_hidden="true"), read)]
    if gaps is not None:
        words.append(tag("span", t("freshness.gaps", count=gaps)))
    st.html(tag("p", *words, cls="fresh old" if is_old else "fresh"))
    if is_old and at:
        quiet = "page.quiet_trustee" if need == "trustee" else "page.quiet_collector"
        st.html(tag("p", t(quiet, when=format_moment(at, zone, now)), cls="problem", role="status"))


def redraw_once_closed(view: str) -> None:
    """Draw a page about no group anew when it is no longer open to whoever looks at it."""

    @st.fragment(run_every="15s")
    def look() -> None:
        try:
            is_open = permissions.may_see_page(permissions.require_identity(), view)
        except NotAllowed:
            is_open = False
        if not is_open:
            st.rerun()

    look()


def redraw_once_published(need: str) -> None:
    """Draw the page as soon as the first snapshot is there."""

    @st.fragment(run_every="5s")
    def look() -> None:
        try:
            readers.reader_for(need)
        except readers.NothingPublished:
            return
        except NotAllowed:
            st.rerun()
        st.rerun()

    look()
