"""The pages, run as Streamlit runs them, over a real snapshot and a real casebook."""

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from app.request_queue import keyboard
from app.runtime import Runtime
from tests.support import village
from tests.support.dashboard_process import look_up
from warehouse.casebook.events import open_casebook
from warehouse.operations import nightly
from warehouse.settings import Group, Settings, load_groups
from warehouse.snapshots.pointer import current_snapshot, snapshot_path
from warehouse.storage.connection import open_warehouse

Page = Callable[..., AppTest]
PAGES = (
    "waiting",
    "this_week",
    "across_groups",
    "reaching_out",
    "what_works",
    "people_together",
    "rota",
    "dates",
    "summary",
    "weekly_mail",
    "exports",
    "how_it_is_going",
    "what_the_numbers_mean",
    "left_out",
    "first_visit",
    "set_up",
)


def html(app: AppTest) -> str:
    """All our own markup on the page."""
    return "\n".join(element.proto.body for element in app.get("html") if not element.proto.body.startswith("<style>"))


def waiting_count(app: AppTest) -> int:
    """The number in the page's first sentence."""
    found = re.search(r"(\d+) requests are waiting", html(app))
    assert found
    return int(found[1])


def texts(app: AppTest) -> list[str]:
    """The posts' words on the page, also those in which a phrase is marked."""
    marked = re.findall(r'<p class="words" dir="auto">(.*?)</p>', html(app), re.DOTALL)
    return [*(element.value for element in app.text), *(unescape(re.sub(r"</?mark>", "", one)) for one in marked)]


def named(settings: Settings, page: Page, name: str = "Dee") -> AppTest:
    """The queue, at a browser whose name is known."""
    app = page(settings)
    app.session_state["who"] = name
    return app.run()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_shows_the_village(name: str, published: Settings, page: Page) -> None:
    app = page(published, name)
    assert not app.exception
    assert not app.error
    assert "page-head" in html(app)


def test_the_phrase_that_a_rule_found_is_marked_in_the_post(published: Settings, page: Page) -> None:
    assert "<mark>Can anybody</mark>" in html(page(published))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_shows_a_group_that_nobody_wrote_to(name: str, quiet: Settings, page: Page) -> None:
    app = page(quiet, name)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("name", PAGES[:10])
def test_before_the_first_snapshot_a_page_says_what_to_do(name: str, tmp_path: Path, page: Page) -> None:
    app = page(village.settings(tmp_path), name)
    assert not app.exception
    assert "Nothing collected yet" in html(app)
    assert "mutuals up" in html(app)


def test_after_an_upgrade_a_page_says_that_the_collector_has_to_run_once(mine: Settings, page: Page) -> None:
    pointer = current_snapshot(mine)
    assert pointer is not None
    with duckdb.connect(str(snapshot_path(mine, pointer.name))) as con:
        con.execute("alter table prepared.addressed_posts drop column checked_back_at")
        con.execute("drop table frozen.summary")
        con.execute("delete from main.migrations where name = (select max(name) from main.migrations)")
    for name in PAGES[:10]:
        app = page(mine, name)
        assert not app.exception
        assert "The collector has to run once after an upgrade" in html(app)


def test_without_a_group_the_set_up_page_opens(tmp_path: Path, page: Page) -> None:
    app = page(replace(village.settings(tmp_path), groups=()))
    assert "Set up" in html(app)
    assert [button.label for button in app.button] == ["Look it up", "Explore with sample data"]


def test_nobody_waiting_is_said_kindly(quiet: Settings, page: Page) -> None:
    assert "Everybody who asked Riverside Carers’ Circle something has an answer" in html(page(quiet))


def test_hostile_words_are_only_ever_text(published: Settings, page: Page) -> None:
    app = page(published)
    assert any("<script>window.hurt=1</script>" in text for text in texts(app))
    assert "\u202e" not in "".join(texts(app))
    made = html(app).replace(keyboard.LISTENING, "")
    assert "<script" not in made
    assert "<img src=x" not in made
    assert "javascript:" not in "".join(button.url for button in app.get("link_button"))
    shown_as_markdown = "".join(element.value for element in (*app.markdown, *app.caption))
    assert "window.hurt" not in shown_as_markdown


def test_a_content_warning_is_folded_and_its_words_are_not_quoted(published: Settings, page: Page) -> None:
    app = page(published)
    (folded,) = [box for box in app.expander if box.label == "Show the post"]
    assert [text.value for text in folded.text] == [
        "Third night without sleep. How do you all manage the nights? Any advice?"
    ]
    assert "manage the nights" not in html(app)


def test_a_link_only_card_shows_no_words_and_no_name(published: Settings, page: Page) -> None:
    made = html(page(published))
    assert "Somebody who prefers not to be copied wrote to you" in made
    assert "@nobody" not in made


def test_an_endless_post_is_folded(published: Settings, page: Page) -> None:
    app = page(published)
    app.session_state["requests-page"] = 2
    app.run()
    assert "Show all of it" in [box.label for box in app.expander]
    assert max(map(len, texts(app))) < 6_000


def test_what_could_not_be_read_is_not_called_unanswered(published: Settings, page: Page) -> None:
    made = html(page(published))
    assert "We could not read the whole thread" in made
    assert "The network has more replies than it showed us" in made


def test_the_signposts_stand_on_the_page_also_when_nobody_waits(
    published: Settings, quiet: Settings, page: Page
) -> None:
    for settings in (published, quiet):
        made = html(page(settings))
        assert "not watched round the clock" in made
        assert "Samaritans" in made


def test_taking_something_on_needs_a_name_first(mine: Settings, page: Page) -> None:
    app = page(mine)
    next(button for button in app.button if button.label == "I’ll reply").click().run()
    assert open_casebook(mine).version() == 0
    assert "Your name" in [box.label for box in app.text_input]


def test_a_claim_shows_at_once_and_can_be_taken_back(mine: Settings, page: Page) -> None:
    app = named(mine, page)
    next(button for button in app.button if button.label == "I’ll reply").click().run()
    assert "You said you would reply" in html(app)
    (decision,) = open_casebook(mine).decisions()
    assert decision.claimed_by == "Dee"
    next(button for button in app.button if button.label == "Undo").click().run()
    assert "You said you would reply" not in html(app)


def test_a_candidate_becomes_a_request_when_somebody_says_so(mine: Settings, page: Page) -> None:
    app = named(mine, page)
    before = waiting_count(app)
    next(button for button in app.button if button.label == "Yes, a request").click().run()
    assert waiting_count(app) == before + 1


def test_what_somebody_else_took_on_is_not_taken_on_twice(mine: Settings, page: Page) -> None:
    app = named(mine, page)
    claim = next(button for button in app.button if button.label == "I’ll reply")
    ada = {"group_id": "riverside", "post_id": claim.key.removeprefix("claim-"), "who": "Ada", "at": village.NOW}
    open_casebook(mine).record(what="claim", **ada)
    claim.click().run()
    assert "Ada is replying" in html(app)
    assert [one.claimed_by for one in open_casebook(mine).decisions()] == ["Ada"]


def test_a_second_person_is_told_that_somebody_was_quicker(mine: Settings, page: Page) -> None:
    app = named(mine, page)
    no = next(button for button in app.button if button.label == "No")
    post_id = no.key.removeprefix("not_a_request-")
    open_casebook(mine).record(group_id="riverside", post_id=post_id, who="Ada", what="claim", at=village.NOW)
    no.click().run()
    assert "Ada was quicker" in html(app)
    assert [one.is_request for one in open_casebook(mine).decisions()] == [None]


def test_a_silent_collector_is_said_and_its_answers_become_unknown(mine: Settings, page: Page) -> None:
    app = page(mine, clock=lambda: village.NOW + timedelta(days=3))
    made = html(app)
    assert "The collector has not reported since Sunday 09:36" in made
    assert "Nobody has answered yet" not in made


def test_any_period_is_one_press_away(published: Settings, page: Page) -> None:
    app = page(published, "this_week")
    assert "16 to 22 November · so far" in html(app)
    for choice, words in (
        ("last_week", "9 to 15 November"),
        ("last_quarter", "July to September"),
        ("this_year", "2026"),
    ):
        app.selectbox(key="period").select(choice).run()
        assert not app.exception
        assert f">{words}" in html(app)


def test_days_of_which_nothing_is_known_say_so(published: Settings, page: Page) -> None:
    app = page(published, "this_week")
    app.selectbox(key="period").select("last_year").run()
    assert "Nothing to tell of these days" in html(app)


def test_every_number_of_the_week_has_its_definition(published: Settings, page: Page) -> None:
    app = page(published, "this_week")
    assert len(app.metric) == 12
    assert all(metric.help for metric in app.metric)


@pytest.mark.parametrize("tab", ["First reply", "Engagement", "Reach and top posts", "Followers", "All numbers"])
def test_every_tab_of_the_week_can_be_opened(tab: str, published: Settings, page: Page) -> None:
    app = page(published, "this_week")
    app.session_state["tab"] = tab
    app.run()
    assert not app.exception


def test_the_trustees_page_reads_as_a_trustee(published: Settings, page: Page) -> None:
    app = page(published, "summary")
    made = html(app)
    assert not [word for word in ("@", "marit", "circles") if word in made]
    assert not texts(app)


def test_several_groups_have_a_switch_and_their_names_are_only_text(published: Settings, page: Page) -> None:
    app = page(replace(published, groups=(*published.groups, Group("hill", "<b>Hill</b> *Street*"))))
    app.selectbox(key="group").select("hill").run()
    assert "&lt;b&gt;Hill&lt;/b&gt; *Street*" in html(app)
    assert "Nobody is waiting" in html(app)


def test_sample_data_say_so_on_every_page(published: Settings, page: Page) -> None:
    for name in PAGES:
        assert "made up" in html(page(published, name)), name
    assert "made up" not in html(page(replace(published, is_sample=False)))


def test_set_up_finds_the_group_and_writes_the_file(tmp_path: Path, page: Page) -> None:
    settings = replace(village.settings(tmp_path), groups=(), is_sample=False)
    app = page(settings, look_up=look_up)
    app.text_input(key="mastodon").input("https://carers.example/@riverside")
    app.text_input(key="tags").input("#RiversideCarers")
    next(button for button in app.button if button.label == "Look it up").click().run()
    assert "412 followers" in html(app)
    assert "needs a token" in html(app)
    assert "#RiversideCarers" in app.code[0].value
    app.button(key="save").click().run()
    assert not app.exception
    assert '"@riverside@carers.example"' in settings.config.read_text()


def test_after_set_up_the_queue_of_the_new_group_opens(tmp_path: Path, page: Page) -> None:
    settings = replace(village.settings(tmp_path), groups=(), is_sample=False)
    app = page(settings, look_up=look_up, reload=lambda config: replace(settings, groups=load_groups(config)))
    app.text_input(key="mastodon").input("https://carers.example/@riverside")
    next(button for button in app.button if button.label == "Look it up").click().run()
    app.button(key="save").click().run()
    assert not app.exception
    assert "Waiting for a reply" in html(app)
    assert "is set up" in app.toast[0].value


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("riverside", "is not a whole Mastodon address"),
        ("@wrong@carers.example", "carers.example knows no such account. Check the spelling."),
        ("", "Type a Mastodon address or a Bluesky handle first"),
    ],
)
def test_a_slip_in_set_up_is_said_with_the_cure(typed: str, said: str, tmp_path: Path, page: Page) -> None:
    app = page(replace(village.settings(tmp_path), groups=()), look_up=look_up)
    app.text_input(key="mastodon").input(typed)
    next(button for button in app.button if button.label == "Look it up").click().run()
    assert said in html(app).replace("</strong>", "")


def test_running_is_what_the_command_handed_in() -> None:
    assert Runtime(Settings()).look_up is None


def test_where_to_turn_stands_on_the_queue_also_when_there_is_no_queue(
    page: Page, tmp_path: Path, published: Settings
) -> None:
    app = page(replace(published, data_dir=tmp_path / "empty"))
    assert not app.exception
    assert "not watched" in html(app)


def test_how_it_is_going_says_when_each_daily_duty_was_last_done(page: Page, mine: Settings) -> None:
    with open_warehouse(mine) as con, closing(open_casebook(mine)) as casebook:
        nightly.run_nightly(con, mine, casebook, village.NOW - timedelta(days=2))
    app = page(mine, "how_it_is_going")
    assert not app.exception
    assert "Removed words are cleared from the file" in html(app)
    assert "2 days ago" in html(app)


def test_what_was_withdrawn_is_no_longer_shown_by_a_dashboard_that_is_open(page: Page, mine: Settings) -> None:
    """Erasing removes the snapshots first, if need be: an open page must not go on showing the old one."""
    app = page(mine)
    assert waiting_count(app)
    for path in (mine.data_dir / "snapshots").iterdir():
        path.unlink()
    app = app.run()
    assert not app.exception
    assert "Nothing collected yet" in html(app)
