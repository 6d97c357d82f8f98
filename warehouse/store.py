"""Write a batch of rows, in the caller's transaction, and say what changed. The same rows twice change nothing.

Cost follows the batch, not what is stored: every write is a join with a stretch of time (merge.py).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from duckdb import DuckDBPyConnection

from warehouse import forget, guard, merges, places
from warehouse.merge import Change, merge, waves
from warehouse.readings import worth_keeping
from warehouse.touched import Rows, Touched
from warehouse.touching import Touching, move_roots, touched_by

__all__ = ["Rows", "Touched", "store"]

_TIMED = ("posts", "post_texts", "post_addresses", "post_tags", "post_scope", "verdicts", "thread_reads", "due")
_PLAIN = ("cycles", "coverage", "sources", "capabilities", "quarantine")


def store(con: DuckDBPyConnection, rows: Rows) -> Touched:
    """Store the rows. `first_…` and `created_at` stay as first read, `last_…` and counts move on. Returns what changed.

    The caller owns the transaction and must roll back when this raises.
    """
    seen = _refusals(con, rows)
    created_at = _created_at(con, rows)
    rows = replace(rows, **{name: _under(con, name, getattr(rows, name), created_at) for name in _TIMED})
    rows = guard.admit(con, rows, created_at)
    for name in _PLAIN:
        _merge(con, name, getattr(rows, name))
    _groups(con, rows, seen)
    _people(con, rows, seen)
    _posts(con, rows, seen)
    _about_posts(con, rows, seen)
    _topics(con, rows)
    return touched_by(con, seen, created_at)


def _merge(con: DuckDBPyConnection, name: str, rows: Sequence[Any]) -> list[Change]:
    return merge(con, getattr(merges, name.upper()), rows) if rows else []


def _refusals(con: DuckDBPyConnection, rows: Rows) -> Touching:
    """Opt-outs and erasures come first, and work backwards."""
    out = Touching()
    opted_out = {change.row.account_id for change in _merge(con, "opt_outs", rows.opt_outs)}
    erased = [change.row for change in _merge(con, "erased", rows.erased)]
    gone = {row.keyed_id for row in erased if row.kind == "post"}
    forget.posts(con, gone)
    out.loud |= gone | forget.link_only(con, opted_out)
    out.loud |= forget.people(con, {row.keyed_id for row in erased if row.kind == "account"})
    return out


def _created_at(con: DuckDBPyConnection, rows: Rows) -> dict[UUID, datetime]:
    claims: dict[UUID, datetime] = {}
    for name in _TIMED:
        for row in getattr(rows, name):
            claims.setdefault(row.post_id, row.created_at)
    untimed = {row.post_id for name in ("observations", "interactions") for row in getattr(rows, name)}
    return places.settled(con, claims, untimed)


def _under(con: DuckDBPyConnection, name: str, rows: list[Any], created_at: dict[UUID, datetime]) -> list[Any]:
    return places.scope_under(con, rows, created_at) if name == "post_scope" else places.under(rows, created_at)


def _groups(con: DuckDBPyConnection, rows: Rows, seen: Touching) -> None:
    """An account named both as the group's own and as its team is the group's."""
    own = {(row.group_id, row.account_id) for row in rows.group_accounts if row.role == "group"}
    accounts = [row for row in rows.group_accounts if row.role == "group" or (row.group_id, row.account_id) not in own]
    changed = _merge(con, "groups", rows.groups)
    for change in changed:
        if not change.is_new:
            seen.groups.add(change.row.group_id)
            if change.row.timezone != change.told:
                places.move_zone(con, change.row.group_id, change.row.timezone)
    seen.authors |= {change.row.account_id for change in _merge(con, "group_accounts", accounts)}


def _people(con: DuckDBPyConnection, rows: Rows, seen: Touching) -> None:
    changed = _merge(con, "accounts", sorted(rows.accounts, key=lambda row: (row.last_seen_at, row.handle is not None)))
    known = [change for change in changed if not change.is_new and change.is_loud]
    seen.authors |= {change.row.account_id for change in known}
    said_no = {change.row.account_id for change in known if change.row.is_refusing and not change.told}
    seen.loud |= forget.link_only(con, said_no)
    first = sorted(rows.first_contacts, key=lambda row: row.contacted_at, reverse=True)
    for change in _merge(con, "first_contacts", first):
        seen.loud |= {post_id for post_id in (change.row.post_id, change.told) if post_id is not None}
    for change in _merge(con, "account_snapshots", rows.account_snapshots):
        seen.group_times.add((change.row.group_id, change.row.observed_at))


def _posts(con: DuckDBPyConnection, rows: Rows, seen: Touching) -> None:
    """Posts, and what follows: a card loses its words, a conversation that moved takes its posts along."""
    moved: dict[UUID, UUID] = {}
    cards: set[UUID] = set()
    edited: set[UUID] = set()
    for change in _merge(con, "posts", rows.posts):
        post = change.row
        (seen.loud if change.is_loud else seen.quiet).add(post.post_id)
        if change.is_new:
            continue
        if post.root_id not in (change.told, post.post_id):
            moved[change.told] = post.root_id
        if post.is_link_only and change.is_loud:
            cards.add(post.post_id)
        elif post.edited_at is not None and change.is_loud:
            edited.add(post.post_id)
    forget.words(con, cards)
    forget.tags(con, edited, rows.post_tags)
    if moved:
        move_roots(con, moved, seen)


def _about_posts(con: DuckDBPyConnection, rows: Rows, seen: Touching) -> None:
    for name in ("post_texts", "post_addresses", "post_tags", "post_scope", "interactions", "verdicts", "decisions"):
        changed = _merge(con, name, getattr(rows, name))
        seen.loud |= {change.row.post_id for change in changed if change.is_loud}
    for change in _merge(con, "thread_reads", rows.thread_reads):
        seen.roots.add(change.row.root_id)
    _merge(con, "due", rows.due)
    for readings in waves(("post_id", "server"), sorted(rows.observations, key=lambda row: row.observed_at)):
        for change in _merge(con, "observations", worth_keeping(con, readings)):
            seen.readings.append((change.row.post_id, change.row.observed_at))


def _topics(con: DuckDBPyConnection, rows: Rows) -> None:
    """Topic counts add up; one that comes with the post it counts is added only if that post was not counted before."""
    fresh = {id(change.row) for change in _merge(con, "topic_seen", rows.topic_seen)}
    counts = rows.topic_counts
    if rows.topic_seen and len(rows.topic_seen) == len(counts):
        counts = [count for count, post in zip(counts, rows.topic_seen, strict=True) if id(post) in fresh]
    _merge(con, "topic_counts", counts)
