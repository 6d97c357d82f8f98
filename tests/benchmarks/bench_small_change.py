"""What a small change costs: store, prepare and commit, best of a dozen. Run it by hand.

    PYTHONPATH=. python tests/benchmarks/bench_small_change.py 5000 100000

The change: 20 posts in 5 conversations on 2 days, two of them held before, with all that a cycle notes beside them. And
new counts of five of the group's own posts, as most cycles bring. The warehouse is bench_models.py's.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import duckdb

from tests.benchmarks.bench_models import NOW, fill
from tests.benchmarks.bench_store import add_post
from warehouse.ingest.store import Rows, store
from warehouse.storage import rows
from warehouse.transform.prepare import prepare, rebuild

GROUP, SERVER, TIMES = "g0", "carers.example", 12


class Counted:
    """A connection that counts its statements."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.count = 0

    def execute(self, *args: Any) -> duckdb.DuckDBPyConnection:
        self.count += 1
        return self.con.execute(*args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.con, name)


def roots(con: duckdb.DuckDBPyConnection, is_own: bool, count: int) -> list[tuple[UUID]]:
    return con.execute(
        "select post_id from stored.posts join stored.post_scope using (post_id, created_at)"
        " where group_id = $group_id and not is_reply and (why = 'own') = $is_own order by random() limit $count",
        {"group_id": GROUP, "is_own": is_own, "count": count},
    ).fetchall()


def small(con: duckdb.DuckDBPyConnection) -> Rows:
    """20 posts in 5 conversations."""
    out = Rows()
    people = [uuid4() for _ in range(12)]
    out.accounts = [rows.Account(one, "mastodon", "p@x", None, False, False, True, NOW, NOW) for one in people]
    for number, held in enumerate([*roots(con, False, 2), None, None, None]):
        root = parent = held[0] if held else None
        for place in range(4):
            this, at = uuid4(), NOW - timedelta(hours=30 if number % 2 else 2) + timedelta(minutes=place)
            add_post(out, this, people[(number * 3 + place) % 12], at, NOW, place)
            root = root or this
            out.posts[-1] = replace(out.posts[-1], parent_id=parent, root_id=root, is_reply=parent is not None)
            out.post_scope[-1] = replace(out.post_scope[-1], group_id=GROUP)
            out.due.append(
                rows.Due(
                    this, GROUP, "mastodon", SERVER, str(this), "refresh", at, NOW, None, 0, None, 0, None, None, None
                )
            )
            parent = this
    return out


def counts(con: duckdb.DuckDBPyConnection) -> Rows:
    """New counts of five of the group's own posts."""
    return Rows(
        observations=[
            rows.Observation(post_id, SERVER, NOW + timedelta(seconds=time.process_time()), 9, 9, 9, 9, None, False)
            for (post_id,) in roots(con, True, 5)
        ]
    )


def bench(label: str, con: duckdb.DuckDBPyConnection, change: Callable[[duckdb.DuckDBPyConnection], Rows]) -> None:
    best: tuple[float, ...] = (9e9,)
    for _ in range(TIMES):
        given, counting = change(con), Counted(con)
        watched: duckdb.DuckDBPyConnection = counting  # type: ignore[assignment] # counts, and hands everything on
        marks, worked = [time.perf_counter()], time.process_time()
        con.begin()
        touched = store(watched, given)
        marks.append(time.perf_counter())
        stored = counting.count
        prepare(watched, touched, NOW)
        marks.append(time.perf_counter())
        con.commit()
        marks.append(time.perf_counter())
        took = [(after - before) * 1000 for before, after in pairwise(marks)]
        best = min(best, (sum(took), *took, stored, counting.count - stored, (time.process_time() - worked) * 1000))
    total, store_ms, prepare_ms, commit_ms, stored_count, prepared_count, cpu = best
    sys.stdout.write(
        f"  {label:<32} {total:6.1f} ms ({cpu:.1f} ms of processor time): store {store_ms:.1f} ({stored_count:.0f} statements),"
        f" prepare {prepare_ms:.1f} ({prepared_count:.0f}), commit {commit_ms:.1f}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    for size in sys.argv[1:] or ["5000", "100000"]:
        sys.stdout.write(f"{int(size):,} posts\n")
        with TemporaryDirectory() as folder, duckdb.connect(f"{folder}/bench.duckdb") as opened:
            opened.execute("set threads = 2")
            fill(opened, int(size))
            rebuild(opened, NOW)
            opened.execute("checkpoint")
            bench("20 posts in 5 conversations", opened, small)
            bench("new counts of 5 of its posts", opened, counts)
