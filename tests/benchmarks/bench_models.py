"""How long the models take: pages' queries, a cycle that touches 50 posts, a rebuild. Run it by hand.

    python tests/benchmarks/bench_models.py 100000 1000000

The posts are made in SQL: threads of four in 5 groups for every 100,000 posts, over three years, with five readings of each of
the group's own.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import duckdb

from warehouse.storage.batch import Touched
from warehouse.transform.definitions import shown_views
from warehouse.transform.prepare import prepare, rebuild, run_checks

MIGRATIONS = sorted((Path(__file__).parents[2] / "warehouse" / "migrations").glob("*.sql"))
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECONDS = 3 * 365 * 86400

PAGES = {
    "queue": "select * from shown.requests where group_id = 'g0' and is_open order by waiting_since_at",
    "thread": "select * from shown.thread_posts where group_id = 'g0' and list_contains([md5('post80')::uuid], root_id)",
    "weeks": "select * from (select * from shown.weeks where group_id = 'g0' and week_start_date >= date '2026-08-07'"
    " order by week_start_date desc limit 14)",
    "usual": "select * from shown.usual_ranges where group_id = 'g0' and week_start_date = date '2026-11-16'",
    "queue in numbers": "select * from shown.queues",
    "period": "select * from shown.periods where group_id = 'g0'",
    "first replies": "select * from shown.request_spans where group_id = 'g0' and span = 'period'",
    "networks": "select * from shown.period_networks where group_id = 'g0'",
    "reach": "select * from shown.reach where group_id = 'g0'",
    "top posts": "select * from shown.own_posts where group_id = 'g0' and local_date >= date '2026-10-01'"
    " and local_date < date '2026-11-01' order by replies_gained desc limit 5",
    "days": "select * from shown.days where group_id = 'g0' and local_date >= date '2026-10-20'",
    "when people reach out": "select * from shown.request_hours where group_id = 'g0'",
    "night cover": "select * from shown.night_cover where group_id = 'g0'",
    "best times": "select * from shown.best_times where group_id = 'g0'",
    "kinds of posts": "select * from shown.post_kinds where group_id = 'g0'",
    "described pictures": "select * from shown.alt_texts where group_id = 'g0'",
    "conversations": "select * from shown.conversations where group_id = 'g0' order by people_count desc limit 10",
    "hashtags": "select * from shown.hashtags where group_id = 'g0'",
    "topics": "select * from shown.topics where group_id = 'g0'",
    "newcomers": "select * from shown.newcomers where group_id = 'g0'",
    "helpers": "select * from shown.helpers where group_id = 'g0'",
    "looking after": "select * from shown.looking_after where group_id = 'g0'",
    "regulars": "select * from shown.regulars where group_id = 'g0'",
    "kinds of support": "select * from shown.support_kinds where group_id = 'g0'",
    "groups": "select * from shown.groups",
    "sources": "select * from shown.sources where group_id = 'g0'",
}


def fill(con: duckdb.DuckDBPyConnection, posts: int, groups: int = 0) -> None:
    groups = groups or max(1, posts // 20_000)
    for migration in MIGRATIONS:
        con.execute(migration.read_text())
    con.execute("create macro id(kind, n) as md5(kind || n)::uuid")
    con.execute(
        """
        create temp table made as
        select n, n // 4 as thread, n % 4 as place, 'g' || ((n // 4) % $groups) as group_id,
            timestamp '2026-11-20 12:00' - to_seconds($seconds - (n::double / $posts * $seconds)::bigint) as created_at
        from range($posts) as numbers(n)
        """,
        {"groups": groups, "posts": posts, "seconds": SECONDS},
    )
    con.execute(
        """
        insert into stored.groups
        select 'g' || n, 'Group ' || n, 'Europe/London', 24, timestamp '2023-12-01' from range($groups) as numbers(n);
        """,
        {"groups": groups},
    )
    con.execute("""
        insert into stored.group_accounts select group_id, id('own', group_id), 'mastodon', 'group' from stored.groups;
        insert into stored.accounts
        select id('own', group_id), 'mastodon', group_id || '@carers.example', null, false, false, true,
            timestamp '2023-12-01', timestamp '2023-12-01'
        from stored.groups;
        insert into stored.accounts
        select id('who', n), 'mastodon', 'm' || n || '@carers.example', null, n % 50 = 0, false, true,
            timestamp '2023-12-01', timestamp '2023-12-01'
        from range(5000) as numbers(n);
        create temp table written as
        select made.*, id('post', n) as post_id, id('post', thread * 4) as root_id,
            case when place > 0 then id('post', n - 1) end as parent_id,
            thread % 4 = 0 and place = 0 as is_own,
            case when thread % 4 = 0 and place = 0 then id('own', group_id) else id('who', hash(n) % 5000) end as author_id
        from made;
        -- every ninth conversation has nobody in it but its first writer
        delete from written where place > 0 and thread % 9 = 1;
        insert into stored.posts
        select post_id, 'mastodon', author_id, created_at, null, created_at, null, null, timestamp '2026-11-20 12:00', 'en',
            place > 0, parent_id, root_id, null, false, false, 0, 0, false, false, false
        from written;
        insert into stored.post_texts
        select post_id, created_at, 'Has anybody got advice about respite care? ' || n, null from written;
        insert into stored.post_addresses
        select post_id, created_at, 'mastodon', 'carers.example', n::varchar, 'https://carers.example/' || n,
            'https://carers.example/' || n
        from written;
        insert into stored.post_scope
        select group_id, post_id, if(is_own, 'own', if(place = 0, 'mention', 'thread')), created_at, created_at::date,
            hour(created_at), isodow(created_at)
        from written;
        insert into stored.verdicts
        select post_id, created_at, '1', 'en', true, 1, place = 0, place = 0 and not is_own, false, []::varchar[],
            'practical', null
        from written where not is_own;
        insert into stored.thread_reads
        select post_id, root_id, created_at, 'carers.example', timestamp '2026-11-20 11:50', true, null,
            timestamp '2026-11-20 11:50', 0, 0
        from written;
        insert into stored.observations
        select post_id, 'carers.example', least(created_at + to_hours(step * 9), timestamp '2026-11-20 12:00'),
            3, step, step * 2, 0, null, false
        from written, range(1, 6) as steps(step) where is_own order by created_at, step;
        insert into stored.account_snapshots
        select group_id, id('own', group_id), 'mastodon', timestamp '2023-12-01' + to_days(day::integer), 100 + day, 0, 0
        from stored.groups, range(1085) as days(day);
        insert into stored.first_contacts
        select any_value(group_id), author_id, arg_min(post_id, created_at), min(created_at)
        from written where not is_own group by group_id, author_id;
        insert into stored.post_tags select post_id, created_at, 'carers' from written where is_own;
        insert into stored.sources
        select group_id || 'topic', group_id, 'mastodon', 'carers.example', 'topic', 'carers', timestamp '2026-11-20 12:00',
            null, 0, true, null, null, null
        from stored.groups;
        insert into stored.topic_counts
        select group_id, 'carers', 'carers.example', date '2023-12-01' + day::integer, day % 40
        from stored.groups, range(1085) as days(day);
        create schema casebook;
        create view casebook.decisions as select * from stored.decisions;
        create schema shown;
    """)


def timed(what: str, action: Callable[[], object], times: int = 5) -> None:
    took, worked = [], []
    for _ in range(times):
        start, cpu = time.perf_counter(), time.process_time()
        action()
        took.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
    sys.stdout.write(f"  {what:<34} {min(took):9.1f} ms ({min(worked):.1f} ms of processor time)\n")
    sys.stdout.flush()


def cycle(con: duckdb.DuckDBPyConnection, roots: set[UUID]) -> None:
    con.begin()
    prepare(con, Touched({("g0", date(2026, 11, 20))}, roots), NOW)
    con.commit()


def bench(posts: int) -> None:
    sys.stdout.write(f"{posts:,} posts\n")
    with TemporaryDirectory() as folder, duckdb.connect(f"{folder}/bench.duckdb") as con:
        con.execute("set threads = 2")
        fill(con, posts)
        timed("rebuild", lambda: rebuild(con, NOW), times=1)
        con.execute("checkpoint")
        for name, sql in shown_views():
            kind = "table" if name == "shown.judgements" else "view"  # as warehouse/snapshots/reader.py does
            con.execute(f"create {kind} {name} as {sql}")
        con.execute("set variable now_at = timestamp '2026-11-20 12:00'")
        con.execute(
            "set variable from_date = date '2026-01-01'; set variable to_date = date '2027-01-01'"
        )  # the longest choice
        con.execute("set threads = 1")  # as warehouse/snapshots/reader.py does
        for name, sql in PAGES.items():
            timed(name, lambda sql=sql: con.execute(sql).fetchall())  # type: ignore[misc]
        con.execute("set threads = 2")
        for age, order in (("newest", "desc"), ("oldest", "asc")):
            found = con.execute(
                f"select distinct root_id, created_at from stored.posts where not is_reply order by created_at {order} limit 13"
            ).fetchall()
            timed(f"cycle touching 52 {age} posts", lambda found=found: cycle(con, {row[0] for row in found}))  # type: ignore[misc]
        timed("checks before publishing", lambda: run_checks(con, NOW), times=2)
        timed("cycle touching nothing", lambda: cycle(con, set()))


if __name__ == "__main__":
    for count in sys.argv[1:] or ["100000"]:
        bench(int(count))
