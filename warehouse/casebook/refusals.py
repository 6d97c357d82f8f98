"""Who opted out or was erased, in the casebook, as keyed ids: it outlives the warehouse, and a restored backup follows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from warehouse.casebook.database import REFUSALS
from warehouse.casebook.events import Casebook
from warehouse.storage.batch import Rows
from warehouse.storage.rows import Erased, OptOut

OPT_OUT, TAKE_BACK, ERASE_ACCOUNT, ERASE_POST = "opt out", "take back", "erase account", "erase post"
ERASE_NAME = "erase name"  # of whoever was erased: mentions.py
_ERASING = {ERASE_ACCOUNT: "account", ERASE_POST: "post", ERASE_NAME: "name"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing somebody wished. `what` is one of those above; the last about an id counts, an erasure always."""

    keyed_id: UUID
    what: str
    at: datetime


def load_refusals(casebook: Casebook) -> list[Refusal]:
    """All of them, oldest first."""
    with casebook.reading() as con:
        found = con.execute(sa.select(REFUSALS).order_by(REFUSALS.c.refusal_id)).all()
    return [Refusal(UUID(row.keyed_id), row.what, datetime.fromisoformat(row.at)) for row in found]


def record_refusal(casebook: Casebook, wishes: Iterable[Refusal]) -> int:
    """Write down what is not there yet. Returns how many were new. The casebook's version moves, so that collectors look."""
    there = load_refusals(casebook)
    known = {(one.keyed_id, one.what, one.at) for one in there}
    new = [one for one in wishes if (one.keyed_id, one.what, one.at) not in known]
    if not new:
        return 0
    listed = [
        {"keyed_id": str(one.keyed_id), "what": one.what, "at": one.at.astimezone(UTC).isoformat()} for one in new
    ]
    with casebook.writing() as con:
        con.execute(sa.insert(REFUSALS), listed)
        casebook.moved(con, new[-1].at, {"refusals_count": len(new)})
    return len(new)


def current_refusals(wishes: Iterable[Refusal]) -> tuple[Rows, set[UUID]]:
    """Rows for the warehouse as the wishes stand, and the ids whose opting out was taken back."""
    last: dict[UUID, Refusal] = {}
    erased: dict[tuple[UUID, str], Refusal] = {}
    for one in sorted(wishes, key=lambda wish: wish.at):
        if one.what in _ERASING:
            erased.setdefault((one.keyed_id, _ERASING[one.what]), one)
        else:
            last[one.keyed_id] = one
    out = Rows(
        opt_outs=[OptOut(one.keyed_id, one.at) for one in last.values() if one.what == OPT_OUT],
        erased=[Erased(keyed_id, kind, one.at) for (keyed_id, kind), one in erased.items()],
    )
    return out, {one.keyed_id for one in last.values() if one.what == TAKE_BACK}
