"""Take away what may not be kept any longer: a person's words, name and addresses. What is left is only counted.

Queries forget at once; the bytes go with the next compaction (compact.py).
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.storage.arrow import as_relation, ids, naive
from warehouse.storage.rows import PostTag

_WORDS = ("stored.post_texts", "stored.post_tags")


def delete_texts(con: DuckDBPyConnection, post_ids: Collection[UUID]) -> None:
    """Remove the text and tags of these posts."""
    if post_ids:
        with _named(con, "leaving", post_ids):
            for table in _WORDS:
                con.execute(f"delete from {table} where post_id in (from leaving)")  # noqa: S608


def delete_tags(con: DuckDBPyConnection, post_ids: Collection[UUID], left: Collection[PostTag]) -> None:
    """These posts were edited: remove the tags they no longer have."""
    if post_ids:
        listed = pa.table(
            {"post_id": ids([row.post_id for row in left]), "tag": pa.array([row.tag for row in left], pa.string())}
        )
        with _named(con, "leaving", post_ids), as_relation(con, listed) as new:
            con.execute(
                f"{new.new} delete from stored.post_tags where post_id in (from leaving)"  # noqa: S608
                " and (post_id, tag) not in (select (post_id, tag) from new)",
                new.params,
            )


def make_link_only(con: DuckDBPyConnection, account_ids: Collection[UUID]) -> set[UUID]:
    """These people said no: their posts become link-only cards, name and address go. Returns the posts that changed.

    A group's own account is left alone: what a group publishes is not somebody's mail to it.
    """
    if not account_ids:
        return set()
    with _named(con, "refusing", account_ids):
        con.execute(
            "update stored.accounts set handle = null, address = null"
            " where account_id in (from refusing) and (handle is not null or address is not null)"
        )
        found = con.execute(
            """
            select post_id from stored.posts where not is_link_only
              and author_id in (from refusing)
              and author_id not in (select account_id from stored.group_accounts where role = 'group')
            """
        ).fetchall()
    changed = {post_id for (post_id,) in found}
    reduce_to_link_only(con, changed)
    return changed


def reduce_to_link_only(con: DuckDBPyConnection, post_ids: Collection[UUID]) -> None:
    """Leave of these posts what a link-only card holds: the verdict, the times, the keyed author.

    What the group itself published keeps its counts.
    """
    if post_ids:
        delete_texts(con, post_ids)
        _traces(con, post_ids)
        with _named(con, "leaving", post_ids):
            con.execute(
                "update stored.verdicts set support_asked = null, support_given = null where post_id in (from leaving)"
            )
            con.execute(
                "update stored.posts set is_link_only = true, has_content_warning = false, has_poll = false,"
                " media_count = 0, alt_text_count = 0 where post_id in (from leaving)"
            )
            con.execute("update stored.post_addresses set uri = null, link = null where post_id in (from leaving)")
        delete_counts(con, post_ids)


def delete_counts(con: DuckDBPyConnection, post_ids: Collection[UUID]) -> None:
    """Remove what was counted of these posts, but for the replies. Not of what the group itself published."""
    if post_ids:
        with _named(con, "uncounted", post_ids):
            con.execute(
                """
                delete from stored.observations where post_id in (
                    select post_id from stored.posts where post_id in (from uncounted)
                      and author_id not in (select account_id from stored.group_accounts where role = 'group'))
                """
            )
            con.execute("update stored.due set counts_total = replies_count where post_id in (from uncounted)")


def delete_posts_content(con: DuckDBPyConnection, post_ids: Collection[UUID]) -> None:
    """Remove the words, addresses and notes of these posts. The row without text or address stays: it is counted."""
    if post_ids:
        delete_texts(con, post_ids)
        _traces(con, post_ids)
        with _named(con, "leaving", post_ids):
            con.execute("delete from stored.post_addresses where post_id in (from leaving)")
            con.execute("delete from stored.due where post_id in (from leaving)")


def unlink_authors(con: DuckDBPyConnection, post_ids: Collection[UUID]) -> None:
    """Nobody can say any more who wrote these posts, nor which posts of other conversations the same person wrote.

    Within its conversation a writer becomes a number drawn by lot, so that an answer stays somebody else's. The group's and
    the team's own accounts stay, and bots, who are nobody. Of a first contact the day stays.
    """
    if not post_ids:
        return
    with _named(con, "leaving", post_ids):
        con.execute(
            """
            create or replace temp table unknown as
            with written as (
                select distinct post.root_id, post.author_id
                from stored.posts as post
                where post.post_id in (from leaving)
                  and post.author_id not in (select account_id from stored.group_accounts)
                  and post.author_id not in (select account_id from stored.accounts where is_bot)
            ),
            still_held as (
                select distinct post.root_id, post.author_id
                from stored.posts as post
                semi join written on post.root_id = written.root_id
                join stored.post_texts as text on post.post_id = text.post_id and post.created_at = text.created_at
            )
            select written.root_id, written.author_id, uuid() as number
            from written
            anti join still_held on written.root_id = still_held.root_id and written.author_id = still_held.author_id
            """
        )
        con.execute(
            """
            insert into stored.first_contacts
            select contact.group_id, unknown.number, contact.post_id, contact.contacted_at
            from stored.first_contacts as contact
            join stored.posts as post on contact.post_id = post.post_id
            join unknown on post.root_id = unknown.root_id and contact.account_id = unknown.author_id
            """
        )
        con.execute(
            """
            update stored.first_contacts set post_id = account_id, contacted_at = date_trunc('day', contacted_at)
            where post_id in (
                select post.post_id
                from stored.posts as post
                join unknown on post.root_id = unknown.root_id and post.author_id = unknown.author_id
            ) and account_id in (select author_id from unknown)
            """
        )
        con.execute(
            "update stored.posts set author_id = unknown.number from unknown"
            " where posts.root_id = unknown.root_id and posts.author_id = unknown.author_id"
        )
        con.execute("drop table temp.unknown")


def delete_names(con: DuckDBPyConnection, account_ids: Collection[UUID]) -> None:
    """Names and addresses of those of these people none of whose words are held any more. Not the groups' own."""
    if account_ids:
        with _named(con, "nameless", account_ids):
            con.execute(
                """
                update stored.accounts set handle = null, address = null
                where account_id in (from nameless)
                  and (handle is not null or address is not null)
                  and account_id not in (select account_id from stored.group_accounts)
                  and account_id not in (
                      select post.author_id
                      from stored.posts as post
                      join stored.post_texts as text on post.post_id = text.post_id and post.created_at = text.created_at
                  )
                """
            )


def _traces(con: DuckDBPyConnection, post_ids: Collection[UUID]) -> None:
    """What says something of the words: which rules fired, in which language, what was quoted."""
    with _named(con, "leaving", post_ids):
        con.execute(
            "update stored.verdicts set rule_ids = []::varchar[], language = null where post_id in (from leaving)"
        )
        con.execute("update stored.posts set language = null, quoted_id = null where post_id in (from leaving)")


def delete_people(con: DuckDBPyConnection, account_ids: Collection[UUID]) -> set[UUID]:
    """These people were erased: words, names and addresses go, the keyed hash stays. Returns their posts."""
    if not account_ids:
        return set()
    make_link_only(con, account_ids)
    with _named(con, "erasing", account_ids):
        found = con.execute("select post_id from stored.posts where author_id in (from erasing)").fetchall()
    theirs = {post_id for (post_id,) in found}
    delete_posts_content(con, theirs)
    reduce_to_link_only(con, theirs)
    return theirs


def mark_deleted(con: DuckDBPyConnection, post_ids: Collection[UUID], now: datetime) -> None:
    """The network says these posts are gone: so are their words here. When is noted, once."""
    if post_ids:
        delete_posts_content(con, post_ids)
        with _named(con, "leaving", post_ids):
            writers = con.execute(
                "select distinct author_id from stored.posts where post_id in (from leaving)"
            ).fetchall()
        delete_names(con, {author_id for (author_id,) in writers})
        with _named(con, "leaving", post_ids):
            con.execute(
                "update stored.posts set deleted_at = $now where deleted_at is null and post_id in (from leaving)",
                {"now": naive(now)},
            )


@contextmanager
def _named(con: DuckDBPyConnection, name: str, keyed_ids: Collection[UUID]) -> Iterator[None]:
    """Keyed ids as a temporary table of one column, for several statements."""
    with as_relation(con, pa.table({"keyed_id": ids(list(keyed_ids))})) as new:
        con.execute(f"create or replace temp table {name} as {new.select}", new.params)
    yield
    con.execute(f"drop table temp.{name}")
