"""Leaving somebody out through the page."""

from collections.abc import Callable
from contextlib import closing

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.test_views import html
from warehouse.casebook import open_casebook
from warehouse.keys import keyed, load_key
from warehouse.refusals import OPT_OUT, refusals
from warehouse.settings import Settings

Page = Callable[..., AppTest]


def press(page: Page, settings: Settings, told: str) -> AppTest:
    app = page(settings, "left_out")
    next(one for one in app.text_input if one.label == "Their address").set_value(told)
    return next(one for one in app.button if one.label == "Leave them out").click().run()


def test_a_person_is_left_out_by_their_address_and_their_name_is_kept_nowhere(page: Page, mine: Settings) -> None:
    app = press(page, mine, " @Zebra@far.example ")
    assert not app.exception
    assert "Done." in html(app)
    assert "1 person is left out" in html(app)
    with closing(open_casebook(mine)) as casebook:
        (wish,) = refusals(casebook)
    assert (wish.keyed_id, wish.what) == (
        keyed(load_key(mine.data_dir), "account", "mastodon", "zebra@far.example"),
        OPT_OUT,
    )
    assert b"zebra" not in b"".join(path.read_bytes().lower() for path in mine.data_dir.glob("casebook*"))


@pytest.mark.parametrize("told", ["", "zebra", "nobody.bsky.social", "<script>"])
def test_who_cannot_be_known_is_said_and_nothing_is_written(told: str, page: Page, mine: Settings) -> None:
    app = press(page, mine, told)
    assert not app.exception
    assert "cannot tell who that is" in html(app)
    with closing(open_casebook(mine)) as casebook:
        assert not refusals(casebook)


def test_the_group_s_own_account_is_not_left_out(page: Page, mine: Settings) -> None:
    app = press(page, mine, mine.groups[0].mastodon[0])
    assert "own account" in html(app)
    with closing(open_casebook(mine)) as casebook:
        assert not refusals(casebook)
