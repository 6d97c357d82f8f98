"""What was prepared bit by bit equals what is prepared at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.ingest.store import Rows, Touched, store
from warehouse.storage import rows
from warehouse.transform.definitions import models_in_order
from warehouse.transform.prepare import prepare, rebuild, run_checks

MIGRATIONS = sorted((Path(__file__).parents[3] / "warehouse" / "migrations").glob("*.sql"))
NAMES = UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")
START = datetime(2026, 10, 20, 22, tzinfo=UTC)  # some days before the clocks change
NOW = START + timedelta(days=20)
PEOPLE = ("own", "dee", "ann", "ben", "cat")


def named(name: object) -> UUID:
    return uuid5(NAMES, str(name))


def empty() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(":memory:")
    for migration in MIGRATIONS:
        con.execute(migration.read_text())
    return con


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty() as con:
        yield con


def keep(con: duckdb.DuckDBPyConnection, batch: Rows) -> Touched:
    con.begin()
    touched = store(con, batch)
    prepare(con, touched, NOW)
    con.commit()
    return touched


def held(con: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    return {
        model.name: sorted(con.execute(f"select * from {model.name}").fetchall(), key=repr)
        for model in models_in_order("prepared")
    }


def settled() -> Rows:
    """The group, its account, its team, and everybody else."""
    return Rows(
        groups=[rows.Group("g", "G", "Europe/London", 24, START - timedelta(days=9))],
        group_accounts=[
            rows.GroupAccount("g", named("own"), "mastodon", "group"),
            rows.GroupAccount("g", named("dee"), "mastodon", "team"),
        ],
        accounts=[account(name) for name in PEOPLE],
    )


def account(name: str, *, is_bot: bool = False, seen: datetime = START) -> rows.Account:
    return rows.Account(named(name), "mastodon", f"{name}@carers.example", None, is_bot, False, True, START, seen)


@st.composite
def histories(draw: st.DrawFn) -> list[Rows]:
    """A conversation or three with all that can happen to them, cut into batches in any order."""
    count = draw(st.integers(1, 7))
    parents = [draw(st.one_of(st.none(), st.integers(0, number - 1))) if number else None for number in range(count)]
    roots: list[int] = []
    for number, parent in enumerate(parents):
        roots.append(number if parent is None else roots[parent])
    parts: list[Rows] = []
    for number, parent in enumerate(parents):
        author = draw(st.sampled_from(PEOPLE))
        created = START + timedelta(hours=draw(st.integers(0, 200)))
        post = rows.Post(
            named(number), "mastodon", named(author), created, None, created, None, None, created, "en",
            parent is not None, None if parent is None else named(parent), named(roots[number]), None,
            False, False, 0, 0, False, False, False,
        )  # fmt: skip
        local = created.astimezone(UTC) + timedelta(hours=1 if created < datetime(2026, 10, 25, 1, tzinfo=UTC) else 0)
        whole = Rows(
            posts=[post],
            post_scope=[
                rows.PostScope("g", post.post_id, "own" if author == "own" else "reply", created, local.date(),
                               local.hour, local.isoweekday())
            ],
            verdicts=[verdict(post, is_count=draw(st.booleans()))],
            post_addresses=[
                rows.PostAddress(post.post_id, created, "mastodon", "carers.example", str(number), None, "https://x")
            ],
        )  # fmt: skip
        parts.append(whole)
        parts.extend(happening(draw, post) for _ in range(draw(st.integers(0, 3))))
    order = draw(st.permutations(range(len(parts))))
    batches: list[Rows] = []
    for place in order:
        if not batches or draw(st.booleans()):
            batches.append(Rows())
        batches[-1].extend(parts[place])
    return batches


def verdict(post: rows.Post, *, is_count: bool) -> rows.Verdict:
    return rows.Verdict(post.post_id, post.created_at, "1", "en", True, 1.0, is_count, is_count, False, (), None, None)


def happening(draw: st.DrawFn, post: rows.Post) -> Rows:
    at = post.created_at + timedelta(hours=draw(st.integers(0, 80)))
    what = draw(st.sampled_from(["count", "read", "delete", "hide", "judge", "bot", "followers", "contact"]))
    if what == "count":
        likes = draw(st.integers(0, 5))
        server = draw(st.sampled_from(["carers.example", "other.example"]))
        return Rows(observations=[rows.Observation(post.post_id, server, at, 0, 1, likes, None, None, False)])
    if what == "read":
        return Rows(thread_reads=[
            rows.ThreadRead(post.post_id, post.root_id, post.created_at, "carers.example", at, True, None, at, 1, 1)
        ])  # fmt: skip
    if what in ("delete", "hide"):
        changes: dict[str, Any] = {"deleted_at": at} if what == "delete" else {"is_hidden": True}
        return Rows(posts=[replace(post, verified_at=at, **changes)])
    if what == "judge":
        return Rows(verdicts=[verdict(post, is_count=draw(st.booleans()))])
    if what == "bot":
        return Rows(accounts=[account(draw(st.sampled_from(PEOPLE)), is_bot=True, seen=at)])
    if what == "contact":
        return Rows(first_contacts=[rows.FirstContact("g", post.author_id, post.post_id, post.created_at)])
    return Rows(
        account_snapshots=[rows.AccountSnapshot("g", named("own"), "mastodon", at, draw(st.integers(0, 9)), 0, 0)]
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batches=histories())
def test_bit_by_bit_equals_at_once(batches: list[Rows]) -> None:
    """Random batches in random order, children before their parents too."""
    with empty() as con:
        keep(con, settled())
        for batch in batches:
            keep(con, batch)
        step_by_step = held(con)
        rebuild(con, NOW)
        assert step_by_step == held(con)
        keep(con, batches[-1])  # the same again changes nothing
        assert step_by_step == held(con)


def conversation(first: str = "ann") -> Rows:
    """An ask by Ann (or the group's own post) and an answer by Ben."""
    batch = Rows()
    for number, (author, parent) in enumerate(((first, None), ("ben", 0))):
        created = START + timedelta(hours=number)
        post = rows.Post(
            named(number), "mastodon", named(author), created, None, created, None, None, created, "en", parent is not None,
            None if parent is None else named(parent), named(0), None, False, False, 0, 0, False, False, False,
        )  # fmt: skip
        batch.posts.append(post)
        batch.post_scope.append(
            rows.PostScope("g", post.post_id, "own" if author == "own" else "mention", created, created.date(), 1, 1)
        )
        batch.verdicts.append(verdict(post, is_count=parent is None))
    return batch


def answers(con: duckdb.DuckDBPyConnection) -> list[Any]:
    return con.execute("select who, wait_hours from prepared.answers").fetchall()


def test_somebody_who_joins_the_team_changes_who_answered(con: duckdb.DuckDBPyConnection) -> None:
    keep(con, settled())
    keep(con, conversation())
    assert answers(con) == [("peer", 1.0)]
    keep(con, Rows(group_accounts=[rows.GroupAccount("g", named("ben"), "mastodon", "team")]))
    assert answers(con) == [("group", 1.0)]


def test_nothing_touched_rebuilds_nothing(con: duckdb.DuckDBPyConnection) -> None:
    keep(con, settled())
    keep(con, conversation())
    con.execute("delete from prepared.answers")
    prepare(con, Touched(), NOW)
    assert answers(con) == []  # untouched: not looked at


def test_where_only_counts_moved_only_what_reads_counts_is_rebuilt(con: duckdb.DuckDBPyConnection) -> None:
    keep(con, settled())
    keep(con, conversation(first="own"))
    con.execute("delete from prepared.thread_posts where depth > 0")
    likes = rows.Observation(named(0), "carers.example", START + timedelta(hours=5), 0, 0, 3, None, None, False)
    keep(con, Rows(observations=[likes]))
    assert con.execute("select likes_gained from prepared.posts").fetchall() == [(3,)]
    assert con.execute("select count(*) from prepared.thread_posts").fetchall() == [(1,)]  # not looked at


def test_a_rebuild_tells_how_far_it_is_and_repairs(con: duckdb.DuckDBPyConnection) -> None:
    keep(con, settled())
    keep(con, conversation())
    con.execute("delete from prepared.answers")
    told: list[tuple[int, int]] = []
    rebuild(con, NOW, lambda done, total: told.append((done, total)))
    assert answers(con) == [("peer", 1.0)]
    assert told == [(1, 2), (2, 2)]


def test_a_failed_transaction_leaves_the_prepared_tables_as_they_were(con: duckdb.DuckDBPyConnection) -> None:
    keep(con, settled())
    before = held(con)
    con.begin()
    prepare(con, store(con, conversation()), NOW)
    con.rollback()
    assert held(con) == before


def test_an_empty_warehouse_is_prepared_and_passes_its_checks(con: duckdb.DuckDBPyConnection) -> None:
    rebuild(con, NOW)
    assert run_checks(con, NOW) == []
    assert all(found == [] for found in held(con).values())


def test_what_is_stored_and_prepared_as_it_should_be_passes_its_checks(con: duckdb.DuckDBPyConnection) -> None:
    keep(con, settled())
    keep(con, conversation())
    assert run_checks(con, NOW) == []


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("insert into prepared.answers select * from prepared.answers", "one_row_per_grain"),
        ("insert into stored.posts select * from stored.posts", "posts_once"),
        ("insert into stored.post_scope select * replace (uuid() as post_id) from stored.post_scope", "posts_once"),
        ("delete from stored.post_scope", "only_addressed_to_a_group"),
        ("delete from stored.posts", "requests_have_posts"),
        ("update stored.posts set is_link_only = true", "link_only_has_no_text"),
        ("update prepared.answers set wait_hours = -1", "sums_equal_their_parts"),
    ],
)
def test_each_check_finds_what_it_is_for(con: duckdb.DuckDBPyConnection, damage: str, found: str) -> None:
    keep(con, settled())
    batch = conversation()
    batch.post_texts.append(rows.PostText(named(0), START, "words", None))
    keep(con, batch)
    con.execute(damage)
    assert found in {failure.check for failure in run_checks(con, NOW)}


def test_a_post_with_a_time_far_ahead_switches_no_check_off(con: duckdb.DuckDBPyConnection) -> None:
    keep(con, settled())
    keep(con, conversation())
    con.execute(
        "insert into stored.posts select * replace (uuid() as post_id, timestamp '2099-01-01' as created_at) from stored.posts"
    )
    con.execute("update prepared.answers set wait_hours = -1")
    assert "sums_equal_their_parts" in {failure.check for failure in run_checks(con, NOW)}


def test_a_quick_check_looks_at_sixty_days_and_a_full_one_at_everything(con: duckdb.DuckDBPyConnection) -> None:
    keep(con, settled())
    keep(con, conversation())
    con.execute("update prepared.answers set wait_hours = -1")
    later = START + timedelta(days=61)
    assert run_checks(con, later) == []
    assert "sums_equal_their_parts" in {failure.check for failure in run_checks(con, later, is_full=True)}
