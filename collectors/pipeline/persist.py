"""Opens and closes a cycle's books: what people decided goes in first, what was found is stored at the end, all at once."""

from dataclasses import replace
from datetime import datetime

from duckdb import DuckDBPyConnection

from collectors.gate import group_accounts, keyed_rows
from collectors.pipeline import revisits
from collectors.pipeline.context import Collector, Outcome
from collectors.pipeline.cycle_state import CycleState
from collectors.pipeline.planner import planned_sources
from warehouse.casebook.refusals import current_refusals, load_refusals
from warehouse.ingest.store import Rows, Touched, store
from warehouse.privacy.name_redaction import erased_names_in, redact_erased_names, redact_names
from warehouse.privacy.retain import delete_posts, withhold
from warehouse.storage import collector_state, rows
from warehouse.transform import prepare


def sync_decisions(con: DuckDBPyConnection, collecting: Collector, now: datetime) -> Touched:
    """Bring groups, teams and people's decisions into the warehouse. Costs nothing when none of them changed."""
    key, out = collecting.key, Rows()
    version = (collecting.casebook.version(), tuple(sorted(collecting.dids.items())))
    if version == collecting.settled:
        return Touched()
    for group in collecting.settings.groups:
        out.groups.append(rows.Group(group.id, group.name, group.timezone, group.promise_hours, None))
        for role, keys in (
            ("group", group_accounts.own_account_keys(group, collecting.dids)),
            ("team", group_accounts.team_account_keys(group, collecting.dids)),
        ):
            out.group_accounts.extend(
                rows.GroupAccount(group.id, keyed_rows.account_id(key, network, one), network, role)
                for network, one in keys
            )
    out.accounts.extend(
        keyed_rows.account_row(seen, keyed_rows.account_id(key, seen.network, seen.key), True, now)
        for seen in collecting.resolved
    )
    out.decisions.extend(collecting.casebook.decisions(now))
    wishes, taken_back = current_refusals(load_refusals(collecting.casebook))
    out.extend(wishes)
    collector_state.let_back_in(con, taken_back)
    if collecting.settled is None:  # other settings come with a new Collecting
        _forget_sources(con, collecting)
    touched = collector_state.remove_groups_except(con, out)
    touched.update(store(con, out))
    if collecting.settled is None:
        prepare.prepare(con, touched, now)  # a new warehouse, or new models since the last start
    else:
        _prepare(con, touched, now)
    revisits.hurry_open_threads(
        con, touched.roots, now
    )  # a flag or a mark made somebody wait: their thread is read in this cycle
    collecting.settled = version
    return touched


def _forget_sources(con: DuckDBPyConnection, collecting: Collector) -> None:
    settings, signed_in = collecting.settings, collecting.networks.signed_in()
    named = [source.source_id for group in settings.groups for source in planned_sources(group, settings, signed_in)]
    collector_state.forget_sources(con, [group.id for group in settings.groups], named)


def persist_cycle(
    con: DuckDBPyConnection, key: bytes, memory: CycleState, outcome: Outcome, started_at: datetime, now: datetime
) -> Touched:
    """Store everything that the cycle found, and bring the prepared tables up to date, in the caller's transaction."""
    out = memory.rows()
    _leave_out_names(con, key, memory, out)
    touched = withhold(con, memory.withheld) if memory.withheld else Touched()
    touched.update(store(con, out))
    collector_state.record_collecting_start(
        con, now
    )  # before the models, which read it: else the next cycle would make them all anew
    for root_id, server, reason in memory.unread_roots:
        collector_state.record_thread_failure(con, root_id, server, reason, now)
        touched.roots.add(root_id)
    if memory.gone:
        touched.update(delete_posts(con, memory.gone, now))
    _prepare(con, touched, now)
    revisits.hurry_open_threads(con, touched.roots | memory.read_roots, now)
    outcome.is_changed = bool(touched.posts or touched.roots or touched.group_days)
    counts = (outcome.works_count, outcome.posts_count, outcome.is_changed)
    store(con, Rows(cycles=[rows.Cycle(outcome.run_id, started_at, now, *counts)]))
    return touched


def _leave_out_names(con: DuckDBPyConnection, key: bytes, memory: CycleState, out: Rows) -> None:
    """Somebody who was erased, also while this cycle ran, is not named in other people's words either."""
    erased = collector_state.load_refused(con).erased
    if not erased:
        return

    def clean(row: rows.PostText, text: str) -> str:
        text = redact_erased_names(text, tuple(erased_names_in(key, text, erased)))
        return redact_names(text) if memory.mentions.get(row.post_id, frozenset()) & erased else text

    out.post_texts = [
        replace(row, text=clean(row, row.text), content_warning=clean(row, row.content_warning or "") or None)
        for row in out.post_texts
    ]


def _prepare(con: DuckDBPyConnection, touched: Touched, now: datetime) -> None:
    """Nothing changed, nothing to do."""
    if touched.posts or touched.roots or touched.group_days:
        prepare.prepare(con, touched, now)
