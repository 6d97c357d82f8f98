"""Erase a person or a post: words, names, addresses, notes, in the warehouse, snapshots, casebook, logs and backups.

The keyed hash stays, so that the person is counted and nothing else, and is not collected again.
"""

import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from duckdb import DuckDBPyConnection

from warehouse.casebook.database import EVENTS, ROTA_EVENTS, TELLINGS
from warehouse.casebook.events import Casebook, open_casebook
from warehouse.casebook.refusals import ERASE_ACCOUNT, ERASE_NAME, ERASE_POST, Refusal, record_refusal
from warehouse.errors import NotPublished
from warehouse.ingest.store import Rows, store
from warehouse.privacy.byte_search import find_in_casebook, find_in_files, find_in_rows
from warehouse.privacy.compact import compact
from warehouse.privacy.name_redaction import IN_SQL, redact_erased_names
from warehouse.privacy.retain import affected_by_retention
from warehouse.privacy.subject import Subject
from warehouse.settings import Settings
from warehouse.snapshots.pointer import snapshot_folder
from warehouse.snapshots.publish import publish
from warehouse.storage import redaction
from warehouse.storage.connection import open_warehouse, warehouse_path
from warehouse.storage.rows import Erased
from warehouse.transform.prepare import prepare

BACKUPS = "backups"  # the folder in the data folder where `mutuals backup` puts them unless told otherwise
_TABLES = ("post_texts", "post_tags", "post_addresses", "due")
_READ_BY_LINES = (".log", ".txt", ".csv", ".jsonl")


@dataclass(frozen=True, slots=True)
class Remains:
    """Where one of the names still stands: table.column → rows, and files."""

    rows: dict[str, int]
    files: list[Path]

    def __bool__(self) -> bool:
        return bool(self.rows or self.files)


def posts_of(con: DuckDBPyConnection, subject: Subject) -> set[UUID]:
    """The held posts of a person; a post by itself."""
    if subject.kind == "post":
        return {subject.keyed_id}
    found = con.execute("select post_id from stored.posts where author_id = $id", {"id": subject.keyed_id}).fetchall()
    return {post_id for (post_id,) in found}


def held_about(con: DuckDBPyConnection, casebook: Casebook, subject: Subject) -> dict[str, int]:
    """How much there is to remove, by what it is."""
    posts = posts_of(con, subject)
    there = con.execute(
        "select count(*) from stored.posts where post_id in (select unnest($ids::uuid[]))", {"ids": list(posts)}
    ).fetchone()
    counts = {"posts": there[0] if there else 0}
    for table in _TABLES:
        row = con.execute(
            f"select count(*) from stored.{table} where post_id in (select unnest($ids::uuid[]))",  # noqa: S608 our own names
            {"ids": list(posts)},
        ).fetchone()
        counts[table.replace("_", " ")] = row[0] if row else 0
    row = con.execute(
        "select count(*) from stored.accounts where account_id = $id and coalesce(handle, address) is not null",
        {"id": subject.keyed_id},
    ).fetchone()
    counts["names"] = row[0] if row else 0
    counts["other people's posts that name them"] = len(_naming(con, subject, posts))
    with casebook.reading() as reading:
        about = sa.select(sa.func.count()).where(EVENTS.c.post_id.in_([str(one) for one in posts]))
        counts["decisions and notes"] = int(reading.execute(about).scalar_one())
    counts["other notes that name them"] = sum(find_in_casebook(casebook, subject.needles).values())
    return counts


def is_ours(con: DuckDBPyConnection, subject: Subject) -> bool:
    """Is it the group's own account, which is not somebody's mail to it?"""
    found = con.execute(
        "select exists (from stored.group_accounts where role = 'group' and account_id = $id)", {"id": subject.keyed_id}
    ).fetchone()
    return bool(found and found[0])


def erase(settings: Settings, con: DuckDBPyConnection, casebook: Casebook, subject: Subject, now: datetime) -> None:
    """Erase in one data folder; `con` is its open warehouse, and nothing is written through it afterwards.

    Safe to do twice, and after an interruption. Raises WarehouseError.
    """
    remove(con, casebook, subject, now)
    _clean_lines(settings.data_dir, subject)
    shutil.rmtree(settings.data_dir / "spill", ignore_errors=True)  # nobody else has the warehouse now
    compact(con, settings)


def remove(con: DuckDBPyConnection, casebook: Casebook, subject: Subject, now: datetime) -> None:
    """What queries can see of it goes, in warehouse and casebook; the warehouse's bytes go when it is compacted."""
    posts = posts_of(con, subject)
    what = ERASE_ACCOUNT if subject.kind == "account" else ERASE_POST
    # first: whatever happens next, they are not collected again
    record_refusal(
        casebook, [Refusal(subject.keyed_id, what, now), *(Refusal(one, ERASE_NAME, now) for one in subject.name_ids)]
    )
    con.begin()
    try:
        erased = [Erased(subject.keyed_id, subject.kind, now), *(Erased(one, "name", now) for one in subject.name_ids)]
        touched = store(con, Rows(erased=erased))
        named = _naming(con, subject, posts)
        names = "|".join(re.escape(needle) for needle in subject.needles) or r"[^\s\S]"
        for column in ("text", "content_warning"):
            cleaned = IN_SQL.format(column=f"regexp_replace({column}, $names, '…', 'gi')")
            con.execute(
                f"update stored.post_texts set {column} = {cleaned}"  # noqa: S608 our own names
                " where post_id in (select unnest($ids::uuid[]))",
                {"ids": list(named), "names": names},
            )
        if subject.kind == "account":
            redaction.delete_people(con, {subject.keyed_id})
        else:
            redaction.delete_posts_content(con, posts)
            redaction.reduce_to_link_only(con, posts)
        con.execute("delete from stored.decisions where post_id in (select unnest($ids::uuid[]))", {"ids": list(posts)})
        touched.update(affected_by_retention(con, posts | named))
        prepare(con, touched, now)
    except BaseException:
        con.rollback()
        raise
    con.commit()
    _erase_decisions(casebook, subject, posts, now)


def republish(settings: Settings, con: DuckDBPyConnection, now: datetime) -> None:
    """A snapshot without them, and no other. If the checks refuse one, pages show nothing rather than somebody who was erased."""
    try:
        publish(con, settings, now, keep=1)
    except NotPublished:
        for path in snapshot_folder(settings).glob("*"):
            path.unlink(missing_ok=True)
        raise


def erase_from_backups(settings: Settings, subject: Subject, now: datetime) -> int:
    """The same in every backup in the usual place. Returns how many. Those elsewhere are cleaned when they are restored."""
    done = 0
    for folder in sorted((settings.data_dir / BACKUPS).glob("*")):
        there = replace(settings, data_dir=folder, casebook_url="")
        if not warehouse_path(there).exists():
            continue
        casebook = open_casebook(there)
        try:
            with open_warehouse(there) as con:
                erase(there, con, casebook, subject, now)
        finally:
            casebook.close()
        done += 1
    return done


def find_remains(settings: Settings, con: DuckDBPyConnection, casebook: Casebook, subject: Subject) -> Remains:
    """The search that proves it: every text column of warehouse and casebook, every file as it lies there."""
    needles = subject.needles
    # our own settings may name a person as a member of the team: that is the group's to change
    files = [path for path in find_in_files(settings.data_dir, needles) if path.suffix != ".toml"]
    return Remains({**find_in_rows(con, needles), **find_in_casebook(casebook, needles)}, files)


def _naming(con: DuckDBPyConnection, subject: Subject, posts: Collection[UUID]) -> set[UUID]:
    """Other people's posts that name them: in full anywhere, by the first part in conversations that they wrote in."""
    if subject.kind != "account":
        return set()
    handles = [needle for needle in subject.needles if not needle.startswith(("http", "did:"))]
    short = sorted({f"@{handle.partition('@')[0]}" for handle in handles if "@" in handle})
    found = con.execute(
        """
        select text.post_id
        from stored.post_texts as text
        join stored.posts as post on text.post_id = post.post_id and text.created_at = post.created_at
        where post.author_id <> $id
          and (
              list_bool_or(list_transform($needles::varchar[], needle -> contains(
                  lower(text.text || ' ' || coalesce(text.content_warning, '')), needle)))
              or (
                  post.root_id in (select root_id from stored.posts where post_id in (select unnest($ids::uuid[])))
                  and list_bool_or(list_transform($short::varchar[], needle -> contains(lower(text.text), needle)))
              )
          )
        """,
        {"id": subject.keyed_id, "needles": handles, "short": short, "ids": list(posts)},
    ).fetchall()
    return {post_id for (post_id,) in found}


def _erase_decisions(casebook: Casebook, subject: Subject, posts: Collection[UUID], now: datetime) -> None:
    """Everything decided about their posts; in what was decided about others, in the rota and in tellings their name."""
    casebook.erase(posts, now)
    gone = {str(one) for one in posts}
    with casebook.writing() as con:
        for table, key, columns in (
            (EVENTS, EVENTS.c.event_id, ("who", "detail")),
            (ROTA_EVENTS, ROTA_EVENTS.c.event_id, ("who", "detail")),
            (TELLINGS, TELLINGS.c.telling_id, ("person", "channel", "failure", "about")),
        ):
            for row in con.execute(sa.select(table)).mappings().all():
                clean = {name: _without(row[name], subject.needles, gone) for name in columns}
                if any(clean[name] != row[name] for name in columns):
                    con.execute(sa.update(table).where(key == row[key.name]).values(**clean))
        casebook.moved(con, now, {"names_removed": True})
    casebook.settle_bytes()


def _without(value: object, needles: Collection[str], gone: Collection[str]) -> object:
    """The same value without the names, and without the ids of posts that are gone."""
    if isinstance(value, str):
        return redact_erased_names(value, needles)
    if isinstance(value, dict):
        return {name: _without(inner, needles, gone) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without(inner, needles, gone) for inner in value if not any(one in str(inner) for one in gone)]
    return value


def _clean_lines(folder: Path, subject: Subject) -> None:
    """Lines that name them, in logs and lists that lie in the data folder. Other files are named to the person who erases."""
    for path in find_in_files(folder, subject.needles):
        if path.suffix not in _READ_BY_LINES:
            continue
        lines = path.read_bytes().splitlines(keepends=True)
        wanted = [needle.encode() for needle in subject.needles]
        path.write_bytes(b"".join(line for line in lines if not any(needle in line.lower() for needle in wanted)))
