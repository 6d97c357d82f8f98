"""Rows for tests, with everything that a test does not care about filled in. All words are made up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from duckdb import DuckDBPyConnection

from warehouse.ingest.store import Rows, Touched, store
from warehouse.storage import rows

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_SPACE = UUID(int=7)


def named(name: str) -> UUID:
    """A keyed id by a name that a test can read."""
    return uuid5(_SPACE, name)


def group(group_id: str = "g", timezone: str = "Europe/London") -> rows.Group:
    return rows.Group(group_id, group_id.title(), timezone, 24, None)


def account(name: str, at: datetime = NOW, **changes: Any) -> rows.Account:
    handle = f"{name}@x.example"
    return replace(
        rows.Account(named(name), "mastodon", handle, f"https://x.example/{name}", False, False, True, at, at),
        **changes,
    )


def post(name: str, by: str = "ann", at: datetime = NOW, **changes: Any) -> rows.Post:
    this = named(name)
    return replace(
        rows.Post(
            post_id=this, network="mastodon", author_id=named(by), created_at=at, indexed_at=None, first_seen_at=at,
            edited_at=None, deleted_at=None, verified_at=NOW, language="en", is_reply=False, parent_id=None, root_id=this,
            quoted_id=None, has_content_warning=False, has_poll=False, media_count=0, alt_text_count=0, is_link_only=False,
            is_hidden=False, is_imported=False,
        ),
        **changes,
    )  # fmt: skip


def whole(
    name: str, by: str = "ann", at: datetime = NOW, *, why: str = "mention", text: str = "hello", **changes: Any
) -> Rows:
    """A post with all that is stored about one, by somebody, for group g."""
    this = post(name, by, at, **changes)
    out = Rows(
        posts=[this],
        accounts=[account(by, at=this.verified_at)],
        post_scope=[scope(name, at, why)],
        post_addresses=[
            rows.PostAddress(this.post_id, at, "mastodon", "x.example", name, f"uri/{name}", f"link/{name}")
        ],
        observations=[reading(name, this.verified_at)],
        verdicts=[rows.Verdict(this.post_id, at, "1", "en", True, 1.0, True, True, False, ("r1", "r2"), None, None)],
    )
    if not this.is_link_only:
        out.post_texts = [rows.PostText(this.post_id, at, text, None)]
        out.post_tags = [rows.PostTag(this.post_id, at, "carers")]
    return out


def scope(name: str, at: datetime = NOW, why: str = "mention", group_id: str = "g") -> rows.PostScope:
    return rows.PostScope(group_id, named(name), why, at, at.date(), at.hour, at.isoweekday())


def reading(
    name: str, at: datetime = NOW, likes: int = 0, server: str = "x.example", **changes: Any
) -> rows.Observation:
    return replace(rows.Observation(named(name), server, at, 0, 0, likes, None, None, False), **changes)


def kept(con: DuckDBPyConnection, batch: Rows) -> Touched:
    """Store in a transaction of its own."""
    con.begin()
    touched = store(con, batch)
    con.commit()
    return touched


def dump(con: DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every stored table."""
    tables = con.execute("select table_name from duckdb_tables() where schema_name = 'stored' order by 1").fetchall()
    return {name: con.execute(f"select * from stored.{name} order by all").fetchall() for (name,) in tables}


def all_of(con: DuckDBPyConnection, columns: str, table: str) -> list[tuple[Any, ...]]:
    """Some columns of a stored table, in order."""
    return con.execute(f"select {columns} from stored.{table} order by all").fetchall()
