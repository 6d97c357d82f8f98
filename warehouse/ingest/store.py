"""Write a batch of rows, in the caller's transaction, and say what changed. The same rows twice change nothing.

Cost follows the batch, not what is stored: every write is a join with a stretch of time (upsert.py).
"""

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime
from operator import attrgetter, eq
from typing import Any
from uuid import UUID

from duckdb import DuckDBPyConnection

from warehouse.ingest import admission, insert_new, post_times, upsert_rules
from warehouse.ingest.affected import AffectedCollector, affected_by, move_roots
from warehouse.ingest.metric_readings import combine_readings, keep_changed_readings
from warehouse.ingest.upsert import UpsertResult, split_into_passes, upsert
from warehouse.storage import redaction
from warehouse.storage.arrow import plain_rows
from warehouse.storage.batch import Rows, Touched

__all__ = ["Rows", "Touched", "store"]

_TIMED = ("posts", "post_texts", "post_addresses", "post_tags", "post_scope", "verdicts", "thread_reads", "due")
_ABOUT = (*_TIMED[1:], "observations", "interactions")
_PLAIN = ("cycles", "duties", "coverage", "sources", "capabilities", "quarantine")


def store(con: DuckDBPyConnection, rows: Rows) -> Touched:
    """Store the rows. `first_…` and `created_at` stay as first read, `last_…` and counts move on. Returns what changed.

    The caller owns the transaction and must roll back when this raises.
    """
    seen = _refusals(con, rows)
    held = _places(con, rows)
    if not held.is_as_claimed:
        rows = replace(rows, **{name: _under(con, name, getattr(rows, name), held) for name in _TIMED})
    rows = admission.admit(con, rows, held)
    seen.new = set(plain_rows(("post_id",), rows.posts)) - held.held
    rows = _about_known(rows, held, held.held | seen.new)
    for name in _PLAIN:
        _merge(con, name, getattr(rows, name))
    _groups(con, rows, seen)
    _people(con, rows, seen)
    rows = insert_new.insert_new_posts(con, rows, seen.new, seen)
    _posts(con, rows, seen)
    _about_posts(con, rows, seen)
    _topics(con, rows)
    return affected_by(con, seen, held)


def _merge(con: DuckDBPyConnection, name: str, rows: Sequence[Any]) -> UpsertResult:
    return upsert(con, getattr(upsert_rules, name.upper()), rows)


def _about_known(rows: Rows, held: post_times.StoredTimes, known: Set[int]) -> Rows:
    """Nothing is stored about a post that is not held: so of a new post nothing can be there yet."""
    if known >= held.created_at.keys() and not held.strangers:
        return rows
    return replace(rows, **{name: [row for row in getattr(rows, name) if row.post_id.int in known] for name in _ABOUT})


def _refusals(con: DuckDBPyConnection, rows: Rows) -> AffectedCollector:
    """Opt-outs and erasures come first, and work backwards."""
    seen = AffectedCollector()
    opted_out = _merge(con, "opt_outs", rows.opt_outs).new
    erased = _merge(con, "erased", rows.erased).new
    gone = {row.keyed_id for row in erased if row.kind == "post"}
    redaction.delete_posts_content(con, gone)
    changed = gone | redaction.make_link_only(con, {row.account_id for row in opted_out})
    changed |= redaction.delete_people(con, {row.keyed_id for row in erased if row.kind == "account"})
    seen.loud |= {one.int for one in changed}
    return seen


def _places(con: DuckDBPyConnection, rows: Rows) -> post_times.StoredTimes:
    """Where the posts of this batch are stored. Of several claims in one batch the first counts."""
    claims: dict[int, datetime] = {}
    is_agreed = True
    before: list[list[Any]] = [[], []]
    for name in _TIMED:
        these = [list(map(attrgetter(field), getattr(rows, name))) for field in ("post_id", "created_at")]
        if these == before:  # one row for each post, as in the table before: nearly always
            continue
        before, posts, times = these, list(plain_rows(("post_id",), getattr(rows, name))), these[1]
        if not all(map(eq, map(claims.get, posts), times)):
            firsts = dict(zip(posts[::-1], times[::-1], strict=True))
            claims = firsts | claims if claims else firsts
            is_agreed = is_agreed and all(map(eq, map(claims.get, posts), times))
    untimed: set[int] = set()
    for about in (rows.observations, rows.interactions):
        if list(map(attrgetter("post_id"), about)) != before[0]:
            untimed.update(plain_rows(("post_id",), about))
    found = post_times.load_stored_times(con, claims, untimed) if claims or untimed else post_times.NOWHERE
    return found if is_agreed else replace(found, is_as_claimed=False)


def _under(con: DuckDBPyConnection, name: str, rows: list[Any], held: post_times.StoredTimes) -> list[Any]:
    if name == "post_scope":
        return post_times.scope_with_stored_times(con, rows, held.created_at)
    return post_times.with_stored_times(rows, held.created_at)


def _groups(con: DuckDBPyConnection, rows: Rows, seen: AffectedCollector) -> None:
    """An account named both as the group's own and as its team is the group's."""
    own = {(row.group_id, row.account_id) for row in rows.group_accounts if row.role == "group"}
    accounts = [row for row in rows.group_accounts if row.role == "group" or (row.group_id, row.account_id) not in own]
    for change in _merge(con, "groups", rows.groups).moved:
        seen.groups.add(change.row.group_id)
        if change.row.timezone != change.told:
            post_times.move_zone(con, change.row.group_id, change.row.timezone)
    seen.authors |= {row.account_id.int for row in _merge(con, "group_accounts", accounts).loud()}


def _people(con: DuckDBPyConnection, rows: Rows, seen: AffectedCollector) -> None:
    accounts = sorted(rows.accounts, key=lambda row: (row.last_seen_at, row.handle is not None))
    changed = [change for change in _merge(con, "accounts", accounts).moved if change.is_loud]
    seen.authors |= {change.row.account_id.int for change in changed}
    said_no = {change.row.account_id for change in changed if change.row.is_refusing and change.told == "false"}
    seen.loud |= {one.int for one in redaction.make_link_only(con, said_no)}
    contacts = _merge(
        con, "first_contacts", sorted(rows.first_contacts, key=lambda row: row.contacted_at, reverse=True)
    )
    seen.loud |= {row.post_id.int for row in contacts.loud()}
    seen.loud |= {UUID(change.told).int for change in contacts.moved if change.told}
    readings = _merge(con, "account_snapshots", rows.account_snapshots).new
    seen.group_times |= {(row.group_id, row.observed_at) for row in readings}


def _posts(con: DuckDBPyConnection, rows: Rows, seen: AffectedCollector) -> None:
    """Posts, and what follows: a card loses its words, a conversation that moved takes its posts along."""
    written = _merge(con, "posts", rows.posts)
    for post in written.new:
        seen.out.posts.add(post.post_id)
        seen.out.roots.add(post.root_id)
    seen.out.posts |= {change.row.post_id for change in written.moved}
    loud = [change for change in written.moved if change.is_loud]
    seen.loud |= {change.row.post_id.int for change in loud}
    now_cards = {change.row.post_id for change in loud if change.row.is_link_only}
    redaction.delete_texts(con, now_cards)
    redaction.delete_counts(con, now_cards)
    redaction.delete_tags(con, {change.row.post_id for change in loud if change.row.edited_at}, rows.post_tags)
    moved = {
        UUID(change.told): change.row.root_id
        for change in loud
        if change.row.root_id != change.row.post_id and change.told != str(change.row.root_id)
    }
    if moved:
        move_roots(con, moved, seen)


def _about_posts(con: DuckDBPyConnection, rows: Rows, seen: AffectedCollector) -> None:
    for name in ("post_texts", "post_addresses", "post_tags", "interactions", "verdicts"):
        seen.loud |= set(plain_rows(("post_id",), _merge(con, name, getattr(rows, name)).loud()))
    seen.loud |= {row.post_id.int for row in _merge(con, "decisions", rows.decisions).loud()}
    scopes = _merge(con, "post_scope", rows.post_scope)
    seen.loud |= set(plain_rows(("post_id",), scopes.new))
    seen.out.group_days |= set(plain_rows(("group_id", "local_date"), scopes.new))
    reads = _merge(con, "thread_reads", rows.thread_reads)
    seen.out.roots |= {row.root_id for row in reads.loud()}
    _merge(con, "due", rows.due)
    for readings in split_into_passes(("post_id", "server"), combine_readings(rows.observations)):
        kept = _merge(con, "observations", keep_changed_readings(con, readings)).loud()
        seen.readings += plain_rows(("post_id", "observed_at"), kept)


def _topics(con: DuckDBPyConnection, rows: Rows) -> None:
    """Topic counts add up; one that comes with the post it counts is added only if that post was not counted before."""
    fresh = {id(row) for row in _merge(con, "topic_seen", rows.topic_seen).new}
    counts = rows.topic_counts
    if rows.topic_seen and len(rows.topic_seen) == len(counts):
        counts = [count for count, post in zip(counts, rows.topic_seen, strict=True) if id(post) in fresh]
    _merge(con, "topic_counts", counts)
