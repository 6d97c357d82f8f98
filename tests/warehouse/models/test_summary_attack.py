"""An attacker who also knows the rules of hiding: no cell under 5 may be the only one that fits what is shown.

Brute force: around an exact quarter all the quarters are made that a hidden number could be shifted to, and all go through
the real SQL. Where another one reads the same in every word, nobody can tell the two apart.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import duckdb
import pytest

from tests.warehouse.models.conftest import MIGRATIONS
from tests.warehouse.models.test_summary import HELPERS, MONTHS, QUICK, SPEED, Quarter
from warehouse.transform.freeze import summarise

SHIFTS = [step for step in range(-4, 5) if step]
CELLS = (
    *(("asked", place, part, "in_time") for place, part in enumerate(MONTHS)),
    *(("asked", place, part, "late") for place, part in enumerate(MONTHS)),
    *(("speed", place, part, "") for place, part in enumerate(SPEED)),
    *(("answered_by", place, part, "") for place, part in enumerate(HELPERS)),
)
NONE = 12  # the place of “no reply” in a flat quarter: 3 months in time, 3 late, 7 waits, 3 who answered
Flat = tuple[int, ...]


def flat(quarter: Quarter) -> Flat:
    return (*quarter.in_time, *quarter.late, *quarter.speed, *quarter.answered_by)


def neighbours(world: Flat, promise: int) -> Iterator[Flat]:
    """Quarters that agree with themselves and have one number moved against another of its block, up to 4 either way."""
    quick = range(6, 6 + QUICK[promise])
    slow = range(6 + QUICK[promise], 13)
    for step in SHIFTS:
        for one, other in product(range(3), range(3)):
            if one != other:
                yield moved(world, {one: step, one + 3: -step, other: -step, other + 3: step})
                yield moved(world, {one: step, other: -step})
                yield moved(world, {one + 3: step, other + 3: -step})
        for block in (quick, slow):
            for one, other in product(block, block):
                if one == other:
                    continue
                if NONE not in (one, other):
                    yield moved(world, {one: step, other: -step})
                else:  # fewer without a reply are more who had one, from somebody
                    answered = step if other == NONE else -step
                    for who in range(13, 16):
                        yield moved(world, {one: step, other: -step, who: answered})
        for one, other in product(range(13, 16), range(13, 16)):
            if one != other:
                yield moved(world, {one: step, other: -step})
        # a month had more in time and fewer late, and so had the waits
        for month, one, other in product(range(3), quick, slow):
            by = {month: step, month + 3: -step, one: step, other: -step}
            if other != NONE:
                yield moved(world, by)
            else:
                for who in range(13, 16):
                    yield moved(world, {**by, who: step})
        # the same where the months' numbers are hidden: another month had as many more late
        for month, other, one, who in product(range(3), range(3), quick, range(13, 16)):
            if month != other:
                yield moved(world, {month: step, month + 3: -step, other + 3: step, one: step, who: step})
        # as many more, or fewer, in a month, in a wait, and by whom
        for month, wait, who in product(range(3), (*quick, *slow), range(13, 16)):
            in_month = month if wait in quick else month + 3
            yield moved(world, {in_month: step, wait: step, **({} if wait == NONE else {who: step})})


def moved(world: Flat, by: dict[int, int]) -> Flat:
    return tuple(value + by.get(place, 0) for place, value in enumerate(world))


def agrees(world: Flat, promise: int) -> bool:
    quick = 6 + QUICK[promise]
    return (
        min(world) >= 0
        and sum(world[:3]) == sum(world[6:quick])
        and sum(world[3:6]) == sum(world[quick:13])
        and sum(world[13:]) == sum(world[6:12])
    )


def shown(con: duckdb.DuckDBPyConnection, worlds: Sequence[Flat], promise: int) -> list[Any]:
    """What trustees read of each of the quarters: every word of every row."""
    con.execute("delete from frozen.quarters")
    con.execute(
        "create or replace temp table worlds as select unnest($worlds::integer[][]) as cells", {"worlds": worlds}
    )
    con.execute("create or replace temp table numbered as select row_number() over () - 1 as n, cells from worlds")
    for place, (chart, order, part, kind) in enumerate(CELLS):
        con.execute(
            """
            insert into frozen.quarters
            select n::varchar, '2026-Q3', date '2026-07-01', $promise, date '2026-07-01', false, $chart, $part, $place_in,
                $kind, cells[$place], timestamp '2026-10-08'
            from numbered
            """,
            {"promise": promise, "chart": chart, "part": part, "place_in": order, "kind": kind, "place": place + 1},
        )
    summarise(con)
    told = con.execute(
        """
        select group_id::integer, list({'part': chart || part, 'words': concat_ws('|', value, value_text, n, n_text, percent)}
            order by chart, part)::varchar
        from frozen.summary group by group_id order by 1
        """
    ).fetchall()
    assert [number for number, _ in told] == list(range(len(worlds)))
    return [words for _, words in told]


@pytest.fixture(scope="module")
def frozen() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as con:
        for migration in MIGRATIONS:
            con.execute(migration.read_text())
        yield con


def a_quarter(dice: random.Random) -> tuple[Flat, int]:
    """Any quarter that agrees with itself, small numbers often, and often just large enough."""
    promise = dice.choice(sorted(QUICK))
    speed = [dice.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 20, 30)) for _ in SPEED]

    def parted(whole: int) -> tuple[int, int, int]:
        one = dice.choice((dice.randint(0, whole), min(whole, dice.randint(0, 9)), whole // 3))
        other = dice.choice((dice.randint(0, whole - one), (whole - one) // 2))
        parts = [one, other, whole - one - other]
        dice.shuffle(parts)
        return (parts[0], parts[1], parts[2])

    quick = sum(speed[: QUICK[promise]])
    return (*parted(quick), *parted(sum(speed) - quick), *speed, *parted(sum(speed[:6]))), promise


def pinned(con: duckdb.DuckDBPyConnection, world: Flat, promise: int) -> list[tuple[str, int, str, str]]:
    """The cells under 5 for which no other quarter reads the same."""
    others = sorted({one for one in neighbours(world, promise) if agrees(one, promise)} - {world})
    here, *there = shown(con, [world, *others], promise)
    alike = [one for one, words in zip(others, there, strict=True) if words == here]
    return [
        CELLS[place] for place, value in enumerate(world) if value < 5 and all(one[place] == value for one in alike)
    ]


@pytest.mark.parametrize("seed", range(60))
def test_no_cell_under_5_is_the_only_one_that_fits(seed: int, frozen: duckdb.DuckDBPyConnection) -> None:
    world, promise = a_quarter(random.Random(seed))  # noqa: S311 - a test, not a lottery
    assert agrees(world, promise)
    assert pinned(frozen, world, promise) == [], (world, promise)


@pytest.mark.parametrize(
    "quarter",
    [
        Quarter(
            (20, 20, 20), (9, 9, 9), (22, 16, 22, 10, 5, 6, 6), (22, 0, 59)
        ),  # the largest is no larger than the next
        Quarter((20, 20, 20), (9, 9, 9), (29, 0, 31, 9, 6, 6, 6), (40, 20, 21)),
        Quarter((20, 20, 20), (0, 9, 9), (20, 20, 20, 9, 9, 0, 0), (40, 20, 18)),
        Quarter((0, 0, 0), (0, 0, 0), (0,) * 7, (0, 0, 0)),
        Quarter((20, 20, 20), (20, 4, 9), (20, 20, 20, 0, 0, 0, 33), (8, 0, 52)),
    ],
)
def test_nor_in_the_cases_where_hiding_the_largest_gave_it_away(
    quarter: Quarter, frozen: duckdb.DuckDBPyConnection
) -> None:
    assert agrees(flat(quarter), quarter.promise)
    assert pinned(frozen, flat(quarter), quarter.promise) == []
