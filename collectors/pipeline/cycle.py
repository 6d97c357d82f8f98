"""One cycle: plan → fetch → evaluate → persist → publish.

The warehouse is open only while it stores, never while it waits for a network. A cycle goes round until nothing more has
become due (a new request's thread is read in the same cycle), at most a few times.
"""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from duckdb import DuckDBPyConnection

from collectors.fetch_types import BLUESKY, FetchFailed, Work
from collectors.gate import group_accounts, keyed_rows
from collectors.pipeline import evaluate, persist
from collectors.pipeline.context import Collector, Fetched, Outcome
from collectors.pipeline.cycle_state import CycleState, NamedPosts, load_held_posts, load_state
from collectors.pipeline.fetch import fetch_all
from collectors.pipeline.planner import plan
from warehouse.ingest.store import Touched
from warehouse.snapshots.publish import publish
from warehouse.storage import collector_state
from warehouse.storage.connection import transaction

log = logging.getLogger(__name__)

_TURNS = 6
_HELD_WITHIN = timedelta(days=60)  # how far back posts are looked for of which a server says only that they are private
_PUBLISH_AT_LEAST_EVERY = timedelta(minutes=5)


def run_cycle(collector: Collector, *, report: Callable[[str, int, int], None] = lambda *_: None) -> Outcome:
    """Run one cycle. `report(what, done, of)` is called as it goes on. Network faults never raise; they become coverage."""
    with _seldom_looking_for_garbage():
        return _run(collector, report)


@contextmanager
def _seldom_looking_for_garbage() -> Iterator[None]:
    """A cycle makes many rows and keeps all of them to its end: looking through them for garbage took a third of its time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _run(collector: Collector, report: Callable[[str, int, int], None]) -> Outcome:
    outcome = Outcome(run_id=uuid4().hex)
    started_at = collector.now()
    _resolve(collector)
    with collector.open_warehouse() as con, transaction(con):
        touched = persist.sync_decisions(con, collector, started_at)
        state = load_state(con, started_at)
    for turns_left in reversed(range(_TURNS)):
        work = _plan(collector, state, collector.now())
        outcome.works_count += len(work)
        fetched = fetch_all(collector, work, report)
        with collector.open_warehouse() as con:
            load_held_posts(con, state, [_names(one, collector.key) for one in fetched])
            evaluate.evaluate_batches(con, collector, state, fetched, outcome, collector.now())
            now = collector.now()
            if turns_left and _plan(collector, state, now):
                continue
            with transaction(con):
                touched.update(persist.persist_cycle(con, collector.key, state, outcome, started_at, now))
            _publish(con, collector, outcome, touched, now)
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


def _resolve(collector: Collector) -> None:
    """Learn the DIDs behind the Bluesky handles of groups and teams. What cannot be looked up now is tried next time."""
    if not collector.is_started:
        with collector.open_warehouse() as con:
            collector.dids.update(collector_state.load_bluesky_keys(con))
        collector.is_started = True
    for group in collector.settings.groups:
        for handle in (*group.bluesky, *group_accounts.bluesky_team_handles(group)):
            name = handle.lstrip("@")
            if name in collector.dids:
                continue
            try:
                seen = collector.networks.client("bluesky", BLUESKY, group).resolve(name)
            except FetchFailed as failure:
                log.warning("group %s: a Bluesky account could not be looked up: %s", group.id, failure.reason)
                continue
            collector.dids[name] = seen.key
            collector.resolved.append(seen)


def _is_known(collector: Collector, work: Work) -> bool:
    """Without the group's own DID nothing can be judged as addressed to it; its profile is asked for until it is there."""
    group = next(group for group in collector.settings.groups if group.id == work.group_id)
    return (
        work.network != "bluesky"
        or work.kind == "profile"
        or all(handle.lstrip("@") in collector.dids for handle in group.bluesky)
    )


def _plan(collector: Collector, state: CycleState, now: datetime) -> list[Work]:
    """What is due at servers that may be asked now. What a used-up budget puts off stays due."""
    if collector.is_stopping():
        return []
    networks = collector.networks
    return [
        replace(work, target=collector.dids.get(work.target.lstrip("@"), work.target))
        for work in plan(collector.settings, state.plan_state(now), now, signed_in=networks.signed_in())
        if networks.budget(work.network, work.server).remaining() > 0 and _is_known(collector, work)
    ]


def _publish(con: DuckDBPyConnection, collector: Collector, outcome: Outcome, touched: Touched, now: datetime) -> None:
    """Check the models and publish: at once when a conversation changed, else every five minutes."""
    is_due = collector.published_at is None or now - collector.published_at >= _PUBLISH_AT_LEAST_EVERY
    if collector.is_publishing and (touched.roots or is_due):
        outcome.snapshot = publish(con, collector.settings, now).name
        collector.published_at = now
