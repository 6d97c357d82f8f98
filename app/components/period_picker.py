"""The period control: one for all pages of the organiser, its choice kept for the session and in the address."""

from datetime import date

import streamlit as st

from app.analytics import period
from app.analytics.period import CHOICES, CUSTOM, Period
from app.components.page_context import PageContext
from app.ui.markup import tag
from app.ui.words import t

_IN_ADDRESS = ("period", "from", "to")


def pick_period(here: PageContext) -> Period:
    """Draw the control and the line that says which days it is. Returns the period, in the group's own dates."""
    today = period.local_date(here.now, here.group.timezone)
    if "period" not in st.session_state:
        in_url = {name: st.query_params[name] for name in _IN_ADDRESS if name in st.query_params}
        choice, first, last = period.parse_query(in_url)
        st.session_state["period"] = choice
        if first and last:
            for name, value in (("period_from", first), ("period_to", last)):
                st.session_state[name] = min(max(value, period.EARLIEST), today)
    with st.container(horizontal=True, vertical_alignment="bottom", key="choosing"):
        choice = st.selectbox(
            t("period.label"), (*CHOICES, CUSTOM), key="period", persist_state="session", width=220,
            format_func=lambda name: t(f"period.{name}"),
        )  # fmt: skip
        chosen_period = _dates(today) if choice == CUSTOM else period.period_of_choice(choice, today)
    in_url = period.format_query(choice, chosen_period)
    for name in _IN_ADDRESS:
        if name in in_url:
            st.query_params[name] = in_url[name]
        elif name in st.query_params:
            del st.query_params[name]
    is_over = chosen_period.is_over(here.now, here.group.timezone)
    st.html(
        tag(
            "p", period.format_period(chosen_period, here.now), "" if is_over else f" · {t('period.so_far')}", cls="sub"
        )
    )
    return chosen_period


def _dates(today: date) -> Period:
    month = period.period_of_choice("last_month", today)
    for name, value in (("period_from", month.from_date), ("period_to", month.last_date)):
        st.session_state.setdefault(name, value)
    first, last = (
        st.date_input(
            t(f"period.{name}"), key=f"period_{name}", min_value=period.EARLIEST, max_value=today,
            format="DD/MM/YYYY", persist_state="session", width=150,
        )
        for name in ("from", "to")
    )  # fmt: skip
    return period.custom_period(first, last)
