"""Numbers from places without an API: bring a file in, take it back, list what was brought.

What an import brought stays apart under its name, so that taking it back leaves what older files said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime

from duckdb import DuckDBPyConnection

from warehouse.storage.arrow import to_arrow
from warehouse.storage.keys import keyed
from warehouse.storage.rows import Import, ImportedCount


@dataclass(frozen=True, slots=True)
class OfflineCount:
    """One line of a file: a post of the group or a day's tally at a place. Null: not counted."""

    place: str
    what: str
    on: date
    item: str  # the post's own id there; empty for a tally
    likes: int | None = None
    boosts: int | None = None
    replies: int | None = None
    followers: int | None = None
    asks: int | None = None
    answered: int | None = None

    @property
    def name(self) -> str:
        """What a newer file must have the same, to replace this: a post's id, a tally's day."""
        return self.item or self.on.isoformat()


def import_counts(
    con: DuckDBPyConnection, key: bytes, group_id: str, content: bytes, lines: Sequence[OfflineCount], now: datetime
) -> tuple[str, bool]:
    """Store a file, in one transaction; returns the import's id and whether it is new: the same file twice changes nothing."""
    file_key = keyed(key, "import", group_id, content.hex())
    there = con.execute(
        "select import_id from stored.imports where group_id = $group_id and file_key = $file_key",
        {"group_id": group_id, "file_key": file_key},
    ).fetchone()
    if there:
        return there[0], False
    import_id = f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{file_key.hex[:4]}"
    counts = [
        ImportedCount(
            import_id, group_id, one.place, one.what, one.on, keyed(key, "imported", group_id, one.place, one.what, one.name),
            one.likes, one.boosts, one.replies, one.followers, one.asks, one.answered,
        )
        for one in lines
    ]  # fmt: skip
    con.begin()
    try:
        _insert(con, Import, [Import(import_id, group_id, file_key, now, len(lines))])
        _insert(con, ImportedCount, counts)
    except BaseException:
        con.rollback()
        raise
    con.commit()
    return import_id, True


def undo_import(con: DuckDBPyConnection, group_id: str, import_id: str) -> int | None:
    """Take an import back; returns how many lines it had, or None where the group has no such import."""
    where = {"group_id": group_id, "import_id": import_id}
    found = con.execute(
        "select lines_count from stored.imports where group_id = $group_id and import_id = $import_id", where
    ).fetchone()
    if found is None:
        return None
    con.begin()
    try:
        con.execute("delete from stored.imported_counts where group_id = $group_id and import_id = $import_id", where)
        con.execute("delete from stored.imports where group_id = $group_id and import_id = $import_id", where)
    except BaseException:
        con.rollback()
        raise
    con.commit()
    return int(found[0])


def list_imports(con: DuckDBPyConnection, group_id: str) -> list[tuple[str, datetime, int]]:
    """Every import of a group: its id, when (UTC), how many lines; the newest first."""
    found = con.execute(
        "select import_id, imported_at, lines_count from stored.imports where group_id = $group_id order by all desc",
        {"group_id": group_id},
    ).fetchall()
    return [(import_id, at.replace(tzinfo=UTC), lines) for import_id, at, lines in found]


def _insert(
    con: DuckDBPyConnection, kind: type[Import] | type[ImportedCount], rows: Sequence[Import | ImportedCount]
) -> None:
    con.register("importing", to_arrow(kind, rows).drop_columns(["n"]))
    columns = ", ".join(one.name for one in fields(kind))
    con.execute(f"insert into {kind.table} ({columns}) select {columns} from importing")  # noqa: S608 our own names
    con.unregister("importing")
