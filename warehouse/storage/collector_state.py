"""What the collectors need to know of the past, and where they leave their notes for the next cycle.

What grows is read by a time or by a list of ids, so that a cycle's cost follows what is due and not what is stored; only the
small tables (feeds, refusals, accounts) are read whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from duckdb import DuckDBPyConnection

from warehouse.storage import rows
from warehouse.storage.arrow import naive
from warehouse.storage.batch import Rows, Touched

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A held post as the gate needs to know it."""

    server_post_id: str
    post_id: UUID
    root_id: UUID
    parent_id: UUID | None
    created_at: datetime
    is_own: bool
    is_aside: bool = False  # only held because it stands in a conversation
    is_tagged: bool = False  # found by the group's hashtag alone


@dataclass(frozen=True, slots=True)
class Refused:
    """Keyed ids of people who opted out or whose profile said no when it was last told, and of people and posts erased."""

    opted_out: frozenset[UUID]
    erased: frozenset[UUID]
    said_no: frozenset[UUID] = frozenset()


def load_sources(con: DuckDBPyConnection) -> dict[str, rows.Source]:
    """Where each feed stands."""
    return {one.source_id: one for one in _rows(con, rows.Source, "select {columns} from stored.sources")}


def load_due(con: DuckDBPyConnection, now: datetime, limit: int = 5000) -> list[rows.Due]:
    """Posts to look at again, longest overdue first."""
    sql = "select {columns} from stored.due where next_at <= $now order by next_at limit $limit"
    return _rows(con, rows.Due, sql, now=naive(now), limit=limit)


def due_of_posts(
    con: DuckDBPyConnection, post_ids: Iterable[UUID], since: datetime
) -> dict[tuple[UUID, str, str], rows.Due]:
    """The notes about these posts, by (post_id, server, kind). `since`: no post among them is older."""
    sql = "select {columns} from stored.due where created_at >= $since and post_id in (select unnest($ids))"
    found = _rows(con, rows.Due, sql, since=naive(since), ids=list(post_ids))
    return {(one.post_id, one.server, one.kind): one for one in found}


def set_due(con: DuckDBPyConnection, due: rows.Due, until: datetime) -> None:
    """Look at this post again at another time than noted."""
    con.execute(
        "update stored.due set next_at = $next_at"
        " where created_at = $created_at and post_id = $post_id and server = $server and kind = $kind",
        {
            "next_at": naive(until),
            "created_at": naive(due.created_at),
            "post_id": due.post_id,
            "server": due.server,
            "kind": due.kind,
        },
    )


def last_observation(con: DuckDBPyConnection, post_id: UUID, server: str, since: datetime) -> rows.Observation | None:
    """The last reading of a post's counts at this server. `since`: the post's own time."""
    sql = (
        "select {columns} from stored.observations"
        " where observed_at >= $since and post_id = $post_id and server = $server order by observed_at desc limit 1"
    )
    found = _rows(con, rows.Observation, sql, since=naive(since), post_id=post_id, server=server)
    return found[0] if found else None


def load_uris(con: DuckDBPyConnection, post_ids: Sequence[UUID], since: datetime) -> dict[str, str]:
    """server_post_id → uri of these posts, where it may be kept."""
    found = con.execute(
        "select server_post_id, uri from stored.post_addresses"
        " where created_at >= $since and uri is not null and post_id in (select unnest($ids))",
        {"since": naive(since), "ids": list(post_ids)},
    ).fetchall()
    return dict(found)


def load_heads(con: DuckDBPyConnection, since: datetime) -> dict[str, frozenset[str]]:
    """group/network/server → the newest posts held from there: a page of only these is the end of what is new."""
    found = con.execute(
        """
        select scope.group_id || '/' || address.network || '/' || address.server,
               list(distinct address.server_post_id)
        from stored.post_addresses as address
        join stored.post_scope as scope using (post_id)
        where address.created_at >= $since and scope.created_at >= $since
        group by 1
        """,
        {"since": naive(since)},
    ).fetchall()
    return {source: frozenset(ids) for source, ids in found}


def find_held_posts(
    con: DuckDBPyConnection, group_id: str, network: str, server: str, server_post_ids: Iterable[str], since: datetime
) -> dict[str, HeldPost]:
    """Which of these posts the warehouse holds for this group. `since`: none of them is older."""
    found = con.execute(
        """
        with address as (
            select server_post_id, post_id
            from stored.post_addresses
            where created_at >= $since and network = $network and server = $server
              and server_post_id in (select unnest($ids))
        ),
        scope as (
            select post_id, bool_or(why = 'own') as is_own, bool_and(why = 'thread') as is_aside,
                   bool_and(why = 'hashtag') as is_tagged
            from stored.post_scope
            where created_at >= $since and group_id = $group_id and post_id in (select post_id from address)
            group by post_id
        )
        select address.server_post_id, post.post_id, post.root_id, post.parent_id, post.created_at, scope.is_own,
               scope.is_aside, scope.is_tagged
        from address
        join scope using (post_id)
        join stored.posts as post using (post_id)
        where post.created_at >= $since
        """,
        {
            "since": naive(since),
            "network": network,
            "server": server,
            "group_id": group_id,
            "ids": list(server_post_ids),
        },
    ).fetchall()
    return {
        row[0]: HeldPost(row[0], row[1], row[2], row[3], row[4].replace(tzinfo=UTC), row[5], row[6], row[7])
        for row in found
    }


def load_own_posts(con: DuckDBPyConnection, group_id: str, post_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these are the group's own posts (a quote may point at an old one: not bounded by time)."""
    found = con.execute(
        "select post_id from stored.post_scope where group_id = $group_id and why = 'own' and post_id in (select unnest($ids))",
        {"group_id": group_id, "ids": list(post_ids)},
    ).fetchall()
    return {row[0] for row in found}


def load_open_roots(con: DuckDBPyConnection, root_ids: Iterable[UUID], since: datetime) -> dict[UUID, datetime]:
    """Conversations in which somebody waits → the last word of whoever wrote last among those who do.

    Somebody waits: a request or candidate without an answer, or whose answers were all flagged as misleading or hostile, or
    whose writer came back after them. A person's mark wins over the rules. `since`: their last word is not older.
    """
    found = con.execute(
        """
        with asks as (
            select addressed_posts.*
            from prepared.addressed_posts
            left join stored.decisions as said using (group_id, post_id)
            where addressed_posts.last_word_at >= $since
              and addressed_posts.root_id in (select unnest($ids))
              and addressed_posts.deleted_at is null
              and coalesce(said.is_request, addressed_posts.is_possible)
              and said.outcome is null
        ),
        answered as (
            select asks.group_id, asks.post_id, max(answers.answered_at) as last_at
            from asks
            join prepared.answers on asks.group_id = answers.group_id and asks.post_id = answers.request_id
            left join stored.decisions as flags on answers.group_id = flags.group_id and answers.post_id = flags.post_id
            where not answers.is_rule_counted and coalesce(flags.flag, '') not in ('misleading', 'hostile')
            group by asks.group_id, asks.post_id
        )
        select asks.root_id, max(asks.last_word_at)
        from asks
        left join answered using (group_id, post_id)
        where answered.last_at is null or (asks.came_back_at > answered.last_at and not asks.is_last_word_thanks)
        group by asks.root_id
        """,
        {"since": naive(since), "ids": list(root_ids)},
    ).fetchall()
    return {root_id: last_word_at.replace(tzinfo=UTC) for root_id, last_word_at in found}


def load_refused(con: DuckDBPyConnection) -> Refused:
    """Everybody and everything that must not be collected again."""
    opted_out = con.execute("select account_id from stored.opt_outs").fetchall()
    erased = con.execute("select keyed_id from stored.erased").fetchall()
    said_no = con.execute("select account_id from stored.accounts where is_refusing").fetchall()
    return Refused(*(frozenset(row[0] for row in found) for found in (opted_out, erased, said_no)))


def let_back_in(con: DuckDBPyConnection, account_ids: Iterable[UUID]) -> None:
    """These people took their opting out back. Their cards become posts again as they are read again."""
    if listed := list(account_ids):
        con.execute("delete from stored.opt_outs where account_id in (select unnest($ids::uuid[]))", {"ids": listed})


def load_bluesky_keys(con: DuckDBPyConnection) -> dict[str, str]:
    """Handle → DID of the groups' own and team accounts that were resolved before."""
    found = con.execute(
        """
        select account.handle, account.address
        from stored.accounts as account
        join stored.group_accounts using (account_id)
        where account.network = 'bluesky' and account.handle is not null and account.address is not null
        """
    ).fetchall()
    return dict(found)


def record_thread_failure(con: DuckDBPyConnection, root_id: UUID, server: str, reason: str, now: datetime) -> None:
    """The last attempt to read this conversation did not work: what we hold of it may be old, or was never read whole."""
    told = {"now": naive(now), "reason": reason, "root_id": root_id, "server": server}
    con.execute(
        "update stored.thread_reads set attempted_at = $now, is_ok = false, reason = $reason"
        " where root_id = $root_id and server = $server",
        told,
    )
    con.execute(
        """
        insert into stored.thread_reads (post_id, root_id, created_at, server, attempted_at, is_ok, reason)
        select post_id, root_id, created_at, $server, $now, false, $reason
        from stored.posts
        where root_id = $root_id and post_id not in (select post_id from stored.thread_reads where root_id = $root_id)
        """,
        told,
    )


def record_collecting_start(con: DuckDBPyConnection, now: datetime) -> None:
    """From its first complete reading on, a group counts as collected."""
    con.execute(
        "update stored.groups set collecting_since_at = $now where collecting_since_at is null"
        " and group_id in (select group_id from stored.coverage where is_complete)",
        {"now": naive(now)},
    )


def forget_sources(con: DuckDBPyConnection, groups: Iterable[str], named: Iterable[str]) -> None:
    """Take out the feeds of these groups that the settings no longer name: nobody would ever finish reading them."""
    con.execute(
        "delete from stored.sources where group_id in (select unnest($groups::varchar[]))"
        " and source_id not in (select unnest($named::varchar[]))",
        {"groups": list(groups), "named": list(named)},
    )


def remove_groups_except(con: DuckDBPyConnection, named: Rows) -> Touched:
    """Take out accounts of these groups, and decisions, that are no longer in the settings or the casebook.

    Returns what changed: the conversations of those accounts and decisions.
    """
    accounts = [f"{row.group_id}/{row.account_id}" for row in named.group_accounts]
    left = con.execute(
        "delete from stored.group_accounts where group_id in (select unnest($groups::varchar[]))"
        " and group_id || '/' || account_id::varchar not in (select unnest($accounts::varchar[])) returning account_id",
        {"groups": [row.group_id for row in named.groups], "accounts": accounts},
    ).fetchall()
    erased = con.execute(
        "delete from stored.decisions"
        " where group_id || '/' || post_id::varchar not in (select unnest($decided::varchar[])) returning post_id",
        {"decided": [f"{row.group_id}/{row.post_id}" for row in named.decisions]},
    ).fetchall()
    if not (left or erased):
        return Touched()
    found = con.execute(
        "select distinct root_id from stored.posts"
        " where author_id in (select unnest($authors::uuid[])) or post_id in (select unnest($posts::uuid[]))",
        {"authors": [row[0] for row in left], "posts": [row[0] for row in erased]},
    ).fetchall()
    return Touched(roots={row[0] for row in found})


def load_topic_seen(con: DuckDBPyConnection, group_id: str, tag: str, keys: Iterable[UUID]) -> set[UUID]:
    """Which of these posts were counted for the topic before."""
    found = con.execute(
        "select post_key from stored.topic_seen where group_id = $group_id and tag = $tag and post_key in (select unnest($keys))",
        {"group_id": group_id, "tag": tag, "keys": list(keys)},
    ).fetchall()
    return {row[0] for row in found}


def _rows(con: DuckDBPyConnection, kind: type[_Row], sql: str, **params: Any) -> list[_Row]:
    columns = ", ".join(field.name for field in fields(kind))  # type: ignore[arg-type]
    found = con.execute(sql.format(columns=columns), params).fetchall()
    return [kind(*(_aware(value) for value in row)) for row in found]


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
