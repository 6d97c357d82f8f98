"""What is taken away is gone at once: on pages that are open, for presses that are on their way, and when time is up."""

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sign_in.dashboard import HILLSIDE, RIVERSIDE, ROOT, SECONDS_TO_NOTICE
from tests.sign_in.setup import DEE, HAL, TESS, VI, House
from tests.sign_in.test_trustee import events

pytestmark = pytest.mark.signin

HALS = '[[roles]]\nrole = "groupworker"\nwho = "hal@riverside.example"\ngroups = ["riverside"]\nname = "Hal"\n'


@pytest.fixture
def pages(browser: Any) -> Iterator[list[Any]]:
    contexts = [browser.new_context() for _ in range(2)]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def is_emptied(page: Any) -> None:
    """The page that is open shows nobody's words any more, without being loaded again, in the time that was promised."""
    page.get_by_text("nobody has let you in yet").wait_for(timeout=SECONDS_TO_NOTICE * 1000)
    for word in (RIVERSIDE[0], HILLSIDE[0]):  # Streamlit takes away what a page showed before when the new one is drawn
        page.get_by_text(word).wait_for(state="detached", timeout=5000)
    assert [word for word in (*RIVERSIDE, *HILLSIDE) if word in page.content()] == []
    assert page.get_by_test_id("stSidebarNavLink").count() == 0


def test_taken_out_on_the_page_an_open_queue_is_empty_within_seconds(own_house: House, pages: list[Any]) -> None:
    organiser, groupworker = pages
    own_house.sign_in(groupworker, HAL)
    groupworker.get_by_text(RIVERSIDE[0]).wait_for()
    own_house.sign_in(organiser, DEE)
    organiser.goto(f"{own_house.dashboard.address}/who_may")
    organiser.get_by_text("hal@riverside.example").wait_for()
    row = organiser.locator("[class*='st-key-role-']", has_text="hal@riverside.example").last
    row.get_by_role("button", name="Take out").click()
    organiser.get_by_text("is taken out").wait_for()
    is_emptied(groupworker)
    assert "hal@riverside.example" not in own_house.dashboard.config.read_text()


def test_taken_out_of_the_file_an_open_queue_is_empty_within_seconds(own_house: House, pages: list[Any]) -> None:
    own_house.sign_in(pages[0], HAL)
    pages[0].get_by_text(RIVERSIDE[0]).wait_for()
    own_house.dashboard.change(HALS, "")
    is_emptied(pages[0])


def test_taken_out_by_the_command_an_open_queue_is_empty_within_seconds(own_house: House, pages: list[Any]) -> None:
    own_house.sign_in(pages[0], HAL)
    pages[0].get_by_text(RIVERSIDE[0]).wait_for()
    command = [sys.executable, "-m", "app.cli.entry", "roles", "remove", HAL, "--config", own_house.dashboard.config]
    subprocess.run([*command, "--data-dir", own_house.dashboard.folder], cwd=ROOT, check=True, capture_output=True)
    is_emptied(pages[0])


def test_whoever_is_shut_out_is_out_though_the_provider_still_says_otherwise(
    own_house: House, pages: list[Any]
) -> None:
    own_house.sign_in(pages[0], VI)
    pages[0].get_by_text(HILLSIDE[0]).wait_for()
    command = [
        sys.executable,
        "-m",
        "app.cli.entry",
        "roles",
        "add",
        VI,
        "--role",
        "none",
        "--config",
        own_house.dashboard.config,
    ]
    subprocess.run([*command, "--data-dir", own_house.dashboard.folder], cwd=ROOT, check=True, capture_output=True)
    is_emptied(pages[0])


def test_a_page_that_reads_nothing_new_by_itself_is_emptied_too(own_house: House, pages: list[Any]) -> None:
    own_house.sign_in(pages[0], HAL)
    pages[0].goto(f"{own_house.dashboard.address}/left_out")
    pages[0].get_by_role("heading", name="Leave somebody out").wait_for()
    own_house.dashboard.change(HALS, "")
    pages[0].get_by_text("nobody has let you in yet").wait_for(timeout=SECONDS_TO_NOTICE * 1000)


def test_a_press_that_was_on_its_way_when_the_role_went_is_not_recorded(own_house: House) -> None:
    with own_house.person() as hal:
        hal.sign_in(HAL)
        with hal.line() as line:
            line.ask()
            button = line.widgets["I’ll reply"]
            own_house.dashboard.change(HALS, "")
            shown = line.ask(press=button)
        assert events(own_house.dashboard) == 0
    assert RIVERSIDE[0] not in shown


def test_the_same_press_counts_while_the_role_is_there(own_house: House) -> None:
    """Or the test above could not fail."""
    with own_house.person() as hal:
        hal.sign_in(HAL)
        with hal.line() as line:
            line.ask()
            line.ask(press=line.widgets["I’ll reply"])
    assert events(own_house.dashboard) == 1


def test_a_trustee_s_role_gone_their_file_is_gone_too(own_house: House) -> None:
    with own_house.person() as tess:
        tess.sign_in(TESS)
        with tess.line() as line:
            line.ask("summary")
            where = line.take(next(iter(line.files.values())))
            late = list(line.files.values())[1]
            assert tess.http.get(where).status_code == 200
            own_house.dashboard.change(TESS, "somebody@else.example")
            assert tess.http.get(where).status_code == 403
            where = line.take(late)
            assert not where or tess.http.get(where).status_code == 403


def test_a_groupworker_who_becomes_a_trustee_keeps_no_queue(own_house: House, pages: list[Any]) -> None:
    own_house.sign_in(pages[0], HAL)
    pages[0].get_by_text(RIVERSIDE[0]).wait_for()
    own_house.dashboard.change(HALS, HALS.replace("groupworker", "trustee"))
    pages[0].get_by_text(RIVERSIDE[0]).wait_for(state="detached", timeout=SECONDS_TO_NOTICE * 1000)
    assert [word for word in RIVERSIDE if word in pages[0].content()] == []


def test_when_a_sign_in_has_held_its_hours_the_open_page_is_emptied(own_house: House, pages: list[Any]) -> None:
    almost = int(time.time()) - 12 * 3600 + 25
    own_house.provider.fault(claims={"iat": almost})
    own_house.sign_in(pages[0], HAL)
    pages[0].get_by_text(RIVERSIDE[0]).wait_for()
    pages[0].get_by_text("Your sign-in has ended").wait_for(timeout=(25 + SECONDS_TO_NOTICE) * 1000)
    assert time.time() >= almost + 12 * 3600 - 1
    assert [word for word in RIVERSIDE if word in pages[0].content()] == []
    own_house.provider.fault()
    pages[0].get_by_role("button", name="Sign in").click()
    pages[0].get_by_label("Your e-mail").fill(HAL)
    pages[0].get_by_role("button", name="Sign in").click()
    pages[0].get_by_text(RIVERSIDE[0]).wait_for()


def test_a_press_after_the_hours_is_not_recorded(own_house: House) -> None:
    ends = int(time.time()) + 15
    own_house.provider.fault(claims={"iat": ends - 12 * 3600})
    with own_house.person() as hal:
        hal.sign_in(HAL)
        with hal.line() as line:
            line.ask()
            button = line.widgets["I’ll reply"]
            time.sleep(max(0, ends + 1 - time.time()))
            shown = line.ask(press=button)
    assert events(own_house.dashboard) == 0
    assert "Your sign-in has ended" in shown


def test_a_slip_in_the_file_lets_nobody_in_and_throws_nobody_out(own_house: House) -> None:
    with own_house.person() as hal, own_house.person() as dee:
        hal.sign_in(HAL)
        dee.sign_in(DEE)
        own_house.dashboard.change('role = "trustee"', 'role = "organiser')
        with hal.line() as line, dee.line() as other:
            assert RIVERSIDE[0] in line.ask()
            assert "cannot be read now" in other.ask("who_may")


@pytest.mark.parametrize("gone", ["sign_in", "everything", "file"])
def test_a_file_without_the_sign_in_does_not_open_the_door(own_house: House, gone: str) -> None:
    config = own_house.dashboard.config
    if gone == "file":
        config.unlink()
    elif gone == "everything":
        config.write_text("")
    else:
        own_house.dashboard.change("[sign_in]", "[bluesky]\n#")
        lines = config.read_text().splitlines()
        config.write_text("\n".join(line for line in lines if not line.startswith(("client_id", "provider"))))
    with own_house.person() as stranger, stranger.line() as line:
        shown = line.ask("waiting", "group=riverside")
        assert RIVERSIDE[0] not in shown
        assert "Sign in" in line.widgets
