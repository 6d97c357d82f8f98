"""A full disk, kill -9, two collectors at once, a clock that jumps: nothing lost, nothing doubled, and it goes on."""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.command_process import Running, begin, complaint, mutuals, query, running, stored
from tests.support.tiny_world import at
from warehouse.storage.keys import load_key

FILLED = "filler"

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The servers, and a folder in which nothing was disturbed: one cycle at 4.5 h, one at 6.5 h."""
    with running(tmp_path_factory.mktemp("undisturbed")) as one:
        load_key(one.folder / "mutuals-data")
        for hours in (4.5, 6.5):
            done = one.mutuals("collect", "--once", hours=hours)
            assert done.returncode == 0, done.stderr
        yield one


def like(world: Running, folder: Path) -> Path:
    """A folder with the same settings and the same key, so that the same posts get the same ids."""
    world.settle(folder)
    data = folder / "mutuals-data"
    data.mkdir(mode=0o700)
    shutil.copy(world.folder / "mutuals-data" / "key", data / "key")
    return folder


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of that size. Needs root on Linux."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if (
        os.geteuid() != 0
        or shutil.which("mount") is None
        or subprocess.run(command, capture_output=True, check=False).returncode
    ):
        pytest.skip("a file system of one's own needs root on Linux")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, *, leave: int = 0) -> None:
    """Use up the disk, but for so many bytes."""
    with open(folder / FILLED, "wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while shutil.disk_usage(folder).free - size >= leave:
                    if not file.write(b"x" * size):
                        break
            except OSError:
                continue
        file.truncate(max(0, file.tell()))


@pytest.mark.parametrize("room", [0, 300_000])
def test_a_full_disk_loses_nothing_and_once_there_is_room_collecting_goes_on(
    world: Running, tmp_path: Path, room: int
) -> None:
    with small_disk(tmp_path / "disk", 60) as disk:
        folder = like(world, disk)
        assert world.mutuals("collect", "--once", hours=4.5, folder=folder).returncode == 0
        before, casebook = stored(folder), (folder / "mutuals-data" / "casebook.sqlite").read_bytes()
        fill(folder, leave=room)
        done = world.mutuals("collect", "--once", hours=6.5, folder=folder)
        assert "make room" in complaint(done)
        told = mutuals(folder, "status", hours=6.5)
        assert told.returncode == 0 or "make room" in complaint(told)
        (folder / FILLED).unlink()
        assert (folder / "mutuals-data" / "casebook.sqlite").read_bytes() == casebook
        kept = stored(folder)
        assert kept == before or kept == stored(world.folder)  # all of the cycle, or nothing of it
        assert world.mutuals("collect", "--once", hours=6.5, folder=folder).returncode == 0
        assert stored(folder) == stored(world.folder)


def test_a_disk_that_is_full_from_the_start_is_named(world: Running, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        folder = world.settle(disk)
        fill(folder)
        said = complaint(world.mutuals("collect", "--once", hours=4.5, folder=folder))
        assert "make room" in said


def test_a_collector_killed_again_and_again_at_random_moments_loses_and_doubles_nothing(
    world: Running, tmp_path: Path
) -> None:
    folder = like(world, tmp_path / "killed")
    chance = random.Random(7)  # noqa: S311 moments, not secrets
    started = time.monotonic()
    world.servers.clock.set(at(4.5))
    assert world.mutuals("collect", "--once", hours=4.5, folder=folder).returncode == 0
    lasts = time.monotonic() - started
    for _ in range(6):
        world.servers.clock.set(at(6.5))
        process = begin(folder, "collect", "--once", hours=6.5)
        time.sleep(chance.uniform(0.3, 1.0) * lasts)
        process.kill()
        process.communicate()
    done = world.mutuals("collect", "--once", hours=6.5, folder=folder)
    assert done.returncode == 0, done.stderr
    assert stored(folder) == stored(world.folder)


def test_of_two_collectors_on_one_folder_the_second_waits_its_turn(world: Running, tmp_path: Path) -> None:
    folder = like(world, tmp_path / "both")
    for hours in (4.5, 6.5):
        world.servers.clock.set(at(hours))
        both = [begin(folder, "collect", "--once", hours=hours) for _ in range(2)]
        said = [one.communicate(timeout=120)[1] for one in both]
        assert [one.returncode for one in both] == [0, 0], said
    assert stored(folder) == stored(world.folder)


def test_who_waits_too_long_for_another_collector_is_told_whom_to_stop(
    world: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHERS_TURN", "1")
    folder = like(world, tmp_path / "busy")
    world.servers.faults.add("/api/v1", "stall", times=None, seconds=60)
    first = begin(folder, "collect", hours=4.5)
    try:
        for _ in range(300):
            if (folder / "mutuals-data" / "collector.holder").exists():
                break
            time.sleep(0.1)
        said = complaint(mutuals(folder, "collect", "--once", hours=4.5))
        assert f"process {first.pid} (command_process.py collect) has been collecting into this folder" in said
        assert "stop it, then try again" in said
    finally:
        first.kill()
        first.communicate()
        world.servers.faults.clear()


def test_a_clock_that_jumps_a_day_ahead_and_back_doubles_nothing_and_collecting_goes_on(
    world: Running, tmp_path: Path
) -> None:
    folder = like(world, tmp_path / "jumping")
    world.mutuals("collect", "--once", hours=4.5, folder=folder)
    world.servers.clock.set(at(4.6))  # the servers' clock is right: only this computer's jumps
    ahead = mutuals(folder, "collect", "--once", hours=28.6)
    assert ahead.returncode == 0, ahead.stderr
    told = mutuals(folder, "status", hours=5.4).stdout
    assert "the last cycle lies 23.2 h ahead" in told
    assert "the clock was put back, or was wrong then" in told
    world.servers.clock.set(at(5.5))
    back = mutuals(folder, "collect", "--once", hours=5.5)
    assert back.returncode == 0, back.stderr
    assert (
        "This computer's clock was put back: the last cycle lies 23.1 h ahead of it. Collecting goes on." in back.stderr
    )
    waits = "select count(*) from stored.sources where next_at > $1 + interval 7 hours"
    assert query(folder, waits, at(5.5)) == [(0,)]
    shutil.copytree(world.folder, tmp_path / "undisturbed")
    for each in (folder, tmp_path / "undisturbed"):  # an hour later the threads are due again
        assert world.mutuals("collect", "--once", hours=6.6, folder=each).returncode == 0
    posts = "select post_id, parent_id, root_id, edited_at from stored.posts order by post_id"
    assert query(folder, posts) == query(tmp_path / "undisturbed", posts)
    twice = "select count(*) - count(distinct (post_id, server, observed_at)) from stored.observations"
    assert query(folder, twice) == [(0,)]
