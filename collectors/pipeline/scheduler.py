"""The collector process: a heartbeat, one worker, and a clean end on SIGTERM.

One beat a minute in UTC bounds the catch-up after a laptop slept. Jobs missed meanwhile run once, not as often as missed.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.job import Job
from apscheduler.schedulers.blocking import BlockingScheduler

log = logging.getLogger(__name__)

_BEAT_SECONDS = 60
_JITTER_SECONDS = 5  # servers' windows are aligned to the wall clock: not everybody at second 0
_LOOK_SECONDS = 2.0  # how often the clock and the parent are looked at
_JUMP_SECONDS = 30.0  # less is a clock being set right, or a busy computer


def run_scheduler(
    beat: Callable[[], None],
    nightly: Callable[[], None],
    *,
    poll_seconds: int,
    stop: threading.Event,
    jumped: threading.Event,
    tell: Callable[[], None] = lambda: None,
) -> None:
    """Run `beat` every minute (or every `poll_seconds`, if fewer) and `nightly` daily until SIGTERM, Ctrl-C or the parent ends.

    `tell` runs as often as `beat`, beside it: a slow mail server never keeps collecting waiting.

    `stop` is set first, so that a cycle that is waiting between tries stops waiting. `jumped` is set when the wall clock
    jumped (or the computer slept): the next beat then comes at once, not when the clock has caught up.
    """
    scheduler = BlockingScheduler(timezone=UTC)
    # Without a grace time no job is dropped for being late; coalesce makes one run of all that were missed.
    common = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    now = datetime.now(UTC)
    seconds = min(_BEAT_SECONDS, poll_seconds)
    jitter = min(_JITTER_SECONDS, seconds // 10) or None
    often = {"seconds": seconds, "jitter": jitter, **common}
    nights = scheduler.add_job(
        nightly, "interval", hours=24, jitter=600, next_run_time=now + timedelta(minutes=10), executor="one", **common
    )
    beats = (
        scheduler.add_job(beat, "interval", next_run_time=now, executor="one", **often),
        scheduler.add_job(tell, "interval", executor="telling", **often),
    )
    scheduler.add_executor("threadpool", "telling", max_workers=1)
    scheduler.add_executor("threadpool", "one", max_workers=1)
    parent = os.getppid()

    def end(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            return
        log.info("stopping on %s", signal.Signals(number).name)
        stop.set()
        threading.Thread(target=scheduler.shutdown, kwargs={"wait": True}, name="stopping").start()

    def look_around() -> None:
        before = _ahead()
        while not stop.wait(_LOOK_SECONDS):
            if os.getppid() != parent:  # `mutuals up` was killed without a chance to stop us: do not live on alone
                log.warning("the supervising process has gone; stopping")
                stop.set()
                scheduler.shutdown(wait=True)
            elif abs((by := _ahead()) - before) > _JUMP_SECONDS:
                log.warning("the clock jumped by %+.0f s; looking again at what is due", by - before)
                before = by
                jumped.set()
                _run_soon(beats, nights)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    threading.Thread(target=look_around, name="looking around", daemon=True).start()
    scheduler.start()


def _ahead() -> float:
    """By how many seconds the wall clock is ahead of the one that only ever goes on."""
    return time.time() - time.monotonic()


def _run_soon(beats: Iterable[Job], nightly: Job) -> None:
    """Now, and the night's work within a day as before, whatever the clock says today."""
    now = datetime.now(UTC)
    for beat in beats:
        beat.modify(next_run_time=now)
    if nightly.next_run_time > now + timedelta(days=1):
        nightly.modify(next_run_time=now + timedelta(days=1))
