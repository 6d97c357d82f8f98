"""The demo's numbers, checked by a calculation straight from the sample's world: see tests/app/straight.

A quarter is lived through, with the night in which the clocks go back, and frozen; then two weeks, in which newcomers are told.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest

from app.cli import demo_folder
from collectors.sample.history import collection_times, replay
from collectors.sample.settings import GROUPS
from collectors.sample.world import World
from tests.independent.compare import Line, lines, written_asks
from tests.independent.shown_numbers import Told
from warehouse.casebook.events import open_casebook
from warehouse.settings import Settings
from warehouse.snapshots.reader import Reader, open_reader

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("demo numbers")]

START, NOW = datetime(2025, 10, 1, tzinfo=UTC), datetime(2026, 1, 12, 6, tzinfo=UTC)
PACES = (
    (timedelta(days=2), timedelta(hours=6)),
    (timedelta(days=14), timedelta(hours=24)),
    (timedelta(days=3660), timedelta(hours=48)),
)
LOOKS = collection_times(START, NOW, PACES)


@pytest.fixture(scope="module", autouse=True)
def _plain_main() -> Iterator[None]:
    """Streamlit's own tests leave a page behind as the main module, which a new process would run again."""
    before, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    yield
    sys.modules["__main__"] = before


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The real collectors over HTTP against the sample's servers, as the demo does it, with fewer looks."""
    folder = tmp_path_factory.mktemp("lived")
    with demo_folder.served(START, NOW, START) as servers:
        settings = demo_folder.settings_of(servers, folder)
        replay(settings, open_casebook(settings), servers.clock, LOOKS)
    return settings


@pytest.fixture(scope="module")
def reader(lived: Settings) -> Iterator[Reader]:
    opened = open_reader(lived)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def world() -> World:
    return demo_folder.world(START, NOW)()


@pytest.fixture(scope="module", params=GROUPS, ids=lambda group: group.id)
def told(request: pytest.FixtureRequest, reader: Reader, world: World, lived: Settings) -> Told:
    return Told(reader, NOW, request.param, world, lived.data_dir)


@pytest.fixture(scope="module")
def compared(told: Told, world: World) -> list[Line]:
    return list(lines(told, world, LOOKS))


def test_every_number_is_the_one_that_the_servers_world_gives(compared: list[Line]) -> None:
    assert [one for one in compared if not one.agrees] == []


def test_the_comparison_reaches_every_place(compared: list[Line]) -> None:
    """Requests and posts of the export, weeks with the clocks' change, a whole quarter, people, the queue, the frozen summary."""
    abouts = {one.about.partition(" ")[0] for one in compared}
    assert {"request", "post", "week", "export", "now", "summary"} <= abouts
    assert "week of 2025-10-20" in {one.about for one in compared}  # an hour longer
    assert max(one.told for one in compared if one.what == "newcomers") > 0
    assert max(one.told for one in compared if one.what == "helpers") > 3
    assert sum(one.about.startswith("summary of 2025-Q4") for one in compared) > 15
    spoken = [one for one in compared if one.about.startswith("week") and one.what == "median_hours" and one.told]
    assert len(spoken) > 8


def test_a_world_with_one_like_more_would_be_noticed(told: Told, world: World) -> None:
    """The control: the same comparison with something in the world that no server showed."""
    posts = set(told.posts["key"])
    since = START + timedelta(days=30)
    like = next(one for one in world.reactions if one.kind == "like" and one.post in posts and one.at > since)
    other = replace(world, reactions=(*world.reactions, replace(like, account="somebody else")))
    wrong = {one.what for one in lines(told, other, LOOKS) if not one.agrees}
    assert {"likes", "likes_gained", "engagement_gained"} <= wrong


def test_a_world_with_an_answer_less_would_be_noticed(told: Told, world: World) -> None:
    rows = told.requests[told.requests["answers_count"] == 1]
    asked = str(rows.iloc[-1]["key"])
    below = next(one for one in world.posts if one.reply_to == asked and one.key in told.held)
    other = replace(world, posts=tuple(one for one in world.posts if one.key != below.key))
    wrong = {one.what for one in lines(told, other, LOOKS) if not one.agrees}
    assert "posts held" in wrong


def test_most_of_what_was_written_as_an_ask_is_counted_as_one(told: Told, world: World) -> None:
    """The rules are measured elsewhere, on words that people wrote; here only that the queue does not pass the sample by."""
    meant = written_asks(world, told.group, LOOKS) & told.held
    found = set(told.requests["key"])
    assert len(meant) > 20
    assert len(meant & found) / len(meant) > 0.85
    assert len(found - meant) / len(found) < 0.35
