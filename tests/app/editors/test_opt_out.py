"""Leaving somebody out through the page."""

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.editors import opt_out
from tests.app.views.test_views import html
from warehouse.casebook.events import open_casebook
from warehouse.casebook.refusals import OPT_OUT, load_refusals
from warehouse.settings import Group, Settings
from warehouse.storage.keys import keyed, load_key

Page = Callable[..., AppTest]
ROOT = Path(__file__).parents[3]


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
        (wish,) = load_refusals(casebook)
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
        assert not load_refusals(casebook)


def test_the_group_s_own_account_is_not_left_out(page: Page, mine: Settings) -> None:
    app = press(page, mine, mine.groups[0].mastodon[0])
    assert "own account" in html(app)
    with closing(open_casebook(mine)) as casebook:
        assert not load_refusals(casebook)


def test_the_page_to_publish_is_that_of_the_papers_with_the_group_s_own_words_in_it(page: Page, mine: Settings) -> None:
    told = Group("g", "G", mastodon=("@us@x.example",), hashtags=("OurHashtag",), retention_days=30)
    paper = (ROOT / "docs" / "privacy" / "notice.md").read_text(encoding="utf-8")
    theirs = paper.split("## For your website")[1].split("## When somebody")[0]
    quoted = " ".join(line[1:] for line in theirs.splitlines() if line.startswith(">"))
    written = re.sub(r"###|\*\*|`", "", quoted)
    filled = written.replace("[#OurHashtag]", "#OurHashtag").replace("[90]", "30").replace("[@us]", "@us@x.example")
    assert opt_out.privacy_notice(told).split() == filled.split()
    assert "a quote, or a reply in a conversation" in opt_out.privacy_notice(Group("g", "G"))
    app = page(mine, "left_out")
    assert any("How we look after what you write to us" in one.value for one in app.code)
