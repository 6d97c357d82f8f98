"""What the group counted by hand in places without an API, as a table beside the numbers that are read."""

from typing import Any

import pandas as pd
import streamlit as st

from app import queries
from app.analytics.period import Period
from app.components.layout import draw_section
from app.components.page_context import PageContext
from app.ui.markup import escape_markdown
from app.ui.words import format_number, t


def draw_offline_counts(here: PageContext, period: Period) -> None:
    """A table of the places, where anything was counted in these days; else nothing."""
    places = queries.period.offline_counts(here.reader, here.now, here.group.id, period.from_date, period.to_date)
    if places.empty:
        return
    draw_section(t("elsewhere.title"), t("elsewhere.about"))
    st.table(offline_table(places), hide_index=True, border="horizontal")


def offline_table(places: pd.DataFrame) -> pd.DataFrame:
    """Rows of queries.period.offline_counts() in words; what was not counted is said so."""
    named = {
        "asks_count": "asked",
        "answered_count": "answered",
        "posts_count": "posts",
        "engagement_count": "engagement",
    }
    columns = {t("elsewhere.place"): [escape_markdown(str(name)) for name in places["place"]]}
    for column, word in {**named, "followers_count": "followers"}.items():
        columns[t(f"elsewhere.{word}")] = [_counted(value) for value in places[column]]
    return pd.DataFrame(columns)


def _counted(value: Any) -> str:
    return "–" if pd.isna(value) else format_number(value)
