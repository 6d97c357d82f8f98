"""Who was told that people wait, when, and whether it arrived: kept in the casebook, so that nobody is told twice.

A telling is one line of one message: one person, one channel, one group. It is written down as broken off before the message
goes out and set right after, so that a crash in between is a failed try and never a second message at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from warehouse.casebook.database import TELLINGS
from warehouse.casebook.events import Casebook

BROKE_OFF = "it broke off"
WEEKLY = "weekly-mail"  # the channel of the weekly mail, which is no line of secrets.toml
TRIES_WITHIN = timedelta(hours=1)
_KEPT = timedelta(days=60)  # a request waits for 30 days at most


@dataclass(frozen=True, slots=True)
class Notification:
    """One line of one message. `about` names the waits it told of; `failure` is '' when it arrived."""

    person: str
    channel: str  # the name of a secret, never the address
    group_id: str
    at: datetime
    kind: str  # 'late', 'night', 'digest', 'test', 'weekly'
    waiting_count: int
    about: tuple[str, ...] = ()
    failure: str = BROKE_OFF


@dataclass(frozen=True, slots=True)
class DeliveryFailure:
    """Somebody could not be told, for an hour or longer."""

    person: str
    channel: str
    since: datetime
    reason: str


def load_notifications(casebook: Casebook, con: sa.Connection | None = None) -> list[Notification]:
    """All that is remembered, oldest first. `con`: within a transaction that is already open."""
    if con is None:
        with casebook.reading() as opened:
            return load_notifications(casebook, opened)
    found = con.execute(sa.select(TELLINGS).order_by(TELLINGS.c.telling_id)).all()
    return [
        Notification(
            row.person, row.channel, row.group_id, datetime.fromisoformat(row.at), row.kind, row.waiting_count,
            tuple(row.about), row.failure,
        )
        for row in found
    ]  # fmt: skip


def begin_sending(con: sa.Connection, lines: Iterable[Notification]) -> list[int]:
    """Write down that these are about to be told; returns their ids. What is long past is forgotten."""
    ids = []
    for line in lines:
        con.execute(sa.delete(TELLINGS).where(TELLINGS.c.at < _iso(line.at - _KEPT)))
        row = {
            "person": line.person, "channel": line.channel, "group_id": line.group_id, "at": _iso(line.at),
            "kind": line.kind, "waiting_count": line.waiting_count, "about": list(line.about), "failure": line.failure,
        }  # fmt: skip
        ids.append(int(con.execute(sa.insert(TELLINGS).returning(TELLINGS.c.telling_id), [row]).scalar_one()))
    return ids


def finish_sending(casebook: Casebook, ids: list[int], failure: str) -> None:
    """Write down how it went: '' when it arrived."""
    with casebook.writing() as con:
        con.execute(sa.update(TELLINGS).where(TELLINGS.c.telling_id.in_(ids)).values(failure=failure))


def load_failures(past: Iterable[Notification]) -> list[Notification]:
    """One of each failed try since something last arrived, oldest first. `past`: of one person and channel."""
    tries: dict[datetime, Notification] = {}
    for one in past:
        if one.failure:
            tries[one.at] = one
        else:
            tries = {}
    return list(tries.values())


def load_troubles(past: Iterable[Notification], now: datetime) -> list[DeliveryFailure]:
    """Whom we could not tell since when, and why: said once three tries or an hour have passed."""
    by_channel: dict[tuple[str, str], list[Notification]] = {}
    for one in past:
        by_channel.setdefault((one.person, one.channel), []).append(one)
    found = []
    for (person, channel), those in by_channel.items():
        tries = load_failures(those)
        if len(tries) >= 3 or (tries and now - tries[0].at >= TRIES_WITHIN):
            found.append(DeliveryFailure(person, channel, tries[0].at, tries[-1].failure))
    return found


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
