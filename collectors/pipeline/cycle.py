"""One cycle: plan → fetch → gate → store → prepare → publish. The one place where failures are isolated.

The warehouse is open only while it stores, never while it waits for a network. A cycle goes round until nothing more has
become due (a new request's thread is read in the same cycle), at most a few times.
"""

import gc
import logging
import random
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from duckdb import DuckDBPyConnection

from collectors.fetch_types import FetchFailed, Work
from collectors.gate import group_accounts, keyed_rows
from collectors.pipeline import evaluate, persist
from collectors.pipeline.context import Collector, Fetched, Outcome
from collectors.pipeline.cycle_state import CycleState, NamedPosts, load_held_posts, load_state
from collectors.pipeline.planner import BLUESKY, plan
from collectors.pipeline.rate_budget import Budget
from warehouse.ingest.store import Touched
from warehouse.snapshots.publish import publish
from warehouse.storage import collector_state

log = logging.getLogger(__name__)

_TURNS = 6
_TRIES = 3
_HELD_WITHIN = timedelta(days=60)  # how far back posts are looked for of which a server says only that they are private
_PUBLISH_AT_LEAST_EVERY = timedelta(minutes=5)


def run_cycle(collecting: Collector, *, report: Callable[[str, int, int], None] = lambda *_: None) -> Outcome:
    """Run one cycle. `report(what, done, of)` is called as it goes on. Network faults never raise; they become coverage."""
    with _seldom_looking_for_garbage():
        return _run(collecting, report)


@contextmanager
def _seldom_looking_for_garbage() -> Iterator[None]:
    """A cycle makes many rows and keeps all of them to its end: looking through them for garbage took a third of its time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _run(collecting: Collector, report: Callable[[str, int, int], None]) -> Outcome:
    outcome = Outcome(run_id=uuid4().hex)
    started_at = collecting.now()
    _resolve(collecting)
    with collecting.open_warehouse() as con, _transaction(con):
        touched = persist.sync_decisions(con, collecting, started_at)
        memory = load_state(con, started_at)
    for turns_left in reversed(range(_TURNS)):
        work = _plan(collecting, memory, collecting.now())
        outcome.works_count += len(work)
        fetched = _fetch_all(collecting, work, report)
        with collecting.open_warehouse() as con:
            load_held_posts(con, memory, [_names(one, collecting.key) for one in fetched])
            evaluate.evaluate_batches(con, collecting, memory, fetched, outcome, collecting.now())
            now = collecting.now()
            if turns_left and _plan(collecting, memory, now):
                continue
            with _transaction(con):
                touched.update(persist.persist_cycle(con, collecting.key, memory, outcome, started_at, now))
            _publish(con, collecting, outcome, touched, now)
            break
    return outcome


def _names(one: Fetched, key: bytes) -> NamedPosts:
    """Which posts a piece of work names, and their times: for what the warehouse holds of them."""
    posts = one.batch.posts if one.batch is not None and one.work.kind != "topic" else []
    names = [known.server_post_id for known in one.work.posts] + [post.server_post_id for post in posts]
    names += [name for post in posts for name in (post.parent_server_post_id, post.root_server_post_id) if name]
    private = one.batch.withdrawn if one.batch is not None else []
    names += private
    times = [known.created_at for known in one.work.posts] + [post.created_at for post in posts]
    times += [one.finished_at - _HELD_WITHIN] if private else []
    ids = [keyed_rows.post_id(key, post.network, post.uri) for post in posts]
    return NamedPosts(one.work, names, times, ids)


def _resolve(collecting: Collector) -> None:
    """Learn the DIDs behind the Bluesky handles of groups and teams. What cannot be looked up now is tried next time."""
    if not collecting.is_started:
        with collecting.open_warehouse() as con:
            collecting.dids.update(collector_state.load_bluesky_keys(con))
        collecting.is_started = True
    for group in collecting.settings.groups:
        for handle in (*group.bluesky, *group_accounts.bluesky_team_handles(group)):
            name = handle.lstrip("@")
            if name in collecting.dids:
                continue
            try:
                seen = collecting.networks.client("bluesky", BLUESKY, group).resolve(name)
            except FetchFailed as failure:
                log.warning("group %s: a Bluesky account could not be looked up: %s", group.id, failure.reason)
                continue
            collecting.dids[name] = seen.key
            collecting.resolved.append(seen)


def _is_known(collecting: Collector, work: Work) -> bool:
    """Without the group's own DID nothing can be judged as addressed to it; its profile is asked for until it is there."""
    group = next(group for group in collecting.settings.groups if group.id == work.group_id)
    return (
        work.network != "bluesky"
        or work.kind == "profile"
        or all(handle.lstrip("@") in collecting.dids for handle in group.bluesky)
    )


@contextmanager
def _transaction(con: DuckDBPyConnection) -> Iterator[None]:
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def _plan(collecting: Collector, memory: CycleState, now: datetime) -> list[Work]:
    """What is due at servers that may be asked now. What a used-up budget puts off stays due."""
    if collecting.is_stopping():
        return []
    networks = collecting.networks
    return [
        replace(work, target=collecting.dids.get(work.target.lstrip("@"), work.target))
        for work in plan(collecting.settings, memory.state(now), now, signed_in=networks.signed_in())
        if networks.budget(work.network, work.server).remaining() > 0 and _is_known(collecting, work)
    ]


def _fetch_all(collecting: Collector, work: list[Work], report: Callable[[str, int, int], None]) -> list[Fetched]:
    """Carry out the work, one thread per server, so that a slow server holds up nobody else."""
    if not work:
        return []
    by_server: dict[str, list[Work]] = {}
    for one in work:
        by_server.setdefault(one.server, []).append(one)
    done = 0
    fetched: list[Fetched] = []
    with ThreadPoolExecutor(max_workers=len(by_server), thread_name_prefix="server") as pool:
        for future in as_completed(pool.submit(_fetch_server, collecting, queue) for queue in by_server.values()):
            fetched += future.result()
            done = len(fetched)
            report("fetched", done, len(work))
    return fetched


def _fetch_server(collecting: Collector, queue: list[Work]) -> list[Fetched]:
    """Carry out one server's work in order. Stops when the budget is used up or the server is down."""
    fetched: list[Fetched] = []
    closed: dict[tuple[str, str], FetchFailed] = {}
    for work in queue:
        if collecting.is_stopping():
            break
        capability = (work.group_id, work.kind)
        one = (
            Fetched(work, collecting.now(), collecting.now(), None, closed[capability])
            if capability in closed
            else _fetch(collecting, work)
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


def _fetch(collecting: Collector, work: Work) -> Fetched:
    """Carry out one piece of work: up to three tries when the server does not answer, then its breaker opens."""
    started_at = collecting.now()
    budget = collecting.networks.budget(work.network, work.server)
    group = next(group for group in collecting.settings.groups if group.id == work.group_id)
    failure = FetchFailed("broken", "not tried")
    for attempt in range(_TRIES):
        try:
            batch = collecting.networks.client(work.network, work.server, group).fetch(work)
        except FetchFailed as caught:
            failure = caught
        except Exception as caught:  # noqa: BLE001 the one broad catch: one surprise must not stop the others
            # Where it happened and what kind it was, never its message: that can quote a post.
            where = traceback.extract_tb(caught.__traceback__)[-1]
            log.error("%s: %s at %s:%s", work.source_id, type(caught).__name__, where.filename, where.lineno)  # noqa: TRY400
            failure = FetchFailed("broken", f"an unexpected {type(caught).__name__}; see the collector's log")
        else:
            batch.posts = keyed_rows.clamp_future_times(batch.posts, collecting.now())
            if batch.stopped_by is None:
                budget.answered()
            else:
                _hold_back(budget, batch.stopped_by)
            return Fetched(work, started_at, collecting.now(), batch, None)
        if failure.kind != "down":
            break
        if attempt + 1 < _TRIES and not collecting.is_stopping():
            collecting.pause(random.uniform(0, min(60, 2 * 4**attempt)))  # noqa: S311 full jitter, not a secret
    _hold_back(budget, failure)
    return Fetched(work, started_at, collecting.now(), None, failure)


def _hold_back(budget: Budget, failure: FetchFailed) -> None:
    """Ask this server nothing more for a while, where it said so or could not answer."""
    if failure.kind == "limited":
        failure.retry_at = budget.back_off(failure.retry_at)
    elif failure.kind == "down":
        failure.retry_at = budget.failed()


def _publish(con: DuckDBPyConnection, collecting: Collector, outcome: Outcome, touched: Touched, now: datetime) -> None:
    """Check the models and publish: at once when a conversation changed, else every five minutes."""
    is_due = collecting.published_at is None or now - collecting.published_at >= _PUBLISH_AT_LEAST_EVERY
    if collecting.is_publishing and (touched.roots or is_due):
        outcome.snapshot = publish(con, collecting.settings, now).name
        collecting.published_at = now
