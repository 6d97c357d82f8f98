"""How long other people's words are kept, and what follows when the network says that a post is gone.

Queries forget at once; the bytes go with the next compaction (compact.py), which runs daily.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from duckdb import DuckDBPyConnection

from warehouse.ingest.affected import AffectedCollector, affected_by
from warehouse.ingest.post_times import NOWHERE
from warehouse.settings import Group
from warehouse.storage import redaction
from warehouse.storage.arrow import naive
from warehouse.storage.batch import Touched

WHEN_NOBODY_SAYS = 90  # days, for posts of a group that left mutuals.toml
_INTERACTIONS = timedelta(days=100)
_TOPIC_SEEN = timedelta(days=8)


def delete_posts(con: DuckDBPyConnection, post_ids: Collection[UUID], now: datetime) -> Touched:
    """These posts were taken down on the network (two misses an hour apart): their words and addresses go here too.

    The row stays and is marked, so that counts do not fall. Seen again later, the post returns. Returns what changed.
    """
    redaction.mark_deleted(con, post_ids, now)
    return affected_by_retention(con, post_ids)


def withhold(con: DuckDBPyConnection, post_ids: Collection[UUID]) -> Touched:
    """These posts are not to be shown to everybody, says their author: a card stays of each. Returns what changed."""
    redaction.reduce_to_link_only(con, post_ids)
    return affected_by_retention(con, post_ids)


def retain(con: DuckDBPyConnection, groups: Iterable[Group], now: datetime) -> Touched:
    """Remove other people's words, names and addresses when their conversation has been quiet for the group's retention.

    One row stays of each post: times, state and kind, without text or author. Returns what changed.
    """
    groups = list(groups)
    post_ids = expired_posts(con, groups, now)
    redaction.delete_posts_content(con, post_ids)
    redaction.unlink_authors(con, post_ids)
    _forget_names(con, now - timedelta(days=_shortest(groups)))
    con.execute("delete from stored.interactions where first_seen_at < $before", {"before": naive(now - _INTERACTIONS)})
    con.execute("delete from stored.topic_seen where seen_at < $before", {"before": naive(now - _TOPIC_SEEN)})
    return affected_by_retention(con, post_ids)


def expired_posts(con: DuckDBPyConnection, groups: Iterable[Group], now: datetime) -> set[UUID]:
    """Posts whose words or addresses are to go now: their conversation has been quiet for the group's retention.

    What the group itself published stays. A post in several groups goes with the most patient one.
    """
    groups = list(groups)
    days = {group.id: group.retention_days for group in groups}
    found = con.execute(
        """
        with others as (
            select text.post_id, post.root_id
            from stored.post_texts as text
            join stored.posts as post on post.post_id = text.post_id and post.created_at = text.created_at
            where text.created_at < $before
              and post.author_id not in (select account_id from stored.group_accounts where role = 'group')
            union
            select address.post_id, post.root_id
            from stored.post_addresses as address
            join stored.posts as post on post.post_id = address.post_id and post.created_at = address.created_at
            where address.created_at < $before
              and post.author_id not in (select account_id from stored.group_accounts where role = 'group')
        ),
        quiet_since as (
            select root_id, max(created_at) as last_at from stored.posts semi join others using (root_id) group by root_id
        ),
        patience as (
            select unnest($group_ids::varchar[]) as group_id, unnest($days::integer[]) as days
        ),
        kept_for as (
            select others.post_id, max(coalesce(patience.days, $otherwise)) as days
            from others
            left join stored.post_scope as scope on scope.post_id = others.post_id
            left join patience on patience.group_id = scope.group_id
            group by others.post_id
        )
        select others.post_id
        from others
        join quiet_since using (root_id)
        join kept_for using (post_id)
        where quiet_since.last_at + to_days(kept_for.days) < $now
        """,
        {
            "before": naive(now - timedelta(days=_shortest(groups))),
            "now": naive(now),
            "group_ids": list(days),
            "days": list(days.values()),
            "otherwise": WHEN_NOBODY_SAYS,
        },
    ).fetchall()
    return {post_id for (post_id,) in found}


def _shortest(groups: Iterable[Group]) -> int:
    return min([WHEN_NOBODY_SAYS, *(group.retention_days for group in groups)])


def _forget_names(con: DuckDBPyConnection, before: datetime) -> None:
    """Names and addresses of people none of whose words are held any more, and who were not just met."""
    con.execute(
        """
        update stored.accounts set handle = null, address = null
        where (handle is not null or address is not null)
          and first_seen_at < $before
          and account_id not in (select account_id from stored.group_accounts)
          and account_id not in (
              select post.author_id
              from stored.posts as post
              join stored.post_texts as text on post.post_id = text.post_id and post.created_at = text.created_at
          )
        """,
        {"before": naive(before)},
    )


def affected_by_retention(con: DuckDBPyConnection, post_ids: Collection[UUID]) -> Touched:
    """What must be prepared anew because something about these posts changed."""
    return affected_by(con, AffectedCollector(loud={one.int for one in post_ids}), NOWHERE)
