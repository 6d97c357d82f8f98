"""Appended changes to what a group wrote down (its rota, its dates): who changed what, when. Nothing is changed in place."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from warehouse.casebook.events import Casebook


def append_change(
    casebook: Casebook, table: sa.Table, group_id: str, who: str, at: datetime, what: str, detail: dict[str, Any]
) -> int:
    """Write one change into a table of changes and return its event id. Raises ValueError: nobody's name is given."""
    if not who.strip():
        raise ValueError("a change needs a name: who makes it?")
    row = {
        "group_id": group_id,
        "at": at.astimezone(UTC).isoformat(),
        "who": who.strip(),
        "what": what,
        "detail": detail,
    }
    with casebook.writing() as con:
        return int(con.execute(sa.insert(table).returning(table.c.event_id), [row]).scalar_one())


def load_change_rows(casebook: Casebook, table: sa.Table, group_id: str) -> list[tuple[int, datetime, str, str, Any]]:
    """All changes of a group, oldest first: event id, when (UTC), who, what, detail."""
    with casebook.reading() as con:
        rows = con.execute(sa.select(table).where(table.c.group_id == group_id).order_by(table.c.event_id)).all()
    return [(row.event_id, datetime.fromisoformat(row.at), row.who, row.what, row.detail) for row in rows]
