"""How long storing takes beside what is already stored. Run by hand: python tests/benchmarks/bench_store.py [rows …].

Prints, for warehouses that hold that many posts already (default none and a million): 10,000 new posts with texts,
addresses, scope, readings and verdicts in one transaction; the same again; the same read later with other counts; 40 posts.
"""

import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from duckdb import DuckDBPyConnection

from warehouse.ingest.store import Rows, store
from warehouse.settings import Settings
from warehouse.storage import rows
from warehouse.storage.connection import open_warehouse

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PEOPLE = 500


def batch(count: int, until: datetime = NOW, over: timedelta = timedelta(days=30)) -> Rows:
    """`count` posts with everything that is stored about a post."""
    people = [uuid4() for _ in range(PEOPLE)]
    out = Rows(groups=[rows.Group("g1", "Group", "Europe/London", 24, None)])
    out.accounts = [
        rows.Account(one, "mastodon", f"p{n}@example.social", None, False, False, True, until, until)
        for n, one in enumerate(people)
    ]
    for n in range(count):
        this, at = uuid4(), until - over * (count - n) / count
        add_post(out, this, people[n % PEOPLE], at, until, n)
    return out


def add_post(out: Rows, this: UUID, author: UUID, at: datetime, now: datetime, n: int) -> None:
    """One post, with its text, address, scope, reading and verdict."""
    none = (None, None)
    out.posts.append(
        rows.Post(
            this, "mastodon", author, at, None, now, *none, now, "en", False, None, this, None,
            False, False, 0, 0, False, False, False,
        )
    )  # fmt: skip
    out.post_texts.append(rows.PostText(this, at, f"Does anybody have a spare bed frame? {n} " + "words " * 20, None))
    uri = f"https://example.social/users/p/statuses/{n}"
    out.post_addresses.append(rows.PostAddress(this, at, "mastodon", "example.social", str(n), uri, uri))
    out.post_scope.append(rows.PostScope("g1", this, "mention", at, at.date(), at.hour, at.isoweekday()))
    out.observations.append(rows.Observation(this, "example.social", now, n % 3, n % 5, n % 7, None, None, False))
    out.verdicts.append(rows.Verdict(this, at, "1", "en", True, 2.5, True, True, False, ("en-1", "en-2"), None, None))


def read_again(before: Rows, now: datetime) -> Rows:
    """The same posts an hour later, a third of them with other counts."""
    return replace(
        before,
        posts=[replace(post, verified_at=now) for post in before.posts],
        observations=[
            replace(one, observed_at=now, likes_count=one.likes_count + (n % 3 == 0))
            for n, one in enumerate(before.observations)
        ],
    )


def fill(con: DuckDBPyConnection, count: int) -> None:
    """`count` posts over three years, straight in SQL."""
    con.execute(
        """
        create temp table filling as
        select uuid() as post_id, n, timestamp '2023-10-01' + n * to_seconds(1120 * 86400.0 / greatest($count, 1)) as wrote_at
        from range($count) as series(n)
        """,
        {"count": count},
    )
    for table, values in {
        "posts": """post_id, 'mastodon', uuid(), wrote_at, null, wrote_at, null, null, wrote_at, 'en', false, null, post_id,
                    null, false, false, 0, 0, false, false, false""",
        "post_texts": "post_id, wrote_at, 'A plain sentence about something, number ' || n, null",
        "post_addresses": """post_id, wrote_at, 'mastodon', 'example.social', n::varchar,
                             'https://example.social/users/p/statuses/' || n, null""",
        "post_scope": "'g1', post_id, 'mention', wrote_at, wrote_at::date, hour(wrote_at), isodow(wrote_at)",
        "observations": "post_id, 'example.social', wrote_at, 0, 1, 2, null, null, false",
        "verdicts": "post_id, wrote_at, '1', 'en', true, 2.5, true, true, false, ['en-1'], null, null",
        "accounts": "post_id, 'mastodon', 'p' || n, null, false, false, true, wrote_at, wrote_at",
    }.items():
        con.execute(
            f"insert into stored.{table} select {values} from filling where '{table}' <> 'accounts' or n % 10 = 0"
        )
    con.execute("drop table filling")


def timed(label: str, con: DuckDBPyConnection, *batches: Rows) -> None:
    """Store each batch in a transaction of its own and say how long the quickest took, commit included."""
    took, worked = [], []
    for rows_of_one in batches:
        started, cpu = time.perf_counter(), time.process_time()
        con.begin()
        store(con, rows_of_one)
        con.commit()
        took.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
    best = f" (best of {len(took)})" if len(took) > 1 else ""
    sys.stdout.write(f"  {label + best:<62} {min(took):8.1f} ms ({min(worked):.1f} ms of processor time)\n")


def main(sizes: list[int]) -> None:
    """Print the figures for warehouses of these sizes."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(data_dir=Path(folder))
            with open_warehouse(settings) as con:
                fill(con, size)
            with open_warehouse(settings) as con:
                measure(con, size)


def measure(con: DuckDBPyConnection, size: int) -> None:
    """The figures for one warehouse."""
    sys.stdout.write(f"{size:,} posts held\n")
    timed("10,000 new posts, the first after opening", con, batch(10_000))
    batches = [batch(10_000) for _ in range(6)]
    timed("10,000 new posts", con, *batches)
    timed("the same again", con, *batches[:3])
    timed(
        "read an hour later, a third with other counts",
        con,
        *(read_again(one, NOW + timedelta(hours=1)) for one in batches[:3]),
    )
    few = [batch(40, over=timedelta(hours=1)) for _ in range(5)]
    timed("40 new posts", con, *few)
    timed("the same 40 again", con, *few)
    timed(
        "40 old posts, over 300 days",
        con,
        *(batch(40, NOW - timedelta(days=400), timedelta(days=300)) for _ in range(5)),
    )
    timed("nothing", con, Rows())


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [0, 1_000_000])
