"""The three pictures of the week's page, each with its sentence, what it cannot show, and its numbers as a table."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from app import charts, page, queries, telling
from app.page import Here
from app.words import day, duration, say

_BARS = timedelta(days=28)
_LINES = timedelta(days=90)


def pictures(here: Here, weeks: pd.DataFrame, *, until: datetime) -> None:
    """One tab for each; only the open one is drawn, for drawing is what costs. `weeks`: rows of shown.weeks."""
    drawn = {"asks": charts.asks, "engagement": charts.engagement, "followers": charts.followers}
    tables = {
        "asks": telling.asks_table,
        "engagement": telling.engagement_table,
        "followers": telling.followers_table,
    }
    tabs = st.tabs([say(f"this_week.tab_{name}") for name in drawn], key="tab", on_change="rerun")
    for name, tab in zip(drawn, tabs, strict=True):
        if tab.open:
            rows = weeks if name == "asks" else _days(here, until, _BARS if name == "engagement" else _LINES)
            reading = say(f"chart.{name}_reading", duration=duration(here.group.promise_hours))
            with tab:
                page.chart(
                    name,
                    drawn[name],
                    rows,
                    here,
                    title=say(f"chart.{name}_title"),
                    reading=reading,
                    table=tables[name](rows),
                    model="shown.weeks" if name == "asks" else "shown.days",
                    since=_since(here),
                )


def _days(here: Here, until: datetime, back: timedelta) -> pd.DataFrame:
    days = here.ask(queries.days, (until - _LINES).date())
    return days[(days["local_date"] > until - back) & (days["local_date"] <= until)]


def _since(here: Here) -> str:
    """From when the numbers are our own: what is older was fetched afterwards."""
    since = here.ask(queries.groups)["collecting_since_at"].dropna()
    if since.empty:
        return ""
    at = since.iloc[0].to_pydatetime().astimezone(ZoneInfo(here.group.timezone))
    return say("page.since", date=day(at, here.now))
