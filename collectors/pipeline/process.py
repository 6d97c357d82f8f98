"""The collector process, put together from its parts: the edge that knows the clock, the file system and the signals."""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from collectors.notify.apprise_channel import send
from collectors.notify.dispatch import dispatch_due
from collectors.notify.smtp import send_mail
from collectors.notify.weekly_mail import Compose, send_due_mails
from collectors.pipeline import cycle, scheduler
from collectors.pipeline.connections import Connections
from collectors.pipeline.context import Collector, Outcome
from warehouse.casebook.events import CasebookError, open_casebook
from warehouse.errors import NotRetryable
from warehouse.operations import nightly
from warehouse.settings import Settings, SettingsError
from warehouse.storage.clock_setback import bring_due_times_forward
from warehouse.storage.connection import WarehouseError, open_warehouse, warehouse_path
from warehouse.storage.keys import load_key
from warehouse.storage.lock import acquire

log = logging.getLogger(__name__)

_OTHERS_TURN = 30.0  # seconds: a collector whose `mutuals up` was killed ends by itself within these


def build_collector(
    settings: Settings,
    *,
    on_wait: Callable[[str], None] = log.info,
    pause: Callable[[float], None] = time.sleep,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Collector:
    """Everything a cycle needs, on the real clock."""
    return Collector(
        settings=settings,
        key=load_key(settings.data_dir),
        networks=Connections(settings, _now, pause),
        casebook=open_casebook(settings),
        open_warehouse=lambda: open_warehouse(settings, on_wait=on_wait),
        now=_now,
        pause=pause,
        is_stopping=is_stopping,
    )


def collect_once(
    settings: Settings, *, report: Callable[[str, int, int], None], on_wait: Callable[[str], None]
) -> Outcome:
    """One cycle, now. `on_wait` is told whom we wait for, and of a clock that was put back."""
    with _alone(settings, on_wait):
        ready = build_collector(settings, on_wait=on_wait)
        try:
            _mind_the_clock(ready, on_wait)
            return cycle.run_cycle(ready, report=report)
        finally:
            _let_go(ready)


def collect_forever(load: Callable[[], Settings], compose: Compose) -> None:
    """Collect every minute until SIGTERM. The settings are read again when they change: no restart after the set-up page.

    `compose` puts the weekly mail together.

    Raises what a person has to mend first (settings, a warehouse or casebook that cannot be used); what goes wrong later
    is logged, and tried again at the next beat.
    """
    stop, jumped = threading.Event(), threading.Event()
    current: list[Collector] = []

    def collecting() -> Collector:
        settings = load()
        if not current or current[0].settings != settings or jumped.is_set():
            jumped.clear()
            for old in current:
                _let_go(old)
            current[:] = [
                build_collector(settings, pause=lambda seconds: _wait(stop, seconds), is_stopping=stop.is_set)
            ]
            if settings.groups:
                _mind_the_clock(current[0], log.warning)
        return current[0]

    def beat() -> None:
        with _logged("collecting"):
            ready = collecting()
            if not ready.settings.groups:
                log.info("%s: no group yet; waiting for the set-up page", ready.settings.config)
                return
            outcome = cycle.run_cycle(ready)
            log.info("cycle %s: %d pieces of work, %d posts", outcome.run_id, outcome.works_count, outcome.posts_count)
            for failure in outcome.failures:
                log.warning("%s", failure)

    def night() -> None:
        with _logged("nightly housekeeping"):
            ready = collecting()
            with ready.open_warehouse() as con:
                nightly.run_nightly(con, ready.settings, ready.casebook, _now())

    def tell() -> None:
        with _logged("telling people"):
            dispatch_due(load(), _now(), send)
        with _logged("the weekly mail"):
            send_due_mails(load(), _now(), compose, send_mail)

    settings = load()
    with _alone(settings, log.warning):
        _look_first(settings)
        scheduler.run_scheduler(beat, night, poll_seconds=settings.poll_seconds, stop=stop, jumped=jumped, tell=tell)


def _look_first(settings: Settings) -> None:
    """Raise what no later beat could mend. A disk that is full or a database that is away may be better in a minute."""
    try:
        if warehouse_path(settings).exists():
            with open_warehouse(settings):
                pass
        open_casebook(settings).close()
    except NotRetryable:
        raise
    except WarehouseError as error:
        log.error("%s", error)  # noqa: TRY400 a sentence with its cure
    except CasebookError as error:
        if not settings.casebook_url:
            raise
        log.error("%s", error)  # noqa: TRY400 as above


@contextmanager
def _logged(what: str) -> Iterator[None]:
    """One beat's failures: a sentence with its cure; of what nobody foresaw the place, never the words: they can be a post's."""
    try:
        yield
    except (SettingsError, WarehouseError, CasebookError) as error:
        log.error("%s: %s", what, error)  # noqa: TRY400 the next beat tries again
    except Exception as error:  # noqa: BLE001 the scheduler would log it with all its words
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("%s: %s at %s:%s", what, type(error).__name__, where.filename, where.lineno)  # noqa: TRY400


@contextmanager
def _alone(settings: Settings, on_wait: Callable[[str], None]) -> Iterator[None]:
    """One collector on a data folder: two would each spend a whole budget at every server."""
    with acquire(settings.data_dir, "collector", "collecting into this folder", _OTHERS_TURN, on_wait):
        yield


def _mind_the_clock(ready: Collector, tell: Callable[[str], None]) -> None:
    with ready.open_warehouse() as con:
        by = bring_due_times_forward(con, ready.now())
    if by is not None:
        tell(
            f"This computer's clock was put back: the last cycle lies {by.total_seconds() / 3600:.1f} h ahead of it. "
            "Collecting goes on. If the clock is wrong now, set it right."
        )


def _let_go(ready: Collector) -> None:
    ready.networks.close()
    ready.casebook.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _wait(stop: threading.Event, seconds: float) -> None:
    stop.wait(seconds)
