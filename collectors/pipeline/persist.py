"""Opens and closes a cycle's books: what people decided goes in first, what was found is stored at the end, all at once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from duckdb import DuckDBPyConnection

from collectors.gate import group_accounts, keyed_rows
from collectors.pipeline.context import Collector, Outcome
from collectors.pipeline.cycle_state import CycleState
from collectors.pipeline.planner import planned_sources
from collectors.pipeline.refresh_schedule import OPEN_FOR, thread_interval
from warehouse.casebook.refusals import current_refusals, load_refusals
from warehouse.ingest.store import Rows, Touched, store
from warehouse.privacy.name_redaction import erased_names_in, redact_erased_names, redact_names
from warehouse.privacy.retain import delete_posts, withhold
from warehouse.storage import collector_state, rows
from warehouse.transform import prepare


def sync_decisions(con: DuckDBPyConnection, collector: Collector, now: datetime) -> Touched:
    """Bring groups, teams and people's decisions into the warehouse. Costs nothing when none of them changed."""
    key, out = collector.key, Rows()
    version = (collector.casebook.version(), tuple(sorted(collector.dids.items())))
    if version == collector.settled:
        return Touched()
    for group in collector.settings.groups:
        out.groups.append(rows.Group(group.id, group.name, group.timezone, group.promise_hours, None))
        for role, keys in (
            ("group", group_accounts.own_account_keys(group, collector.dids)),
            ("team", group_accounts.team_account_keys(group, collector.dids)),
        ):
            out.group_accounts.extend(
                rows.GroupAccount(group.id, keyed_rows.account_id(key, network, one), network, role)
                for network, one in keys
            )
    out.accounts.extend(
        keyed_rows.account_row(seen, keyed_rows.account_id(key, seen.network, seen.key), True, now)
        for seen in collector.resolved
    )
    out.decisions.extend(collector.casebook.decisions(now))
    wishes, taken_back = current_refusals(load_refusals(collector.casebook))
    out.extend(wishes)
    collector_state.let_back_in(con, taken_back)
    if collector.settled is None:  # other settings come with a new Collecting
        _forget_sources(con, collector)
    touched = collector_state.remove_groups_except(con, out)
    touched.update(store(con, out))
    if collector.settled is None:
        prepare.prepare(con, touched, now)  # a new warehouse, or new models since the last start
    else:
        _prepare(con, touched, now)
    hurry_open_threads(
        con, touched.roots, now
    )  # a flag or a mark made somebody wait: their thread is read in this cycle
    collector.settled = version
    return touched


def _forget_sources(con: DuckDBPyConnection, collector: Collector) -> None:
    settings, signed_in = collector.settings, collector.networks.signed_in()
    named = [source.source_id for group in settings.groups for source in planned_sources(group, settings, signed_in)]
    collector_state.forget_sources(con, [group.id for group in settings.groups], named)


def persist_cycle(
    con: DuckDBPyConnection, key: bytes, state: CycleState, outcome: Outcome, started_at: datetime, now: datetime
) -> Touched:
    """Store everything that the cycle found, and bring the prepared tables up to date, in the caller's transaction."""
    out = state.rows()
    _leave_out_names(con, key, state, out)
    touched = withhold(con, state.withheld) if state.withheld else Touched()
    touched.update(store(con, out))
    collector_state.record_collecting_start(
        con, now
    )  # before the models, which read it: else the next cycle would make them all anew
    for root_id, server, reason in state.unread_roots:
        collector_state.record_thread_failure(con, root_id, server, reason, now)
        touched.roots.add(root_id)
    if state.gone:
        touched.update(delete_posts(con, state.gone, now))
    _prepare(con, touched, now)
    hurry_open_threads(con, touched.roots | state.read_roots, now)
    outcome.is_changed = bool(touched.posts or touched.roots or touched.group_days)
    counts = (outcome.works_count, outcome.posts_count, outcome.is_changed)
    store(con, Rows(cycles=[rows.Cycle(outcome.run_id, started_at, now, *counts)]))
    return touched


def _leave_out_names(con: DuckDBPyConnection, key: bytes, state: CycleState, out: Rows) -> None:
    """Somebody who was erased, also while this cycle ran, is not named in other people's words either."""
    erased = collector_state.load_refused(con).erased
    if not erased:
        return

    def clean(row: rows.PostText, text: str) -> str:
        text = redact_erased_names(text, tuple(erased_names_in(key, text, erased)))
        return redact_names(text) if state.mentions.get(row.post_id, frozenset()) & erased else text

    out.post_texts = [
        replace(row, text=clean(row, row.text), content_warning=clean(row, row.content_warning or "") or None)
        for row in out.post_texts
    ]


def _prepare(con: DuckDBPyConnection, touched: Touched, now: datetime) -> None:
    """Nothing changed, nothing to do."""
    if touched.posts or touched.roots or touched.group_days:
        prepare.prepare(con, touched, now)


def hurry_open_threads(con: DuckDBPyConnection, roots: Iterable[UUID], now: datetime) -> None:
    """After the models have run: conversations in which somebody waits are read more often, by the age of their last word."""
    wanted = set(roots)
    if not wanted:
        return
    open_roots = collector_state.load_open_roots(con, wanted, now - OPEN_FOR)
    for (root, _, kind), due in collector_state.due_of_posts(con, open_roots, now - timedelta(days=90)).items():
        if kind != "thread" or root not in open_roots or due.last_at is None:
            continue
        every = thread_interval(now - open_roots[root], is_open=True)
        if every is None:
            continue
        soon = due.last_at + every
        if soon < due.next_at:
            collector_state.set_due(con, due, soon)
