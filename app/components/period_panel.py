"""The numbers and pictures of a period: each picture with its sentence, what it cannot show, and its numbers as a table."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from app import queries
from app.analytics import week
from app.analytics.period import Period, period_containing
from app.analytics.tiles import (
    ANYBODY,
    BUCKETS,
    KINDS,
    all_numbers,
    kinds_table,
    reach_line,
    replies_reading,
    replies_table,
    top_posts_table,
)
from app.analytics.week import Tile
from app.charts import period_charts
from app.components.chart_panel import draw_chart
from app.components.definitions import cannot_show, definition_of
from app.components.page_context import PageContext
from app.ui.markup import tag
from app.ui.words import format_day, format_duration, t

_WEEKS, _BARS, _LINES = timedelta(weeks=13), timedelta(days=28), timedelta(days=90)


def draw_tiles(shown: Sequence[Tile], key: str) -> None:
    """Lines of numbers, each with its definition."""
    with st.grid(columns=4, min_column_width=148, gap="small", key=f"tiles-{key}"):
        for tile in shown:
            model = "shown.request_spans" if tile.measure.endswith("_hours") else "shown.periods"
            st.metric(
                tile.label,
                tile.value,
                tile.note or None,
                delta_arrow="off",
                delta_color=tile.colour,
                border=True,
                height="stretch",
                help=definition_of(model, tile.measure),
            )


def draw_charts(
    here: PageContext,
    period: Period,
    this: pd.Series,
    before: pd.Series | None,
    usual: Mapping[str, Any],
    replies: pd.DataFrame,
) -> None:
    """One tab for each; only the open one is drawn, for drawing is what costs."""
    drawn: dict[str, Callable[[], None]] = {
        "asks": lambda: _asks(here, period),
        "replies": lambda: _replies(here, replies),
        "engagement": lambda: _engagement(here, period),
        "posts": lambda: _posts(here, period),
        "followers": lambda: _followers(here, period),
        "all": lambda: _all(this, before, usual),
    }
    tabs = st.tabs([t(f"this_week.tab_{name}") for name in drawn], key="tab", on_change="rerun")
    for draw, tab in zip(drawn.values(), tabs, strict=True):
        if tab.open:
            with tab:
                draw()


def _asks(here: PageContext, period: Period) -> None:
    since = period_containing("week", period.from_date).from_date - (_WEEKS if period.kind == "week" else timedelta())
    rows = here.query(queries.week.between, since, period.to_date)
    reading = t("chart.asks_reading", duration=format_duration(here.group.promise_hours))
    _chart(here, "asks", period_charts.asks, rows, reading, week.asks_table(rows), "shown.weeks")


def _replies(here: PageContext, replies: pd.DataFrame) -> None:
    found = replies[replies["replied_by"] == ANYBODY]
    counts = [int(found[f"{name}_count"].sum()) for name in BUCKETS]
    rows = pd.DataFrame(
        {
            "label": [t(f"bucket.{name}") for name in BUCKETS],
            "requests_count": counts,
            "is_without": [name == "no_reply" for name in BUCKETS],
        }
    )
    table = replies_table(replies)
    _chart(here, "replies", period_charts.replies, rows, replies_reading(replies), table, "shown.request_spans")


def _engagement(here: PageContext, period: Period) -> None:
    networks = here.query(queries.period.networks, period.from_date, period.to_date)
    rows = networks.melt("network", [f"{kind}_gained" for kind in KINDS], "kind", "gained")
    rows["label"] = [t(f"gained.{kind.removesuffix('_gained')}") for kind in rows["kind"]]
    table = kinds_table(networks)
    _chart(here, "kinds", period_charts.kinds, rows, t("chart.kinds_reading"), table, "shown.period_networks")
    days = _days(here, period, _BARS)
    reading = t("chart.engagement_reading")
    _chart(here, "engagement", period_charts.engagement, days, reading, week.engagement_table(days), "shown.days")


def _followers(here: PageContext, period: Period) -> None:
    rows = _days(here, period, _LINES)
    reading = t("chart.followers_reading")
    _chart(here, "followers", period_charts.followers, rows, reading, week.followers_table(rows), "shown.days")


def _posts(here: PageContext, period: Period) -> None:
    reach = here.query(queries.period.reach, period.from_date, period.to_date)
    st.html(tag("h2", t("reach.title"), cls="chart-title"))
    st.html(tag("p", reach_line(reach), cls="reading"))
    st.html(tag("p", t("reach.cannot"), cls="small"))
    st.html(tag("h2", t("chart.posts_title"), cls="chart-title"))
    st.html(tag("p", t("chart.posts_reading"), cls="reading"))
    by = st.segmented_control(
        t("top.label"), queries.period.TOP_BY, default=queries.period.TOP_BY[0], required=True, key="top",
        format_func=lambda name: t(f"top.{name}"), bind="query-params",
    )  # fmt: skip
    posts = queries.period.top_posts(here.reader, here.now, here.group.id, period.from_date, period.to_date, by)
    if posts.empty:
        st.html(tag("p", t("top.none"), cls="sub"))
    else:
        st.table(top_posts_table(posts), hide_index=True, border="horizontal")


def _all(this: pd.Series, before: pd.Series | None, usual: Mapping[str, Any]) -> None:
    st.html(tag("h2", t("chart.all_title"), cls="chart-title"))
    st.html(tag("p", t("chart.all_reading"), cls="reading"))
    st.table(all_numbers(this, before, usual), hide_index=True, border="horizontal")
    cannot = cannot_show("shown.periods")
    st.html(tag("p", tag("strong", t("page.cannot_show")), ": ", cannot, cls="small"))


def _chart(
    here: PageContext,
    key: str,
    draw: Callable[..., Any],
    rows: pd.DataFrame,
    reading: str,
    table: pd.DataFrame,
    model: str,
) -> None:
    title, since = t(f"chart.{key}_title"), _since(here)
    draw_chart(key, draw, rows, here, title=title, reading=reading, table=table, model=model, since=since)


def _days(here: PageContext, period: Period, back: timedelta) -> pd.DataFrame:
    """The days of the period; for a week also some before it, so that there is something to see."""
    first = period.to_date - back if period.kind == "week" else period.from_date
    days = here.query(queries.period.days, first)
    return days[days["local_date"] < pd.Timestamp(period.to_date)]


def _since(here: PageContext) -> str:
    """From when the numbers are our own: what is older was fetched afterwards."""
    since = here.query(queries.collection.group)["collecting_since_at"].dropna()
    if since.empty:
        return ""
    at = since.iloc[0].to_pydatetime().astimezone(ZoneInfo(here.group.timezone))
    return t("page.since", date=format_day(at, here.now))
