"""`mutuals demo`: the whole tool on a sample community, for somebody without an account or a network.

Two weeks are lived through at once, so that there is something to see; the months before follow in a process behind it,
into a warehouse of their own that takes the first one's place when it is whole. Meanwhile the sample goes on posting.
"""

import atexit
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.progress import Progress, TaskID

from app.cli import demo_folder, supervisor
from app.cli.options import progress as progress_bar
from app.errors import Stopped
from app.server import bind_address
from collectors.sample.history import QUICK, collection_times, last_settled_quarter, replay, share_key
from warehouse.casebook.events import open_casebook
from warehouse.operations.status import collect_status as standing
from warehouse.settings import Settings
from warehouse.storage.connection import open_warehouse, warehouse_path

_RECENT = timedelta(days=14)  # how much there is to read at first
_WATCHED = timedelta(days=7)  # and since when the counts have a past


def run(data_dir: Path, host: str, port: int, *, once: bool) -> dict[str, Any]:
    """Show the sample until Ctrl-C; with `once` collect all of it, and return what was stored."""
    if not once:
        bind_address.require_free_port(host, port)
    held = demo_folder.emptied(data_dir)
    try:
        return _run(data_dir, host, port, once=once)
    finally:
        held.release()


def _run(data_dir: Path, host: str, port: int, *, once: bool) -> dict[str, Any]:
    now = datetime.now(UTC)
    if once:
        with progress_bar() as progress:
            task = progress.add_task("Living through the sample's past", total=None)
            start = last_settled_quarter(now)
            settings = _live(data_dir, start, collection_times(start, now), _tick(progress, task))
        demo_folder.write(settings)  # so that every other command works on it, though its servers are gone
        return standing(settings, now)
    code = _show(data_dir, host, port, now)
    if code:
        raise Stopped("the sample could not be shown; the message above says why")
    return {}


def explore() -> str:
    """Start the sample on a free port, beside what is running and until that ends; return the address of its dashboard.

    Raises Stopped.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path("mutuals-demo").resolve()
    command = [sys.executable, "-m", "app.cli.entry", "demo", "--data-dir", str(folder), "--port", str(port)]
    sample = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 our own command
    atexit.register(sample.terminate)
    _until_listening(sample, "127.0.0.1", port)
    return bind_address.dashboard_url("127.0.0.1", port)


def _show(data_dir: Path, host: str, port: int, now: datetime) -> int:
    """Dashboard first, then the recent past, then the months before it, and the present all along."""
    stop, parts = threading.Event(), supervisor.Processes()
    with demo_folder.served(last_settled_quarter(now), now, None) as servers, progress_bar() as progress:
        settings = demo_folder.settings_of(servers, data_dir)
        demo_folder.write(settings)
        parts.add("dashboard", _command("dashboard", settings, "--host", host, "--port", str(port)))
        address = bind_address.dashboard_url(host, port)
        with closing(_story(settings, now, parts, stop, progress, address)) as story:
            return parts.keep_running(stop, lambda: next(story, None))


def _story(
    settings: Settings,
    now: datetime,
    parts: supervisor.Processes,
    stop: threading.Event,
    progress: Progress,
    address: str,
) -> Generator[None, None, None]:
    """What happens while somebody watches, step by step: it yields whenever there is something to wait for."""
    recent = progress.add_task("The last two weeks", total=None)
    times = collection_times(now - _WATCHED, now, QUICK)
    with ThreadPoolExecutor(1) as pool:
        living = pool.submit(_live, settings.data_dir, now - _RECENT, times, _tick(progress, recent), stop)
        yield from _until(living.done)
        living.result()
    progress.console.print(f"[bold]The dashboard is at {address}[/]  Stop with Ctrl-C.")
    collect = _command("collect", settings, "--log-level", "warning")
    parts.add("collector", collect)
    older = progress.add_task("The months before (goes on behind)", total=1.0)
    with _behind(settings.data_dir, now) as (process, done):
        while process.exitcode is None:
            progress.update(older, completed=done.value)
            yield
        if process.exitcode:
            raise Stopped(f"the sample's older history ended with code {process.exitcode}; run with --log-level info")
    parts.end("collector")
    _take_over(settings)
    parts.add("collector", collect)
    progress.update(older, completed=1.0)


def _until(is_done: Callable[[], bool]) -> Iterator[None]:
    while not is_done():
        yield


@contextmanager
def _behind(data_dir: Path, now: datetime) -> Iterator[tuple[multiprocessing.process.BaseProcess, Any]]:
    """A process that lives through the whole history, and how much of it (0 to 1) it has done."""
    context = multiprocessing.get_context("spawn")
    done = context.Value("d", 0.0)
    process = context.Process(target=_live_behind, args=(data_dir, now, done, os.getpid()))
    process.start()
    try:
        yield process, done
    finally:
        if process.is_alive():
            process.terminate()
        process.join(30)


def _live(
    data_dir: Path,
    start: datetime,
    times: list[datetime],
    tick: Callable[[datetime, int, int], None],
    stop: threading.Event | None = None,
) -> Settings:
    """Live through the sample that begins at `start`, looking at `times`, into `data_dir`."""
    until = times[-1]
    with demo_folder.served(start, until, start) as servers:
        settings = demo_folder.settings_of(servers, data_dir)

        def report(moment: datetime, done: int, of: int) -> None:
            tick(moment, done, of)
            if stop is not None and stop.is_set():
                raise Stopped("stopped before the sample was there")

        replay(settings, open_casebook(settings), servers.clock, times, report=report)
    return settings


def _live_behind(data_dir: Path, now: datetime, done: Any, parent: int) -> None:
    """In a process of its own: the whole history, beside the first warehouse and under the same key."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, which ends us
    stopping = threading.Event()  # looked at between two cycles, so that everything ends in order
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    os.nice(5)  # the page that somebody is looking at goes first

    def tick(_: datetime, step: int, of: int) -> None:
        done.value = step / of
        if stopping.is_set() or os.getppid() != parent:
            sys.exit(1)

    folder = data_dir / "history"
    share_key(data_dir, folder)
    start = last_settled_quarter(now)
    _live(folder, start, collection_times(start, now), tick)


def _take_over(settings: Settings) -> None:
    """The whole history takes the place of the first two weeks: one file for another, while nobody else has it."""
    whole = warehouse_path(replace(settings, data_dir=settings.data_dir / "history"))
    with open_warehouse(settings) as con:
        con.execute("checkpoint")  # nothing of the old one is left in its log, to be laid over the new one
        os.replace(whole, warehouse_path(settings))


def _command(name: str, settings: Settings, *options: str) -> list[str]:
    places = ["--config", str(settings.config), "--data-dir", str(settings.data_dir)]
    return [sys.executable, "-m", "app.cli.entry", name, *places, *options]


def _until_listening(sample: "subprocess.Popen[bytes]", host: str, port: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and sample.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.2)
    raise Stopped("The sample did not start. Run mutuals demo in a terminal to see why.")


def _tick(progress: Progress, task: TaskID) -> Callable[[datetime, int, int], None]:
    return lambda _, done, of: progress.update(task, completed=done, total=of)
