"""Carries out planned work over the network: one thread per server, up to three tries, and each server's budget and breaker.

The one place where failures are isolated: whatever goes wrong with one piece of work becomes a FetchFailed of that piece.
"""

import logging
import random
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

from collectors.fetch_types import FetchFailed, Work
from collectors.gate import keyed_rows
from collectors.pipeline.context import Collector, Fetched
from collectors.pipeline.rate_budget import Budget

log = logging.getLogger(__name__)

_TRIES = 3


def fetch_all(collector: Collector, work: list[Work], report: Callable[[str, int, int], None]) -> list[Fetched]:
    """Carry out the work, one thread per server, so that a slow server holds up nobody else."""
    if not work:
        return []
    by_server: dict[str, list[Work]] = {}
    for one in work:
        by_server.setdefault(one.server, []).append(one)
    done = 0
    fetched: list[Fetched] = []
    with ThreadPoolExecutor(max_workers=len(by_server), thread_name_prefix="server") as pool:
        for future in as_completed(pool.submit(_fetch_server, collector, queue) for queue in by_server.values()):
            fetched += future.result()
            done = len(fetched)
            report("fetched", done, len(work))
    return fetched


def _fetch_server(collector: Collector, queue: list[Work]) -> list[Fetched]:
    """Carry out one server's work in order. Stops when the budget is used up or the server is down."""
    fetched: list[Fetched] = []
    closed: dict[tuple[str, str], FetchFailed] = {}
    for work in queue:
        if collector.is_stopping():
            break
        capability = (work.group_id, work.kind)
        one = (
            Fetched(work, collector.now(), collector.now(), None, closed[capability])
            if capability in closed
            else _fetch(collector, work)
        )
        fetched.append(one)
        failure = one.failure or (one.batch.stopped_by if one.batch is not None else None)
        if failure is None:
            continue
        if failure.kind in ("limited", "down"):
            break
        if failure.kind == "closed" and work.kind not in ("own", "profile", "hashtag", "topic"):
            closed[capability] = failure
    return fetched


def _fetch(collector: Collector, work: Work) -> Fetched:
    """Carry out one piece of work: up to three tries when the server does not answer, then its breaker opens."""
    started_at = collector.now()
    budget = collector.networks.budget(work.network, work.server)
    group = next(group for group in collector.settings.groups if group.id == work.group_id)
    failure = FetchFailed("broken", "not tried")
    for attempt in range(_TRIES):
        try:
            batch = collector.networks.client(work.network, work.server, group).fetch(work)
        except FetchFailed as caught:
            failure = caught
        except Exception as caught:  # noqa: BLE001 the one broad catch: one surprise must not stop the others
            # Where it happened and what kind it was, never its message: that can quote a post.
            where = traceback.extract_tb(caught.__traceback__)[-1]
            log.error("%s: %s at %s:%s", work.source_id, type(caught).__name__, where.filename, where.lineno)  # noqa: TRY400
            failure = FetchFailed("broken", f"an unexpected {type(caught).__name__}; see the collector's log")
        else:
            batch.posts = keyed_rows.clamp_future_times(batch.posts, collector.now())
            if batch.stopped_by is None:
                budget.answered()
            else:
                _hold_back(budget, batch.stopped_by)
            return Fetched(work, started_at, collector.now(), batch, None)
        if failure.kind != "down":
            break
        if attempt + 1 < _TRIES and not collector.is_stopping():
            collector.pause(random.uniform(0, min(60, 2 * 4**attempt)))  # noqa: S311 full jitter, not a secret
    _hold_back(budget, failure)
    return Fetched(work, started_at, collector.now(), None, failure)


def _hold_back(budget: Budget, failure: FetchFailed) -> None:
    """Ask this server nothing more for a while, where it said so or could not answer."""
    if failure.kind == "limited":
        failure.retry_at = budget.back_off(failure.retry_at)
    elif failure.kind == "down":
        failure.retry_at = budget.failed()
