"""All of it at once: two networks, a collector at work, a page that is open, back-ups, files that lie about; then erased."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from collectors.sample.servers import Clock, start
from collectors.sample.world import World
from tests.browser.test_pages import Visit
from tests.support.command_process import Running, begin, mutuals
from tests.support.dashboard_process import free_port
from tests.support.tiny_world import AWAY, BEN, DAN, GROUP, HOME, WORLD, at, person, post, skyer
from warehouse.casebook.events import open_casebook
from warehouse.privacy.byte_search import find_in_files
from warehouse.settings import load_settings
from warehouse.storage.connection import open_warehouse

pytestmark = pytest.mark.browser

ZED, ZED_SKY = f"zedzebra@{AWAY}", "did:plc:zedzebra"
NEEDLES = ("zedzebra", "zebrawords", "zebranote")
THEIRS = (
    post("zed-ask", ZED, 4, f"@{GROUP} can anybody help me? zebrawords", reply_to="welcome", mentions=(GROUP,),
         known_from={HOME: at(4)}),
    post("zed-named", BEN, 5, f"@zedzebra try naps, says {ZED}", reply_to="zed-ask", mentions=(ZED,), known_from={HOME: at(5)}),
    post("zed-told", BEN, 6, f"{ZED} told me so, no at-sign", reply_to="zed-ask", known_from={HOME: at(6)}),
    post("zed-sky", ZED_SKY, 4, "can anybody help me with a form? zebrawords", reply_to="root"),
    post("zed-sky-named", DAN, 5, "@zedzebra.sky.example I can", reply_to="zed-sky", mentions=(ZED_SKY,)),
)  # fmt: skip
TOWN = World(
    (*WORLD.accounts, person(ZED), skyer(ZED_SKY)),
    (*WORLD.posts, *THEIRS),
    WORLD.reactions,
)


@dataclass(slots=True)
class Found:
    """What a search found: how many files and bytes it read, and where a needle stood how often."""

    files: int = 0
    bytes: int = 0
    places: dict[str, int] | None = None

    @property
    def count(self) -> int:
        return sum((self.places or {}).values())


def search(folder: Path, scratch: Path) -> Found:
    """Every byte of every file; of DuckDB files, which are compressed, every row of every table written out flat."""
    found = Found(places={})
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        data = _flat(path, scratch) if path.suffix == ".duckdb" else path.read_bytes()
        found.files, found.bytes = found.files + 1, found.bytes + len(data)
        if count := sum(data.lower().count(needle.encode()) for needle in NEEDLES):
            assert found.places is not None
            found.places[str(path.relative_to(folder))] = count
    return found


def _flat(path: Path, scratch: Path) -> bytes:
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    for one in (path, path.with_name(f"{path.name}.wal")):
        if one.exists():
            shutil.copy(one, scratch / one.name)
    with duckdb.connect(str(scratch / path.name)) as con:
        tables = con.execute("select schema_name, table_name from duckdb_tables() where not internal").fetchall()
        for n, (schema, table) in enumerate(tables):
            con.execute(f"copy {schema}.\"{table}\" to '{scratch}/{n}.csv'")
    return b"".join(one.read_bytes() for one in sorted(scratch.glob("*.csv")))


@contextmanager
def at_work(folder: Path, hours: float, *words: str) -> Iterator[Any]:
    """One of the two processes of `mutuals up`, at that time; what it says goes into a file there."""
    process = begin(folder, *words, hours=hours)
    try:
        yield process
    finally:
        process.terminate()
        said, failed = process.communicate(timeout=60)
        with (folder / "mutuals-data" / "said.log").open("a", encoding="utf-8") as log:
            log.write(said + failed)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Running]:
    servers = start(TOWN, clock=Clock.fixed(at(0)))
    try:
        one = Running(servers, tmp_path)
        one.settle(tmp_path)
        yield one
    finally:
        servers.stop()


def test_somebody_on_both_networks_is_gone_from_everything_and_stays_gone(
    town: Running, browser: Any, record_property: Any
) -> None:
    folder, data = town.folder, town.folder / "mutuals-data"
    settings = load_settings(folder / "mutuals.toml", data, {})
    assert town.mutuals("collect", "--once", hours=8).returncode == 0
    with open_warehouse(settings) as con:
        asked = con.execute(
            "select distinct post_id from stored.post_texts where contains(text, 'zebrawords')"
        ).fetchall()
        con.execute(
            "insert into stored.quarantine select source_id, uuid(), 'a date that is none', now()::timestamp, now()::timestamp"
            " from stored.sources limit 1"
        )
    assert len(asked) == 2, "the control: one on each network"
    with closing(open_casebook(settings)) as casebook:
        for (post_id,) in asked:
            casebook.record(
                group_id="circle", post_id=post_id, who="Dee", what="note", at=at(8), detail={"text": "zebranote: rang"}
            )
    for words in (("backup",), ("export", "--out", "mutuals-data/exported"), ("status",)):
        assert mutuals(folder, *words, hours=8).returncode == 0, words
    backup = next((data / "backups").iterdir())
    shutil.copytree(backup, folder / "elsewhere")  # on a stick, say
    given = mutuals(folder, "subject-export", f"@{ZED}", "--out", "mutuals-data/hers.json", hours=8)
    assert given.returncode == 0, given.stderr
    (data / "list.csv").write_text(f"day,who\n1,{ZED}\n2,nobody\n", encoding="utf-8")
    before = search(data, folder / "scratch")
    assert before.places is not None
    for name in (
        "warehouse.duckdb",
        "casebook.sqlite",
        "hers.json",
        "list.csv",
        f"backups/{backup.name}/warehouse.duckdb",
    ):
        assert any(place.startswith(name) for place in before.places), f"the control: {name}"
    assert any(place.startswith("snapshots/") for place in before.places)

    port = free_port()
    town.servers.clock.set(at(12))
    with at_work(folder, 12, "dashboard", "--port", str(port)):
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        visit = Visit(browser)
        page = visit.open(f"http://127.0.0.1:{port}")
        page.get_by_text("zebrawords").first.wait_for(timeout=20_000)  # the control: an open page shows it
        town.servers.faults.add("/xrpc/*", "stall", seconds=6.0, times=1, server="bluesky")
        with at_work(folder, 12, "collect", "--log-level", "debug"):
            time.sleep(3)  # what Mastodon showed is in the cycle's hands, Bluesky has not answered yet
            for who in (f"@{ZED}", "zedzebra.sky.example"):
                done = mutuals(folder, "erase", who, "--json", hours=12)
                assert done.returncode in (0, 1), done.stderr
                told = json.loads(done.stdout)
                assert told["columns that hold one now"] == 0
                assert told["posts"] == told["decisions and notes"] == told["names"] == 1
                if done.returncode:
                    left = [Path(name).name for name in told["files that hold one now"]]
                    assert left == ["hers.json"], "named, for us to delete"
            (data / "hers.json").unlink()
            assert mutuals(folder, "erase", f"@{ZED}", "--json", hours=12).returncode == 0
            page.reload()
            page.wait_for_selector(".page-head", timeout=30_000)
            page.wait_for_selector("[data-test-script-state=notRunning]", timeout=30_000)
            page.wait_for_timeout(1000)
            assert not [needle for needle in NEEDLES if needle in page.content().lower()]
            time.sleep(8)  # the cycle that was under way ends
        page.reload()
        page.wait_for_selector(".page-head", timeout=30_000)
        page.wait_for_timeout(2000)
        assert not [needle for needle in NEEDLES if needle in page.content().lower()]
        visit.context.close()
    after = search(data, folder / "scratch")
    assert after.places == {}
    for when, found in (("before", before), ("after", after)):
        record_property(
            when,
            f"{found.files} files, {found.bytes:,} bytes, {found.count} needles in {len(found.places or {})} files",
        )

    for hours in (40, 64):  # restarted, the networks still show them
        assert town.mutuals("collect", "--once", hours=hours).returncode == 0
        assert search(data, folder / "scratch").places == {}
    put_back = mutuals(folder, "restore", "elsewhere", "--yes", hours=64)
    assert put_back.returncode == 0, put_back.stderr
    assert search(data, folder / "scratch").places == {}, "a back-up that was on a stick is made to follow"
    assert find_in_files(folder / "elsewhere", NEEDLES), "the control: it had them"
    assert town.mutuals("collect", "--once", hours=70).returncode == 0
    assert search(data, folder / "scratch").places == {}


def test_a_former_handle_in_others_words_goes_with_the_next_look_at_them(town: Running) -> None:
    """On Bluesky people change their handle; a reply that was written before still says the old one."""
    data = town.folder / "mutuals-data"
    assert town.mutuals("collect", "--once", hours=8).returncode == 0
    with open_warehouse(load_settings(town.folder / "mutuals.toml", data, {})) as con:
        con.execute("update stored.accounts set handle = 'renamed.sky.example' where address = $did", {"did": ZED_SKY})
    assert town.mutuals("erase", "renamed.sky.example", hours=9).returncode == 0
    assert town.mutuals("collect", "--once", hours=33).returncode == 0
    with open_warehouse(load_settings(town.folder / "mutuals.toml", data, {})) as con:
        texts = [text for (text,) in con.execute("select text from stored.post_texts").fetchall()]
    assert "@… I can" in texts
    assert not [text for text in texts if "zedzebra.sky" in text]


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")
