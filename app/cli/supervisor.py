"""`mutuals up`: keeps the collector and the dashboard running, and stops both in order."""

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 60.0
_HEALTHY_AFTER = 60.0  # seconds a part must have run for its earlier deaths to be forgiven
_PATIENCE = 30.0  # seconds a part has to end by itself
CANNOT_START = 2  # exit code of a part that says why it cannot run: restarting would not help


@dataclass(slots=True)
class _Part:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    next_start: float = 0.0


class Processes:
    """Processes that are kept running: one that dies is started again after 1, 2, 4 … 60 s."""

    def __init__(self) -> None:
        self._parts: dict[str, _Part] = {}

    def add(self, name: str, command: Sequence[str]) -> None:
        """Run this from now on."""
        self._parts[name] = _Part(name, command)

    def end(self, name: str) -> None:
        """Let this one end in order, and do not start it again."""
        _stop_all([self._parts.pop(name)])

    def keep_running(self, stop: threading.Event, also: Callable[[], None] = lambda: None) -> int:
        """Look after all of them until `stop`, SIGTERM or Ctrl-C, then end them in order. Returns the exit code.

        `also` is called each time round. A part that ends with exit code 2 said why it cannot run (a port in use, a
        mistake in the settings): all stops.
        """

        def end(number: int, _frame: FrameType | None) -> None:
            log.info("stopping on %s", signal.Signals(number).name)
            stop.set()

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        code = 0
        try:
            while not stop.is_set():
                code = max((_look_after(part) for part in self._parts.values()), default=0)
                if code:
                    break
                also()
                stop.wait(0.25)
        finally:
            stop.set()
            _stop_all(list(self._parts.values()))
            for number, handler in before.items():
                signal.signal(number, handler)
        return code


def keep_running(commands: Mapping[str, Sequence[str]]) -> int:
    """Run the commands until SIGTERM or Ctrl-C, restarting one that dies. Returns the exit code."""
    parts = Processes()
    for name, command in commands.items():
        parts.add(name, command)
    return parts.keep_running(threading.Event())


def _look_after(part: _Part) -> int:
    now = time.monotonic()
    if part.process is None:
        if now >= part.next_start:
            # Its own session: Ctrl-C in a terminal reaches us alone, and we stop the parts in order.
            part.process = subprocess.Popen(part.command, start_new_session=True)  # noqa: S603 our own command
            part.started_at = now
        return 0
    code = part.process.poll()
    if code is None:
        return 0
    part.process = None
    if code == CANNOT_START:
        return CANNOT_START
    part.deaths = 1 if now - part.started_at > _HEALTHY_AFTER else part.deaths + 1
    pause = min(_LONGEST_PAUSE, 2.0 ** (part.deaths - 1))
    log.warning("the %s ended with code %s; starting it again in %.0f s", part.name, code, pause)
    part.next_start = now + pause
    return 0


def _stop_all(parts: Sequence[_Part]) -> None:
    running = [part.process for part in parts if part.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + _PATIENCE
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("process %s did not end by itself and was killed", process.pid)
            process.kill()
            process.wait()
