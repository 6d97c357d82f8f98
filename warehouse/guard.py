"""The last line of defence: what must not be stored is dropped or reduced here, whatever the gate let through.

Nobody who was erased or said no comes back, and a link-only card never has words. A group's own account is the group.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.columns import ids, times
from warehouse.merge import incoming
from warehouse.rows import Post
from warehouse.touched import Rows

_MAIL = frozenset({"own", "reply", "mention", "quote", "thread"})  # reasons to hold a post that need no yes to search


@dataclass(frozen=True, slots=True)
class Barred:
    """Who and what may not come back."""

    posts: frozenset[UUID]  # erased: nothing of them
    erased: frozenset[UUID]  # people: counted only
    refusing: frozenset[UUID]  # people: link-only cards


def admit(con: DuckDBPyConnection, rows: Rows, created_at: Mapping[UUID, datetime]) -> Rows:
    """The rows that may be stored, as far as they may."""
    barred = _barred(con, rows)
    full = _may_be_full(con, rows, created_at)
    posts: list[Post] = []
    bare, reduced, link_only = set[UUID](), set[UUID](), set[UUID]()
    for post in rows.posts:
        if post.post_id in barred.posts:
            continue
        if post.author_id in barred.erased:
            bare.add(post.post_id)
        elif post.author_id in barred.refusing and not post.is_link_only:
            reduced.add(post.post_id)
        is_link_only = post.author_id in barred.erased or post.author_id in barred.refusing or post.post_id not in full
        posts.append(post if post.is_link_only == is_link_only else replace(post, is_link_only=is_link_only))
        (link_only.add if is_link_only else link_only.discard)(post.post_id)
    if not (barred.posts or barred.erased or barred.refusing or link_only) and len(posts) == len(rows.posts):
        return replace(rows, posts=posts)
    return _without(replace(rows, posts=posts), barred, bare, reduced, link_only)


def _without(rows: Rows, barred: Barred, bare: set[UUID], reduced: set[UUID], link_only: set[UUID]) -> Rows:
    wordless = barred.posts | link_only
    nameless = barred.erased | barred.refusing
    kept = {
        name: [row for row in getattr(rows, name) if row.post_id not in barred.posts]
        for name in ("post_scope", "observations", "interactions", "verdicts", "thread_reads", "due", "first_contacts")
    }
    return replace(
        rows,
        **kept,
        accounts=[
            replace(row, handle=None, address=None, is_refusing=row.is_refusing or row.account_id in barred.refusing)
            if row.account_id in nameless
            else row
            for row in rows.accounts
        ],
        post_texts=[row for row in rows.post_texts if row.post_id not in wordless],
        post_tags=[row for row in rows.post_tags if row.post_id not in wordless],
        post_addresses=[
            replace(row, uri=None, link=None) if row.post_id in reduced else row
            for row in rows.post_addresses
            if row.post_id not in barred.posts and row.post_id not in bare
        ],
    )


def _barred(con: DuckDBPyConnection, rows: Rows) -> Barred:
    people = {post.author_id for post in rows.posts} | {account.account_id for account in rows.accounts}
    about = ("posts", "post_texts", "post_scope", "observations")
    things = {row.post_id for name in about for row in getattr(rows, name)}
    if not people and not things:
        return Barred(frozenset(), frozenset(), frozenset())
    listed = pa.table({"keyed_id": ids([*people, *(things - people)])})
    with incoming(con, listed, "named"):
        found = con.execute(
            """
            select kind, keyed_id from stored.erased semi join named using (keyed_id)
            union all
            select 'opted out', account_id from stored.opt_outs where account_id in (select keyed_id from named)
            union all
            select 'refusing', account_id from stored.accounts
            where is_refusing and account_id in (select keyed_id from named)
            union all
            select 'group', account_id from stored.group_accounts
            where role = 'group' and account_id in (select keyed_id from named)
            """
        ).fetchall()
    by_kind: dict[str, set[UUID]] = {}
    for kind, keyed_id in found:
        by_kind.setdefault(kind, set()).add(keyed_id)
    told = {account.account_id: account.is_refusing for account in rows.accounts}
    own = by_kind.get("group", set()) | {row.account_id for row in rows.group_accounts if row.role == "group"}
    said_no = {one for one in by_kind.get("refusing", set()) if told.get(one, True)}
    said_no |= {one for one, is_refusing in told.items() if is_refusing}
    return Barred(
        posts=frozenset(by_kind.get("post", set())),
        erased=frozenset(by_kind.get("account", set())),
        refusing=frozenset((said_no - own) | by_kind.get("opted out", set())),
    )


def _may_be_full(con: DuckDBPyConnection, rows: Rows, created_at: Mapping[UUID, datetime]) -> Collection[UUID]:
    """Posts that may be held with their words.

    One post can come twice: by hashtag alone from somebody who gave no yes to search (a card), and as mail to the group
    (with its words). Mail wins, whichever comes first. A card alone never grows words without a new reason to hold it.
    """
    full = {post.post_id for post in rows.posts if not post.is_link_only}
    stored = _stored_as(con, rows.posts, created_at)
    why: dict[UUID, set[str]] = {}
    for row in rows.post_scope:
        why.setdefault(row.post_id, set()).add(row.why)
    agreeing = {account.account_id for account in rows.accounts if account.is_agreeing}
    for post in rows.posts:
        reasons = why.get(post.post_id, set())
        was_card, stored_reasons = stored.get(post.post_id, (None, set()))
        is_mail = bool((reasons | stored_reasons) & _MAIL)
        if post.is_link_only and (was_card is False) and is_mail:
            full.add(post.post_id)
        elif not post.is_link_only and was_card and not is_mail and post.author_id not in agreeing:
            full.discard(post.post_id)
    return full


def _stored_as(
    con: DuckDBPyConnection, posts: list[Post], created_at: Mapping[UUID, datetime]
) -> dict[UUID, tuple[bool, set[str]]]:
    """Of posts that are cards now or were: are they stored as one, and why may they be held?"""
    if not posts:
        return {}
    listed = pa.table(
        {
            "post_id": ids([post.post_id for post in posts]),
            "created_at": times([created_at[post.post_id] for post in posts]),
            "is_card": pa.array([post.is_link_only for post in posts]),
        }
    )
    with incoming(con, listed, "cards"):
        found = con.execute(
            """
            select post.post_id, post.is_link_only, list(distinct scope.why)
            from stored.posts as post
            join cards on cards.post_id = post.post_id and cards.created_at = post.created_at
            left join stored.post_scope as scope on scope.post_id = post.post_id and scope.created_at = post.created_at
            where post.is_link_only or cards.is_card
            group by post.post_id, post.is_link_only
            """
        ).fetchall()
    return {post_id: (is_card, {one for one in why if one}) for post_id, is_card, why in found}
