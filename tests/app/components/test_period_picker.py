"""The period control: what is chosen stands in the address, and comes from it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from app import runtime
from app.data import readers
from tests.support import village
from warehouse.settings import Settings


def a_page() -> None:
    """Only the control, and what it found."""
    import streamlit as st

    from app.components import page, period_picker

    found = period_picker.pick_period(page.begin_page("this_week"))
    st.text(f"{found.from_date} {found.to_date}")


@pytest.fixture
def app(quiet: Settings) -> Iterator[AppTest]:
    readers.reset_readers()
    alone = replace(quiet, is_sample=False)  # without the offer of a tour, which is a page of its own
    runtime.set_current(runtime.Runtime(alone, clock=lambda: village.NOW))
    yield AppTest.from_function(a_page, default_timeout=30)
    readers.reset_readers()


def days(app: AppTest) -> str:
    assert not app.exception
    return str(app.text[0].value)


def test_without_a_word_it_is_this_week(app: AppTest) -> None:
    assert days(app.run()) == "2026-11-16 2026-11-23"
    assert not app.query_params


def test_a_choice_stands_in_the_address(app: AppTest) -> None:
    app.run().selectbox(key="period").select("last_quarter").run()
    assert days(app) == "2026-07-01 2026-10-01"
    assert app.query_params == {"period": "last_quarter"}


def test_an_address_opens_what_it_says(app: AppTest) -> None:
    app.query_params["period"] = "last_month"
    assert days(app.run()) == "2026-10-01 2026-11-01"


def test_any_days_stand_in_the_address_with_both_ends(app: AppTest) -> None:
    app.query_params["period"], app.query_params["from"], app.query_params["to"] = "custom", "2026-03-03", "2026-03-09"
    assert days(app.run()) == "2026-03-03 2026-03-10"
    app.date_input(key="period_to").set_value(date(2026, 3, 29)).run()
    assert days(app) == "2026-03-03 2026-03-30"
    assert app.query_params == {"period": "custom", "from": "2026-03-03", "to": "2026-03-29"}
    app.selectbox(key="period").select("this_week").run()
    assert not app.query_params


def test_days_to_come_are_today_and_the_wrong_way_round_is_put_right(app: AppTest) -> None:
    app.query_params["period"], app.query_params["from"], app.query_params["to"] = "custom", "2027-03-03", "2026-11-20"
    assert days(app.run()) == "2026-11-20 2026-11-23"


@pytest.mark.parametrize("told", ["0001-01-01", "9999-12-31"])
def test_no_date_in_an_address_breaks_the_page(told: str, app: AppTest) -> None:
    app.query_params["period"], app.query_params["from"], app.query_params["to"] = "custom", told, "2026-11-20"
    days(app.run())
