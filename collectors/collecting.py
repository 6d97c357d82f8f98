"""The collector process, put together from its parts: the edge that knows the clock, the file system and the signals."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from collectors import cycle, schedule
from collectors.cycle import Collecting, Outcome
from collectors.networks import Networks
from warehouse import nightly
from warehouse.casebook import open_casebook
from warehouse.connect import WarehouseError, warehouse
from warehouse.keys import load_key
from warehouse.settings import Settings, SettingsError

log = logging.getLogger(__name__)


def assemble(
    settings: Settings,
    *,
    on_wait: Callable[[str], None] = log.info,
    pause: Callable[[float], None] = time.sleep,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Collecting:
    """Everything a cycle needs, on the real clock."""
    return Collecting(
        settings=settings,
        key=load_key(settings.data_dir),
        networks=Networks(settings, _now, pause),
        casebook=open_casebook(settings),
        open_warehouse=lambda: warehouse(settings, on_wait=on_wait),
        now=_now,
        pause=pause,
        is_stopping=is_stopping,
    )


def once(settings: Settings, *, report: Callable[[str, int, int], None], on_wait: Callable[[str], None]) -> Outcome:
    """One cycle, now."""
    ready = assemble(settings, on_wait=on_wait)
    try:
        return cycle.run(ready, report=report)
    finally:
        ready.networks.close()
        ready.casebook.close()


def keep_collecting(load: Callable[[], Settings]) -> None:
    """Collect every minute until SIGTERM. The settings are read again when they change: no restart after the set-up page."""
    stop = threading.Event()
    current: list[Collecting] = []

    def collecting() -> Collecting:
        settings = load()
        if not current or current[0].settings != settings:
            for old in current:
                old.networks.close()
                old.casebook.close()
            current[:] = [assemble(settings, pause=lambda seconds: _wait(stop, seconds), is_stopping=stop.is_set)]
        return current[0]

    def beat() -> None:
        try:
            ready = collecting()
            if not ready.settings.groups:
                log.info("%s: no group yet; waiting for the set-up page", ready.settings.config)
                return
            outcome = cycle.run(ready)
        except (SettingsError, WarehouseError) as error:
            log.error("%s", error)  # noqa: TRY400 a sentence with its cure; the next beat tries again
            return
        log.info("cycle %s: %d pieces of work, %d posts", outcome.run_id, outcome.works_count, outcome.posts_count)
        for failure in outcome.failures:
            log.warning("%s", failure)

    def night() -> None:
        try:
            ready = collecting()
            with ready.open_warehouse() as con:
                nightly.run(con, ready.settings, _now())
        except (SettingsError, WarehouseError) as error:
            log.error("nightly housekeeping: %s", error)  # noqa: TRY400 as above

    load()  # a mistake in the settings ends the process at once, with its sentence
    schedule.serve(beat, night, stop=stop)


def _now() -> datetime:
    return datetime.now(UTC)


def _wait(stop: threading.Event, seconds: float) -> None:
    stop.wait(seconds)
