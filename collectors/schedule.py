"""The collector process: a heartbeat, one worker, and a clean end on SIGTERM.

One beat a minute in UTC bounds the catch-up after a laptop slept. Jobs missed meanwhile run once, not as often as missed.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.schedulers.blocking import BlockingScheduler

log = logging.getLogger(__name__)

_BEAT_SECONDS = 60
_JITTER_SECONDS = 5  # servers' windows are aligned to the wall clock: not everybody at second 0
_GRACE_SECONDS = 3600  # the default of 1 s drops every job after a pause


def serve(beat: Callable[[], None], nightly: Callable[[], None], *, stop: threading.Event) -> None:
    """Run `beat` every minute and `nightly` once a day until SIGTERM, Ctrl-C or the parent's death; then end in order.

    `stop` is set first, so that a cycle that is waiting between tries stops waiting.
    """
    scheduler = BlockingScheduler(timezone=UTC)
    common = {"misfire_grace_time": _GRACE_SECONDS, "coalesce": True, "max_instances": 1}
    now = datetime.now(UTC)
    scheduler.add_job(
        beat, "interval", seconds=_BEAT_SECONDS, jitter=_JITTER_SECONDS, next_run_time=now, executor="one", **common
    )
    scheduler.add_job(
        nightly, "interval", hours=24, jitter=600, next_run_time=now + timedelta(minutes=10), executor="one", **common
    )
    scheduler.add_executor("threadpool", "one", max_workers=1)
    parent = os.getppid()

    def end(number: int, _frame: FrameType | None) -> None:
        log.info("stopping on %s", signal.Signals(number).name)
        stop.set()
        threading.Thread(target=scheduler.shutdown, kwargs={"wait": True}, name="stopping").start()

    def follow_parent() -> None:
        """`mutuals up` was killed without a chance to stop us: do not live on alone."""
        while not stop.wait(2):
            if os.getppid() != parent:
                log.warning("the supervising process has gone; stopping")
                stop.set()
                scheduler.shutdown(wait=True)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    threading.Thread(target=follow_parent, name="parent", daemon=True).start()
    scheduler.start()
