"""A small town to ask questions of: posts by name, times in words, and the models over them, as the Reader has them."""

from collections.abc import Iterator
from dataclasses import astuple
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import duckdb
import pytest

from warehouse.storage import rows
from warehouse.transform.definitions import shown_views
from warehouse.transform.freeze import freeze
from warehouse.transform.prepare import rebuild

NAMES = UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")
MIGRATIONS = sorted((Path(__file__).parents[3] / "warehouse" / "migrations").glob("*.sql"))
OPENED = datetime(2026, 7, 1, tzinfo=UTC)


def at(words: str) -> datetime:
    """'2026-11-20 10:00' as UTC."""
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


def named(name: str) -> UUID:
    return uuid5(NAMES, name)


def naive(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


class Town:
    """Everybody's posts. `now` is Friday 2026-11-20, 12:00 UTC, unless a test says otherwise."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.now = at("2026-11-20 12:00")
        self.names: dict[str, str] = {}
        self.posts: dict[str, rows.Post] = {}
        self.zones: dict[str, str] = {}
        self.accounts: set[str] = set()
        self.span: tuple[str, str] | tuple[None, None] = (None, None)

    def insert(self, row: Any) -> None:
        values = [list(value) if isinstance(value, tuple) else naive(value) for value in astuple(row)]
        self.con.execute(f"insert into {row.table} values ({', '.join('?' * len(values))})", values)

    def group(
        self,
        name: str = "riverside",
        *,
        zone: str = "Europe/London",
        promise: int = 24,
        since: datetime | None = OPENED,
    ) -> None:
        self.zones[name] = zone
        self.insert(rows.Group(name, name.title(), zone, promise, since))
        for account, role in ((name, "group"), (f"{name}-dee", "team")):
            self.insert(rows.GroupAccount(name, named(account), "mastodon", role))
            self.account(account)

    def account(self, name: str, *, is_bot: bool = False, network: str = "mastodon") -> None:
        if name in self.accounts:
            self.con.execute("delete from stored.accounts where account_id = ?", [named(name)])
        self.accounts.add(name)
        handle = f"{name}@carers.example"
        self.insert(rows.Account(named(name), network, handle, None, is_bot, False, True, OPENED, OPENED))

    def post(
        self,
        name: str,
        by: str,
        when: str,
        under: str | None = None,
        *,
        group: str = "riverside",
        why: tuple[str, ...] | None = None,
        network: str = "mastodon",
        asks: bool = False,
        queue: bool = False,
        thanks: bool = False,
        checked: bool = True,
        text: str | None = None,
        indexed: str | None = None,
        deleted: str | None = None,
        verified: str | None = None,
        link_only: bool = False,
        hidden: bool = False,
        imported: bool = False,
        first_contact: bool = False,
        support: str | None = None,
        gives: str | None = None,
        pictures: int = 0,
        described: int = 0,
        poll: bool = False,
        quotes: str | None = None,
        tags: tuple[str, ...] = (),
    ) -> None:
        """A post called `name`, also the first eight letters of its id for whoever debugs."""
        said = at(when)
        if by not in self.accounts:
            self.account(by)
        parent = self.posts[under] if under else None
        post_id = named(name)
        self.names[str(post_id)] = name
        post = rows.Post(
            post_id, network, named(by), said, at(indexed) if indexed else None, said, None,
            at(deleted) if deleted else None, at(verified) if verified else self.now, "en",
            parent is not None, parent.post_id if parent else None, parent.root_id if parent else post_id,
            named(quotes) if quotes else None, False, poll, pictures, described, link_only, hidden, imported,
        )  # fmt: skip
        self.posts[name] = post
        self.insert(post)
        local = said.astimezone(ZoneInfo(self.zones[group]))
        if why is None:
            why = ("own",) if by == group else ("reply",) if parent else ("mention",)
        for one in why:
            self.insert(rows.PostScope(group, post_id, one, said, local.date(), local.hour, local.isoweekday()))
        is_queue = asks or queue
        self.insert(rows.Verdict(post_id, said, "1", "en", checked, 1.0, is_queue, asks, thanks, (), support, gives))
        for tag in tags:
            self.insert(rows.PostTag(post_id, said, tag))
        if not link_only:
            self.insert(rows.PostText(post_id, said, text or f"words of {name}", None))
        if first_contact:
            self.insert(rows.FirstContact(group, named(by), post_id, said))

    def read(
        self,
        name: str,
        when: str,
        *,
        reported: int = 0,
        fetched: int = 0,
        failed: str | None = None,
        server: str = "carers.example",
    ) -> None:
        """The thread below was read at `when`; `failed` is a later try that did not work."""
        post = self.posts[name]
        tried = at(failed) if failed else at(when)
        self.insert(rows.ThreadRead(post.post_id, post.root_id, post.created_at, server, tried, failed is None,
                                    "timeout" if failed else None, at(when), reported, fetched))  # fmt: skip

    def count(
        self,
        name: str,
        when: str,
        *,
        likes: int = 0,
        boosts: int = 0,
        quotes: int | None = None,
        boosters: int | None = None,
        partial: bool = False,
        server: str = "carers.example",
    ) -> None:
        """A reading of a post's counts; `boosters`: the followers of those who boosted it, added up."""
        self.insert(rows.Observation(named(name), server, at(when), 0, boosts, likes, quotes, boosters, partial))

    def followers(
        self, when: str, count: int | None, *, group: str = "riverside", account: str = "", network: str = "mastodon"
    ) -> None:
        self.insert(rows.AccountSnapshot(group, named(account or group), network, at(when), count, 0, 0))

    def decide(self, name: str, *, group: str = "riverside", **said: Any) -> None:
        decision = {
            "is_request": None, "support_asked": None, "outcome": None, "outcome_at": None, "outcome_reason": None,
            "claimed_by": None, "claimed_at": None, "snoozed_until_at": None, "changed_at": self.now,
        }  # fmt: skip
        self.insert(rows.Decision(group, named(name), **{**decision, **said}))

    def rebuild(self) -> None:
        rebuild(self.con, self.now)

    def freeze(self, when: str) -> list[tuple[str, date]]:
        """Write down the quarters that are due, as the collector does: in a warehouse, where no view is shown."""
        self.con.execute("drop schema shown cascade; drop schema casebook cascade")
        written = freeze(self.con, at(when))
        show(self.con)
        return written

    def period(self, first: str, to: str) -> None:
        """What the next questions are about: [first, to) in the group's dates."""
        self.span = (first, to)

    def ask(self, sql: str, now: datetime | None = None, period: tuple[str, str] | None = None) -> list[dict[str, Any]]:
        """Rows as dictionaries; ids as the names that posts were given. `period`: its first day, and the day after its last."""
        self.con.execute(f"set variable now_at = timestamp '{naive(now or self.now)}'")
        for name, value in zip(("from_date", "to_date"), period or self.span, strict=True):
            self.con.execute(f"set variable {name} = date '{value}'" if value else f"reset variable {name}")
        found = self.con.execute(sql)
        columns = [column[0] for column in found.description or ()]
        return [
            {key: self.names.get(str(value), value) for key, value in zip(columns, row, strict=True)}
            for row in found.fetchall()
        ]

    def states(self, now: datetime | None = None) -> dict[str, dict[str, Any]]:
        """shown.request_states by the post's name."""
        return {row["post_id"]: row for row in self.ask("select * from shown.request_states", now)}

    def state(self, name: str = "ask", now: datetime | None = None) -> str:
        """The state of one, or 'absent'."""
        return str(self.states(now).get(name, {"state": "absent"})["state"])


@pytest.fixture(scope="session")
def empty_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Migrated and prepared, without a row, with the shown views. Made once: each test's rows are rolled back."""
    with duckdb.connect(":memory:") as con:
        for migration in MIGRATIONS:
            con.execute(migration.read_text())
        rebuild(con, OPENED)
        show(con)
        yield con


def show(con: duckdb.DuckDBPyConnection) -> None:
    """Lay the casebook over and make the shown views."""
    con.execute("create schema shown; create schema casebook")
    con.execute("create view casebook.decisions as select * from stored.decisions")
    for name, sql in shown_views():
        con.execute(f"create view {name} as {sql}")


@pytest.fixture
def town(empty_warehouse: duckdb.DuckDBPyConnection) -> Iterator[Town]:
    """A town with one group, collecting since July."""
    empty_warehouse.begin()
    made = Town(empty_warehouse)
    made.con.execute("reset variable from_date; reset variable to_date")
    made.group()
    yield made
    empty_warehouse.rollback()


def hours(count: float) -> timedelta:
    return timedelta(hours=count)
