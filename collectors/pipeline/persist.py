"""Opens and closes a cycle's books: what people decided goes in first, what was found is stored at the end, all at once."""

from dataclasses import replace
from datetime import datetime

from duckdb import DuckDBPyConnection

from collectors.gate import group_accounts, keyed_rows
from collectors.pipeline import revisits
from collectors.pipeline.context import Collecting, Outcome
from collectors.pipeline.cycle_state import Memory
from collectors.pipeline.planner import sources_of
from warehouse.casebook.refusals import refusals, standing
from warehouse.ingest.store import Rows, Touched, store
from warehouse.privacy.name_redaction import known_among, without, without_names
from warehouse.privacy.retain import delete_posts, withhold
from warehouse.storage import collector_state, rows
from warehouse.transform import prepare


def settle(con: DuckDBPyConnection, collecting: Collecting, now: datetime) -> Touched:
    """Bring groups, teams and people's decisions into the warehouse. Costs nothing when none of them changed."""
    key, out = collecting.key, Rows()
    version = (collecting.casebook.version(), tuple(sorted(collecting.dids.items())))
    if version == collecting.settled:
        return Touched()
    for group in collecting.settings.groups:
        out.groups.append(rows.Group(group.id, group.name, group.timezone, group.promise_hours, None))
        for role, keys in (
            ("group", group_accounts.own(group, collecting.dids)),
            ("team", group_accounts.team(group, collecting.dids)),
        ):
            out.group_accounts.extend(
                rows.GroupAccount(group.id, keyed_rows.account_id(key, network, one), network, role)
                for network, one in keys
            )
    out.accounts.extend(
        keyed_rows.account(seen, keyed_rows.account_id(key, seen.network, seen.key), True, now)
        for seen in collecting.resolved
    )
    out.decisions.extend(collecting.casebook.decisions(now))
    wishes, taken_back = standing(refusals(collecting.casebook))
    out.extend(wishes)
    collector_state.let_back_in(con, taken_back)
    if collecting.settled is None:  # other settings come with a new Collecting
        _forget_sources(con, collecting)
    touched = collector_state.take_out_all_but(con, out)
    touched.update(store(con, out))
    if collecting.settled is None:
        prepare.prepare(con, touched, now)  # a new warehouse, or new models since the last start
    else:
        _prepare(con, touched, now)
    revisits.threads(con, touched.roots, now)  # a flag or a mark made somebody wait: their thread is read in this cycle
    collecting.settled = version
    return touched


def _forget_sources(con: DuckDBPyConnection, collecting: Collecting) -> None:
    settings, signed_in = collecting.settings, collecting.networks.signed_in()
    named = [source.source_id for group in settings.groups for source in sources_of(group, settings, signed_in)]
    collector_state.forget_sources(con, [group.id for group in settings.groups], named)


def keep(
    con: DuckDBPyConnection, key: bytes, memory: Memory, outcome: Outcome, started_at: datetime, now: datetime
) -> Touched:
    """Store everything that the cycle found, and bring the prepared tables up to date, in the caller's transaction."""
    out = memory.rows()
    _leave_out_names(con, key, memory, out)
    touched = withhold(con, memory.withheld) if memory.withheld else Touched()
    touched.update(store(con, out))
    collector_state.begin_collecting(
        con, now
    )  # before the models, which read it: else the next cycle would make them all anew
    for root_id, server, reason in memory.unread_roots:
        collector_state.thread_failed(con, root_id, server, reason, now)
        touched.roots.add(root_id)
    if memory.gone:
        touched.update(delete_posts(con, memory.gone, now))
    _prepare(con, touched, now)
    revisits.threads(con, touched.roots | memory.read_roots, now)
    outcome.is_changed = bool(touched.posts or touched.roots or touched.group_days)
    counts = (outcome.works_count, outcome.posts_count, outcome.is_changed)
    store(con, Rows(cycles=[rows.Cycle(outcome.run_id, started_at, now, *counts)]))
    return touched


def _leave_out_names(con: DuckDBPyConnection, key: bytes, memory: Memory, out: Rows) -> None:
    """Somebody who was erased, also while this cycle ran, is not named in other people's words either."""
    erased = collector_state.refused(con).erased
    if not erased:
        return

    def clean(row: rows.PostText, text: str) -> str:
        text = without(text, tuple(known_among(key, text, erased)))
        return without_names(text) if memory.mentions.get(row.post_id, frozenset()) & erased else text

    out.post_texts = [
        replace(row, text=clean(row, row.text), content_warning=clean(row, row.content_warning or "") or None)
        for row in out.post_texts
    ]


def _prepare(con: DuckDBPyConnection, touched: Touched, now: datetime) -> None:
    """Nothing changed, nothing to do."""
    if touched.posts or touched.roots or touched.group_days:
        prepare.prepare(con, touched, now)
