"""All that is held about one person, for that person: `mutuals subject-export`. In plain names, with times in UTC."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from duckdb import DuckDBPyConnection

from warehouse.casebook.database import EVENTS
from warehouse.casebook.events import Casebook
from warehouse.casebook.refusals import load_refusals
from warehouse.privacy.erase import posts_of
from warehouse.privacy.subject import Subject

_ABOUT_POSTS = (
    "posts", "post_texts", "post_tags", "post_addresses", "post_scope", "verdicts", "observations", "thread_reads", "due",
    "decisions",
)  # fmt: skip
_ABOUT_PEOPLE = ("accounts", "first_contacts", "interactions", "opt_outs", "group_accounts", "account_snapshots")


def export_subject(con: DuckDBPyConnection, casebook: Casebook, subject: Subject, now: datetime) -> dict[str, Any]:
    """Every row about them, by table. Other people's words are not theirs: of posts that name them there is the number."""
    posts = posts_of(con, subject)
    export: dict[str, Any] = {
        "about": "Everything that Mutuals holds about this person, or this post. Ids are keyed hashes. Times are in UTC.",
        "as at": now.isoformat(timespec="seconds"),
        "keyed id": str(subject.keyed_id),
    }
    for table in _ABOUT_POSTS:
        export[table] = _rows(con, table, "post_id in (select unnest($ids::uuid[]))", ids=list(posts))
    if subject.kind == "account":
        for table in _ABOUT_PEOPLE:
            export[table] = _rows(con, table, "account_id = $id", id=subject.keyed_id)
    export["erased"] = _rows(con, "erased", "keyed_id = $id", id=subject.keyed_id)
    export["wishes"] = [
        {"what": one.what, "at": one.at.isoformat()}
        for one in load_refusals(casebook)
        if one.keyed_id == subject.keyed_id
    ]
    with casebook.reading() as reading:
        about = sa.select(EVENTS).where(EVENTS.c.post_id.in_([str(one) for one in posts])).order_by(EVENTS.c.event_id)
        export["decisions and notes"] = [dict(row) for row in reading.execute(about).mappings()]
    named = con.execute(
        "select count(*) from stored.post_texts where list_bool_or(list_transform($needles::varchar[],"
        " needle -> contains(lower(text), needle))) and post_id not in (select unnest($ids::uuid[]))",
        {"needles": list(subject.needles), "ids": list(posts)},
    ).fetchone()
    export["other people's posts that name them"] = named[0] if named else 0
    return export


def _rows(con: DuckDBPyConnection, table: str, where: str, **params: Any) -> list[dict[str, Any]]:
    found = con.execute(f"select * from stored.{table} where {where} order by all", params)  # noqa: S608 our own names
    names = [name for name, *_ in found.description]
    return [{name: _plain(value) for name, value in zip(names, row, strict=True)} for row in found.fetchall()]


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, float, bool, str, list, type(None))) else str(value)
