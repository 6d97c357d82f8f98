"""Bad input through the real command: one sentence that names the thing and the cure, and nothing lost."""

import os
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command_process import Running, complaint, mutuals, query, running, stored

pytestmark = pytest.mark.long

GROUP = '[[groups]]\nid = "x"\nname = "X"\nmastodon = ["@x@x.example"]\n'


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A folder in which one cycle was run. Copy it before spoiling it."""
    with running(tmp_path_factory.mktemp("collected")) as one:
        done = one.mutuals("collect", "--once", hours=6.5)
        assert done.returncode == 0, done.stderr
        yield one


@pytest.fixture
def folder(collected: Running, tmp_path: Path) -> Path:
    """A copy to be spoilt."""
    shutil.copytree(collected.folder, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[groups]\nid = 1", "mutuals.toml: not valid TOML"),
        (f"{GROUP}hashtag = ['A']", "unknown key 'hashtag' in [[groups]] 'x'; did you mean 'hashtags'?"),
        ("[app]\npol_seconds = 3\n", "unknown key 'pol_seconds' in [app]; did you mean 'poll_seconds'?"),
        (f"{GROUP}promise_hours = '24'", "'promise_hours' must be a whole number in [[groups]] 'x'"),
        (f"{GROUP}hashtags = 'A'", "'hashtags' must be a list of texts in [[groups]] 'x'; write: hashtags = "),
        (GROUP + GROUP, "two [[groups]] have the id 'x'; give one of them another"),
        (GROUP.replace("@x@x.example", "@x"), "'@x' lacks its server; write @x@server"),
        ('[[servers]]\nname = "x.example"\nurl = "http://x.example"\n', "is not encrypted; write https://"),
    ],
)
def test_a_mistake_in_the_settings_names_the_place_and_the_cure(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "mutuals.toml").write_text(text)
    done = mutuals(tmp_path, "groups", "list")
    assert said in complaint(done)
    assert done.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mutuals.toml"]


@pytest.mark.parametrize("words", [("up",), ("collect",), ("dashboard",)])
def test_every_command_stops_at_a_mistake_in_the_settings(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "mutuals.toml").write_text("[[groups]\n")
    assert "not valid TOML" in complaint(mutuals(tmp_path, *words))


def without_rights(folder: Path) -> tuple[str, ...]:
    """Take our right to write into a folder, and what starts a command that does not have root's right to do so anyway."""
    if os.geteuid() != 0:
        folder.chmod(0o500)
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("as root this needs setpriv (util-linux)")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, 65534, 65534)
        path.chmod(0o755 if path.is_dir() else 0o644)
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--inh-caps=-all")


def test_a_data_folder_that_is_not_writable_is_named(folder: Path) -> None:
    before = stored(folder)
    data = folder / "mutuals-data"
    powerless = without_rights(data)
    for words in (("status",), ("collect", "--once")):
        done = mutuals(folder, *words, before=powerless)
        assert complaint(done) == (
            "mutuals-data: the data folder cannot be written; make it yours, or choose another with --data-dir"
        )
    data.chmod(0o700)
    assert stored(folder) == before


def test_a_port_in_use_is_named_by_every_command_that_wants_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for words in (("dashboard",), ("up",), ("demo", "--data-dir", "sample")):
            done = mutuals(tmp_path, *words, "--port", port)
            said = complaint(done)
            assert port in said
            assert "--port" in said
            assert done.returncode == 2


def test_a_warehouse_of_a_newer_version_is_left_alone(folder: Path) -> None:
    query(folder, "insert into main.migrations values ('9999_future', now()::timestamp)")
    before = stored(folder)
    for words in ("status", "collect --once", "collect", "rebuild"):
        done = mutuals(folder, *words.split(), hours=6.7)
        assert complaint(done) == (
            "mutuals-data/warehouse.duckdb: written by a newer version of Mutuals (it has 9999_future, which this one does "
            "not know); install that version again, or point --data-dir at another folder"
        ), words
        assert done.returncode == 2
    assert stored(folder) == before


@pytest.mark.parametrize("damage", ["cut off", "scribbled over"])
def test_a_damaged_warehouse_is_left_as_it_is(folder: Path, damage: str) -> None:
    path = folder / "mutuals-data" / "warehouse.duckdb"
    whole = path.read_bytes()
    broken = {
        "cut off": whole[: len(whole) // 3],
        "scribbled over": whole[:20_000] + b"z" * (len(whole) - 40_000) + whole[-20_000:],
    }[damage]
    path.write_bytes(broken)
    done = mutuals(folder, "collect", hours=6.7)
    assert complaint(done).startswith(
        "mutuals-data/warehouse.duckdb: the warehouse is damaged. Put it back from a backup; without one, move this file"
    )
    assert done.returncode == 2
    assert path.read_bytes() == broken


def test_a_damaged_casebook_is_left_as_it_is(folder: Path) -> None:
    path = folder / "mutuals-data" / "casebook.sqlite"
    path.write_bytes(b"not a database at all" * 500)
    for words in (("collect", "--once"), ("collect",)):
        done = mutuals(folder, *words, hours=6.7)
        assert "casebook.sqlite: this is not a casebook, or it is damaged; put it back from a backup" in complaint(done)
        assert done.returncode == 2
    assert path.read_bytes() == b"not a database at all" * 500


def test_a_casebook_of_a_newer_version_is_left_alone(folder: Path) -> None:
    path = folder / "mutuals-data" / "casebook.sqlite"
    with sqlite3.connect(path) as con:
        con.execute("update casebook set schema_version = 99")
    con.close()
    for words in (("collect", "--once"), ("collect",)):
        done = mutuals(folder, *words, hours=6.7)
        assert "written by a newer version of Mutuals; install that version again" in complaint(done)


def test_a_damaged_pointer_to_the_snapshot_is_told_and_mended_by_the_next_cycle(
    collected: Running, folder: Path
) -> None:
    pointer = folder / "mutuals-data" / "snapshots" / "current"
    pointer.write_text("{")
    told = mutuals(folder, "status", "--json", hours=6.7).stdout
    assert "the next cycle writes it anew" in told
    done = collected.mutuals("collect", "--once", hours=6.7, folder=folder)
    assert done.returncode == 0, done.stderr
    assert "the next cycle" not in mutuals(folder, "status", "--json", hours=6.7).stdout


def test_a_failing_check_publishes_nothing_keeps_what_was_collected_and_says_what_to_try(
    collected: Running, folder: Path
) -> None:
    query(folder, "insert into stored.posts select * from stored.posts limit 1")
    before = (folder / "mutuals-data" / "snapshots" / "current").read_text()
    done = collected.mutuals("collect", "--once", hours=8, folder=folder)
    said = complaint(done)
    assert "nothing was published, because these checks failed: " in said
    assert "mutuals rebuild" in said
    assert done.returncode == 1
    assert (folder / "mutuals-data" / "snapshots" / "current").read_text() == before
    assert query(folder, "select count(*) from stored.cycles") == [(2,)]
    assert "these checks fail" in mutuals(folder, "status", "--json", hours=8).stdout
