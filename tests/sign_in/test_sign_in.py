"""People sign in at a real provider with a real browser, and see what is theirs to see."""

from typing import Any

import pytest

from tests.sign_in.dashboard import HILLSIDE, RIVERSIDE
from tests.sign_in.setup import DEE, HAL, NOBODY, TESS, VI, House

pytestmark = pytest.mark.signin

FOR_TRUSTEES = ["Summary", "What the numbers mean", "First visit"]
FOR_ORGANISERS = ["Take the numbers away", "Weekly mail", "Who may see what", "Set up"]


def side_bar(page: Any) -> list[str]:
    """The pages that it lists."""
    page.get_by_test_id("stSidebarNav").wait_for()
    return [name.strip() for name in page.get_by_test_id("stSidebarNavLink").all_inner_texts()]


@pytest.fixture
def page(browser: Any) -> Any:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_without_a_sign_in_there_is_a_door_and_nothing_else(house: House, page: Any) -> None:
    page.goto(f"{house.dashboard.address}/this_week?group=hillside")
    page.get_by_role("button", name="Sign in").wait_for()
    assert page.get_by_test_id("stSidebarNavLink").count() == 0
    assert not any(word in page.content() for word in (*RIVERSIDE, *HILLSIDE, "Hillside", "Riverside"))


def test_an_organiser_sees_every_page_and_every_group(house: House, page: Any) -> None:
    house.sign_in(page, DEE)
    listed = side_bar(page)
    assert listed[0] == "Waiting for a reply"
    assert {*FOR_TRUSTEES, *FOR_ORGANISERS} <= set(listed)
    page.get_by_text("They sent me in circles").wait_for()
    assert page.get_by_text("Dee", exact=True).count()
    page.goto(f"{house.dashboard.address}/?group=hillside")
    page.get_by_text("a ramp for the Hillside stairs").wait_for()


def test_a_groupworker_sees_the_queue_of_their_own_group_and_no_organisers_page(house: House, page: Any) -> None:
    house.sign_in(page, HAL)
    listed = side_bar(page)
    assert listed[0] == "Waiting for a reply"
    assert not {*FOR_ORGANISERS} & set(listed)
    page.get_by_text("They sent me in circles").wait_for()
    assert "Hillside" not in page.content()


def test_a_trustee_sees_numbers_of_closed_quarters_and_no_word_of_anybody(house: House, page: Any) -> None:
    house.sign_in(page, TESS)
    assert side_bar(page) == FOR_TRUSTEES
    page.get_by_role("heading", name="Summary").wait_for()
    assert not any(word in page.content() for word in (*RIVERSIDE, *HILLSIDE, "Hillside"))


def test_what_the_provider_says_of_somebody_can_be_their_role(house: House, page: Any) -> None:
    house.sign_in(page, VI)
    page.get_by_text("a ramp for the Hillside stairs").wait_for()
    assert not any(word in page.content() for word in (*RIVERSIDE, "Riverside"))


def test_whoever_nobody_let_in_is_told_whom_to_ask(house: House, page: Any) -> None:
    house.sign_in(page, NOBODY)
    page.get_by_text("nobody has let you in yet").wait_for()
    assert page.get_by_text("Ask an organiser").count()
    assert not any(word in page.content() for word in (*RIVERSIDE, *HILLSIDE, "Riverside", "Hillside"))


def test_two_people_at_once_each_see_their_own(house: House, browser: Any) -> None:
    contexts = [browser.new_context() for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    for page, who in zip(pages, (HAL, VI), strict=True):
        house.sign_in(page, who)
    pages[0].get_by_text("They sent me in circles").wait_for()
    pages[1].get_by_text("a ramp for the Hillside stairs").wait_for()
    for page in pages:
        page.reload()
    pages[1].get_by_text("a ramp for the Hillside stairs").wait_for()
    pages[0].get_by_text("They sent me in circles").wait_for()
    assert "Hillside" not in pages[0].content()
    assert "Riverside" not in pages[1].content()
    for context in contexts:
        context.close()


def test_the_log_holds_no_token_no_address_and_no_secret(house: House) -> None:
    with house.person() as person:
        person.sign_in(DEE)
        with person.line() as line:
            assert RIVERSIDE[0] in line.ask()
        person.http.get("/oauth2callback?code=some-code&state=some-state")
    assert house.leaked() == []
