"""Erasing, leaving out and showing, with the real command, while a dashboard is open and a cycle is under way."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from app import runtime
from app.data import readers
from tests.app.conftest import MAIN
from tests.support.command_process import Running, begin, complaint, mutuals, running
from tests.support.tiny_world import ANN, GROUP, at
from warehouse.casebook.events import open_casebook
from warehouse.privacy.byte_search import find_in_casebook, find_in_files, find_in_rows
from warehouse.settings import Settings, load_settings
from warehouse.storage.connection import open_warehouse

pytestmark = pytest.mark.long

WORDS = ("how do i <sleep>", "thank you all", "no worries", "zebra-note")
NEEDLES = (ANN, *WORDS)
NAMED = "@ann"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Running]:
    """One cycle was run, and somebody noted something about Ann's request."""
    with running(tmp_path) as one:
        done = one.mutuals("collect", "--once", hours=8)
        assert done.returncode == 0, done.stderr
        settings = settings_of(one)
        with open_warehouse(settings) as con:
            asked = con.execute(
                "select post_id from stored.post_texts where contains(text, 'how do I <sleep>')"
            ).fetchone()
        assert asked is not None
        with closing(open_casebook(settings)) as casebook:
            casebook.record(
                group_id="circle", post_id=UUID(str(asked[0])), who="Dee", what="note", at=at(8),
                detail={"text": "zebra-note: she called"},
            )  # fmt: skip
        yield one


def settings_of(world: Running) -> Settings:
    return load_settings(world.folder / "mutuals.toml", world.folder / "mutuals-data", {})


def found(settings: Settings) -> set[str]:
    """Everywhere that one of the needles stands."""
    with open_warehouse(settings) as con, closing(open_casebook(settings)) as casebook:
        places = {*find_in_rows(con, (*NEEDLES, NAMED)), *find_in_casebook(casebook, NEEDLES)}
    reader = readers.open_reader(settings)
    with closing(reader):
        for table in ("stored.post_texts", "stored.accounts", "shown.requests", "shown.thread_posts"):
            told = reader.frame(f"select * from {table}", at(12)).to_csv().lower()
            places |= {f"snapshot {table}" for needle in (*NEEDLES, NAMED) if needle in told}
    return places | {path.name for path in find_in_files(settings.data_dir, NEEDLES)}


def test_an_erased_person_is_gone_while_a_dashboard_is_open_and_a_cycle_is_under_way(world: Running) -> None:
    settings = settings_of(world)
    before = found(settings)
    assert {
        "stored.post_texts.text",
        "stored.accounts.handle",
        "casebook.events.detail",
        "snapshot shown.requests",
    } <= before

    readers.reset_readers()
    runtime.set_current(runtime.Runtime(settings, clock=lambda: at(9)))
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.run()
    assert not app.exception
    held = readers.reader_for()
    requests = "select * from shown.requests"
    assert "sleep" in held.frame(requests, at(9)).to_csv(), "the control: the open dashboard could show her"
    stop = threading.Event()

    def look_all_the_time() -> None:
        while not stop.wait(0.02):
            readers.reader_for().frame(requests, at(9))

    looking = threading.Thread(target=look_all_the_time)
    looking.start()
    # Bluesky is slow: what Mastodon showed of Ann is already in the cycle's hands when she is erased
    world.servers.faults.add("/xrpc/*", "stall", seconds=6.0, times=1, server="bluesky")
    world.servers.clock.set(at(12))
    cycle = begin(world.folder, "collect", "--once", hours=12)
    try:
        time.sleep(2.5)
        assert cycle.poll() is None, "the cycle is under way"
        erased = mutuals(world.folder, "erase", f"@{ANN}", "--json", hours=12)
        assert erased.returncode == 0, erased.stderr
        _, said = cycle.communicate(timeout=120)
    finally:
        stop.set()
        looking.join()
    assert ANN not in said.lower()
    certificate = json.loads(erased.stdout)
    assert certificate["posts"] >= 2
    assert certificate["names"] == certificate["decisions and notes"] == 1
    assert certificate["columns that held a name before"] > 0 == certificate["columns that hold one now"]
    assert ANN not in erased.stdout
    assert found(settings) == set()
    app.run()
    assert not app.exception
    assert readers.reader_for() is not held
    assert "sleep" not in readers.reader_for().frame(requests, at(9)).to_csv()
    readers.reset_readers()
    again = world.mutuals("collect", "--once", hours=40)
    assert again.returncode == 0, again.stderr
    assert found(settings) == set(), "nor does she come back"
    with open_warehouse(settings) as con:
        texts = {text for (text,) in con.execute("select text from stored.post_texts").fetchall()}
    assert "@… try naps" in texts, "what others wrote stays, without her name"


def test_leaving_out_survives_the_next_cycles_and_can_be_undone(world: Running) -> None:
    settings = settings_of(world)
    assert world.mutuals("opt-out", ANN, "--dry-run", hours=9).returncode == 0
    assert "stored.post_texts.text" in found(settings), "a dry run does nothing"
    assert world.mutuals("opt-out", ANN, hours=9).returncode == 0
    for hours in (12, 40):
        assert world.mutuals("collect", "--once", hours=hours).returncode == 0
        with open_warehouse(settings) as con:
            assert find_in_rows(con, WORDS) == {}
            assert "stored.accounts.handle" not in find_in_rows(con, (ANN,))
    assert world.mutuals("opt-out", ANN, "--undo", hours=41).returncode == 0
    assert world.mutuals("collect", "--once", hours=80).returncode == 0
    with open_warehouse(settings) as con:
        assert find_in_rows(con, WORDS[:1])


def test_a_person_can_be_given_all_that_is_held(world: Running, tmp_path: Path) -> None:
    done = world.mutuals("subject-export", ANN, "--out", "hers.json", hours=9)
    assert done.returncode == 0, done.stderr
    path = tmp_path / "hers.json"
    assert path.stat().st_mode & 0o777 == 0o600
    told = json.loads(path.read_text(encoding="utf-8"))
    assert {row["text"] for row in told["post_texts"]} >= {"thank you all"}
    assert "try naps" not in path.read_text(encoding="utf-8")
    assert "zebra-note" in json.dumps(told["decisions and notes"])


def test_the_group_s_own_account_and_nobody_are_refused_in_a_sentence(world: Running) -> None:
    assert "the group's own account" in complaint(world.mutuals("erase", GROUP, hours=9))
    assert "Give" in complaint(world.mutuals("erase", "ann", hours=9))
