"""The last line of defence: what must not be stored is dropped or reduced here, whatever the gate let through.

Nobody who was erased or said no comes back, and a link-only card never has words. A group's own account is the group.
People and posts are named by the numbers of their ids, as in places.py.
"""

from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.ingest.post_times import StoredTimes
from warehouse.storage.arrow import as_relation, ids, numbers, plain_rows, times
from warehouse.storage.batch import Rows

_MAIL = frozenset({"own", "reply", "mention", "quote", "thread"})  # reasons to hold a post that need no yes to search
_ABOUT = ("post_scope", "observations", "interactions", "verdicts", "thread_reads", "due", "first_contacts")


@dataclass(frozen=True, slots=True)
class Barred:
    """Who and what may not come back."""

    posts: frozenset[int]  # erased: nothing of them
    erased: frozenset[int]  # people: counted only
    refusing: frozenset[int]  # people: link-only cards
    is_anybody_erased: bool = False


def admit(con: DuckDBPyConnection, rows: Rows, places: StoredTimes) -> Rows:
    """The rows that may be stored, as far as they may."""
    if not (rows.posts or rows.accounts or places.created_at):
        return rows
    barred = _barred(con, rows, places)
    rows = _about_their_own(con, rows, places)
    cards = _cards(con, rows, places)
    theirs = barred.erased | barred.refusing
    if theirs:
        cards |= {post.post_id.int for post in rows.posts if post.author_id.int in theirs}
    if not (
        cards
        or places.cards
        or barred.posts
        or theirs
        or barred.is_anybody_erased
        or any(post.is_link_only for post in rows.posts)
    ):
        return rows
    posts = [_as_card(post) if post.post_id.int in cards else replace(post, is_link_only=False) for post in rows.posts]
    cards |= places.cards - {post.post_id.int for post in rows.posts}
    return _without(con, places, rows, posts, barred, cards)


def _without(
    con: DuckDBPyConnection, places: StoredTimes, rows: Rows, posts: list[Any], barred: Barred, cards: set[int]
) -> Rows:
    """Take out what belongs to erased posts, the words of cards, and names and addresses of those who said no."""
    nameless = barred.erased | barred.refusing
    bare = (
        barred.posts
        | _of_erased(con, rows, places)
        | {post.post_id.int for post in posts if post.author_id.int in barred.erased}
    )
    given = {row.post_id.int for row in rows.post_addresses if row.uri is not None}  # addresses written as for mail
    named = given & {post.post_id.int for post in posts if post.is_link_only}
    wordless = barred.posts | cards
    about = {name: [row for row in getattr(rows, name) if row.post_id.int not in barred.posts] for name in _ABOUT}
    about["due"] = [
        _of_card(row) if row.post_id.int in cards else row for row in about["due"] if row.post_id.int not in bare
    ]
    uncounted = wordless - {row.post_id.int for row in rows.post_scope if row.why == "own"}
    about["observations"] = [row for row in about["observations"] if row.post_id.int not in uncounted]
    about["verdicts"] = [_bare(row) if row.post_id.int in cards else row for row in about["verdicts"]]
    return replace(
        rows,
        **about,
        posts=[post for post in posts if post.post_id.int not in barred.posts],
        accounts=[
            replace(row, handle=None, address=None) if row.account_id.int in nameless else row for row in rows.accounts
        ],
        post_texts=[row for row in rows.post_texts if row.post_id.int not in wordless],
        post_tags=[row for row in rows.post_tags if row.post_id.int not in wordless],
        post_addresses=[
            replace(row, uri=None, link=None) if row.post_id.int in named else row
            for row in rows.post_addresses
            if row.post_id.int not in bare
        ],
    )


def _as_card(post: Any) -> Any:
    known_accounts = {"language": None, "quoted_id": None, "has_content_warning": False, "has_poll": False}
    return replace(post, is_link_only=True, media_count=0, alt_text_count=0, **known_accounts)


def _of_erased(con: DuckDBPyConnection, rows: Rows, places: StoredTimes) -> set[int]:
    """Held posts of erased people about which a note comes: a cycle that was under way still had them on its list."""
    noted = {row.post_id.int for row in rows.due} & places.held
    if not noted:
        return set()
    with as_relation(con, pa.table({"post_id": numbers(noted)})) as new:
        found = con.execute(
            f"{new.new} select post.post_id from stored.posts as post join new using (post_id)"  # noqa: S608
            " where author_id in (select keyed_id from stored.erased where kind = 'account')",
            new.params,
        ).fetchall()
    return {post_id.int for (post_id,) in found}


def _bare(row: Any) -> Any:
    """The verdict alone, not what it was made of."""
    return replace(row, rule_ids=(), language=None, support_asked=None, support_given=None)


def _of_card(row: Any) -> Any:
    """When to look again, by the number of replies alone."""
    return replace(row, counts_total=row.replies_count)


def _about_their_own(con: DuckDBPyConnection, rows: Rows, places: StoredTimes) -> Rows:
    """Take out posts that are held as somebody else's: retention has taken the author off, or a server lies about one."""
    known = [post for post in rows.posts if post.post_id.int in places.held]
    if not known:
        return rows
    listed = pa.table(
        {
            "post_id": ids([post.post_id for post in known]),
            "created_at": times([places.created_at[post.post_id.int] for post in known]),
            "author_id": ids([post.author_id for post in known]),
        }
    )
    with as_relation(con, listed) as new:
        found = con.execute(
            f"{new.new} select post.post_id from new join stored.posts as post"  # noqa: S608
            " on post.post_id = new.post_id and post.created_at = new.created_at and post.author_id <> new.author_id",
            new.params,
        ).fetchall()
    if not found:
        return rows
    others = {post_id for (post_id,) in found}
    about = ("posts", "post_texts", "post_tags", "post_addresses", *_ABOUT)
    return replace(rows, **{name: [row for row in getattr(rows, name) if row.post_id not in others] for name in about})


def _barred(con: DuckDBPyConnection, rows: Rows, places: StoredTimes) -> Barred:
    people = {*plain_rows(("author_id",), rows.posts), *plain_rows(("account_id",), rows.accounts)}
    posts: frozenset[int] = frozenset()
    if con.execute("select exists (from stored.erased where kind = 'post')").fetchall() == [(True,)]:
        erased = con.execute("select keyed_id from stored.erased where kind = 'post'").fetchall()
        posts = frozenset(post_id.int for (post_id,) in erased) & places.created_at.keys()
    with as_relation(con, pa.table({"account_id": numbers(people)})) as new:
        found = con.execute(
            f"""
            {new.new}
            select kind, keyed_id from stored.erased join new on account_id = keyed_id where kind = 'account'
            union all
            select 'opted out', account_id from stored.opt_outs join new using (account_id)
            union all
            select 'refusing', account_id from stored.accounts join new using (account_id) where is_refusing
            union all
            select 'group', account_id from stored.group_accounts join new using (account_id) where role = 'group'
            """,  # noqa: S608
            new.params,
        ).fetchall()
    of: dict[str, set[int]] = {"account": set(), "opted out": set(), "refusing": set(), "group": set()}
    for kind, keyed_id in found:
        of[kind].add(keyed_id.int)
    says_no = {row.account_id.int for row in rows.accounts if row.is_refusing}
    known_accounts = set(plain_rows(("account_id",), rows.accounts))
    own = of["group"] | {row.account_id.int for row in rows.group_accounts if row.role == "group"}
    refusing = ((of["refusing"] - known_accounts) | says_no) - own
    is_anybody = con.execute("select exists (from stored.erased where kind = 'account')").fetchall() == [(True,)]
    return Barred(posts, frozenset(of["account"]), frozenset(refusing | of["opted out"]), is_anybody)


def _cards(con: DuckDBPyConnection, rows: Rows, places: StoredTimes) -> set[int]:
    """Posts of this batch that may be held as link-only cards at most.

    One post can come twice: by hashtag alone from somebody who gave no yes to search (a card), and as mail to the group
    (with its words). Mail wins, whichever comes first. A card never grows words without a new reason to hold it.
    """
    now_card = {post.post_id.int for post in rows.posts if post.is_link_only}
    if not now_card and not places.cards:
        return now_card
    now_full = {post.post_id.int for post in rows.posts if not post.is_link_only}
    was_card, was_full = places.cards, places.held - places.cards
    in_doubt = (now_card & (now_full | was_full)) | (now_full & was_card)
    if not in_doubt:
        return now_card
    mail = {row.post_id.int for row in rows.post_scope if row.why in _MAIL} | _held_as_mail(con, in_doubt)
    agreeing = {row.account_id.int for row in rows.accounts if row.is_agreeing}
    agreed = {post.post_id.int for post in rows.posts if post.author_id.int in agreeing}
    still_card = {one for one in now_full & was_card if one not in mail | agreed}
    return {one for one in now_card if one not in mail or one not in now_full | was_full} | still_card


def _held_as_mail(con: DuckDBPyConnection, posts: set[int]) -> set[int]:
    with as_relation(con, pa.table({"post_id": numbers(posts)})) as new:
        found = con.execute(
            f"{new.new} select distinct post_id from stored.post_scope join new using (post_id)"  # noqa: S608
            " where why in (select unnest($mail))",
            {**new.params, "mail": sorted(_MAIL)},
        ).fetchall()
    return {post_id.int for (post_id,) in found}
