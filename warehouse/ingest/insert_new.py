"""Rows about posts of which nothing is stored yet: inserted without a look."""

from collections.abc import Set
from dataclasses import replace
from operator import attrgetter
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.ingest import upsert_rules
from warehouse.ingest.affected import AffectedCollector
from warehouse.ingest.upsert import are_disjoint, insert_rows
from warehouse.storage.arrow import plain_rows, to_arrow
from warehouse.storage.batch import Rows, Touched

_ABOUT_POSTS = (
    "posts", "post_texts", "post_addresses", "post_tags", "post_scope", "verdicts", "thread_reads", "due", "interactions",
    "observations",
)  # fmt: skip


def insert_new_posts(con: DuckDBPyConnection, rows: Rows, new: Set[int], seen: AffectedCollector) -> Rows:
    """Insert what is about `new` posts (numbers of their ids), note what that touches; returns the rows that are left."""
    if not new:
        return rows
    # one row for each post, all of them new, in one order: nearly always, and quickly seen (the ids are the same objects)
    ids = list(map(attrgetter("post_id"), rows.posts))
    is_each_new = len(new) == len(ids)
    parts: dict[str, tuple[list[Any], list[Any]]] = {}
    for name in _ABOUT_POSTS:
        if about := getattr(rows, name):
            is_whole = is_each_new and list(map(attrgetter("post_id"), about)) == ids
            parts[name] = (about, []) if is_whole else _part(name, about, new)
    fresh = Rows(**{name: taken for name, (taken, _) in parts.items()})
    for name, (taken, _) in parts.items():
        if taken:
            how = getattr(upsert_rules, name.upper())
            insert_rows(con, how, to_arrow(how.kind, taken))
    _note(fresh, seen)
    return replace(rows, **{name: left for name, (_, left) in parts.items()})


def _part(name: str, rows: list[Any], new: Set[int]) -> tuple[list[Any], list[Any]]:
    """(rows to insert, rows to merge). Where two rows are about the same thing, all are merged, one after the other."""
    posts = set(plain_rows(("post_id",), rows))
    is_all = new >= posts
    fresh = rows if is_all else [row for row in rows if row.post_id.int in new]
    key = ("post_id", "server") if name == "observations" else getattr(upsert_rules, name.upper()).key
    if len(posts) < len(rows) and not are_disjoint(key, fresh):
        return [], rows
    return fresh, [] if is_all else [row for row in rows if row.post_id.int not in new]


def _note(fresh: Rows, seen: AffectedCollector) -> None:
    out: Touched = seen.out
    out.posts.update(map(attrgetter("post_id"), fresh.posts))
    out.roots.update(map(attrgetter("root_id"), fresh.posts))
    out.roots |= {row.root_id for row in fresh.thread_reads}
    days = set(plain_rows(("group_id", "local_date"), fresh.post_scope))
    out.group_days |= days
    groups, times = {group_id for group_id, _ in days}, {row.observed_at for row in fresh.observations}
    seen.group_times |= {(group_id, at) for group_id in groups for at in times}
