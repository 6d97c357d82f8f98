"""A trustee who asks for every report there is, of every quarter and group, and lays them side by side, learns no number under 5.

tests/warehouse/models/test_summary_attack.py does it for one quarter's charts. Here are whole reports (the page, the PDF, the
HTML and the members' sheet are all set from the same Report), in pairs: a quarter beside the one before and the one after, with
goals, comparisons, flags, what could not be read, and the community's numbers.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import unescape

import duckdb
import pandas as pd
import pytest

from app.reports.paper import html, members, trustees
from app.reports.paper.quarter import Report, build_report
from tests.support.village import NOW
from tests.warehouse.models.conftest import MIGRATIONS
from tests.warehouse.models.test_summary import HELPERS, SPEED
from tests.warehouse.models.test_summary_attack import Flat, a_quarter, agrees, neighbours
from warehouse.settings import Goal
from warehouse.settings.schema import GOALS
from warehouse.transform.definitions import definitions, shown_views
from warehouse.transform.freeze import summarise

STARTS = {"2026-Q2": date(2026, 4, 1), "2026-Q3": date(2026, 7, 1), "2026-Q4": date(2026, 10, 1)}
WISHES = tuple(Goal("g", measure, target) for measure in GOALS for target in (80, 7_777))
_NUMBER = re.compile(r"\d[\d,]*")


@dataclass(frozen=True)
class World:
    """A quarter's exact numbers."""

    flat: Flat  # as in test_summary_attack: 3 months in time, 3 late, 7 waits, 3 who answered
    promise: int
    unknown: tuple[int, int, int]
    followers: tuple[int, int, int]
    engagement: tuple[int, int, int]
    flagged: int

    def cells(self, start: date) -> Iterator[tuple[str, str, int, str, int]]:
        """chart, part, its place, kind, value."""
        months = [f"{start.year}-{start.month + n:02}" for n in range(3)]
        for name, values in (
            ("in_time", self.flat[:3]),
            ("late", self.flat[3:6]),
            ("unknown", self.unknown),
        ):
            yield from (("asked", months[n], n, name, values[n]) for n in range(3))
        yield from (("speed", part, n, "", self.flat[6 + n]) for n, part in enumerate(SPEED))
        yield from (("answered_by", part, n, "", self.flat[13 + n]) for n, part in enumerate(HELPERS))
        for name, values in (("followers", self.followers), ("engagement", self.engagement)):
            yield from (("community", months[n], n, name, values[n]) for n in range(3))
        yield ("flagged", "flagged", 0, "", self.flagged)

    def small(self) -> dict[str, int]:
        """Every number under 5 that a report is about, by what it is."""
        named = {f"cell {n}": value for n, value in enumerate(self.flat)}
        named |= {f"asked {n}": self.flat[n] + self.flat[n + 3] for n in range(3)}
        named |= {"unknown": sum(self.unknown), "flagged": self.flagged}
        named |= {f"engagement {n}": value for n, value in enumerate(self.engagement)}
        named |= {f"followers {n}": value for n, value in enumerate(self.followers)}
        return {name: value for name, value in named.items() if value < 5}

    def others(self) -> Iterator["World"]:
        """Quarters that agree with themselves and differ a little."""
        for flat in sorted({one for one in neighbours(self.flat, self.promise) if agrees(one, self.promise)}):
            yield replace(self, flat=flat)
        for value in range(5):
            yield replace(self, flagged=value)
            yield replace(self, unknown=(value, 0, 0))
            for n in range(3):
                yield replace(self, engagement=(*self.engagement[:n], value - 2, *self.engagement[n + 1 :]))
                yield replace(self, followers=(*self.followers[:n], value, *self.followers[n + 1 :]))


def a_world(dice: random.Random) -> World:
    flat, promise = a_quarter(dice)
    few = (0, 1, 2, 3, 4, 5, 6, 7)
    crowd = dice.choice((3, 40, 500))
    return World(
        flat, promise, (dice.choice(few), dice.choice((0, 0, 1)), dice.choice((0, 2))),
        (crowd, crowd + dice.choice(few), crowd + dice.choice(few)),
        (dice.randint(-9, 9), dice.randint(0, 60), dice.choice(few)), dice.choice(few),
    )  # fmt: skip


@pytest.fixture(scope="module")
def frozen() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as con:
        for migration in MIGRATIONS:
            con.execute(migration.read_text())
        yield con


def told(con: duckdb.DuckDBPyConnection, worlds: Sequence[World], quarter: str) -> list[pd.DataFrame]:
    """What a trustee's reader gives of each of them, through the real SQL; every world is a group of its own."""
    start = STARTS[quarter]
    con.execute("delete from frozen.quarters")
    cells = [
        (str(n), quarter, start, world.promise, start, False, *cell, NOW.replace(tzinfo=None))
        for n, world in enumerate(worlds)
        for cell in world.cells(start)
    ]
    names = [name for name, *_ in con.execute("select * from frozen.quarters").description or ()]
    con.register("cells", pd.DataFrame(cells, columns=names))
    con.execute("insert into frozen.quarters select * from cells")
    con.unregister("cells")
    summarise(con)
    whole = con.execute("select * from frozen.summary order by group_id::integer, quarter desc, chart, part_order").df()
    return [rows.assign(group_id="g").reset_index(drop=True) for _, rows in whole.groupby("group_id", sort=False)]


def a_report(rows: pd.DataFrame, before: pd.DataFrame) -> Report:
    chosen = str(rows.iloc[0].quarter)
    return build_report(pd.concat([rows, before], ignore_index=True), "G", chosen, NOW, goals=WISHES)


@pytest.mark.parametrize("seed", range(8))
def test_beside_every_other_report_every_number_under_5_could_be_another_one(
    seed: int, frozen: duckdb.DuckDBPyConnection
) -> None:
    dice = random.Random(seed)  # noqa: S311 - a test, not a lottery
    world = a_world(dice)
    there = [world, *dict.fromkeys(world.others())]
    frames = told(frozen, there, "2026-Q3")
    (before,) = told(frozen, [a_world(dice)], "2026-Q2")
    (after,) = told(frozen, [a_world(dice)], "2026-Q4")
    here = frames[0]
    alike = [(one, rows) for one, rows in zip(there, frames, strict=True) if rows.equals(here)]
    stated = a_report(here, before), a_report(after, here)
    unlike = dict(world.small())
    for one, rows in alike:
        found = [name for name, value in unlike.items() if one.small().get(name, 99) != value]
        if found:
            assert (a_report(rows, before), a_report(after, rows)) == stated
            unlike = {name: value for name, value in unlike.items() if name not in found}
    assert not unlike, f"only one number fits: {unlike} of {world}"


def test_the_attack_would_find_a_number_that_is_told(frozen: duckdb.DuckDBPyConnection) -> None:
    """The control: with the flags' real number in the words, no other world reads the same."""
    world = replace(a_world(random.Random(1)), flagged=3)  # noqa: S311 - a test, not a lottery
    there = [replace(world, flagged=value) for value in range(5)]
    frames = told(frozen, there, "2026-Q3")
    assert all(rows.equals(frames[0]) for rows in frames)
    leaking = [
        rows.assign(value_text=rows["value_text"].where(rows["chart"] != "flagged", str(one.flagged)))
        for one, rows in zip(there, frames, strict=True)
    ]
    assert len({a_report(rows, rows).flagged for rows in leaking}) == 5


@pytest.mark.parametrize("seed", range(8))
def test_a_report_states_no_number_but_those_that_are_told_and_their_sums(
    seed: int, frozen: duckdb.DuckDBPyConnection
) -> None:
    dice = random.Random(100 + seed)  # noqa: S311 - a test, not a lottery
    (rows,), (before,) = told(frozen, [a_world(dice)], "2026-Q3"), told(frozen, [a_world(dice)], "2026-Q2")
    for frame in (rows, before):
        hidden = frame[frame["is_hidden"].astype(bool)]
        assert hidden[["value", "percent"]].isna().all(axis=None), "what is hidden is not there"
    made = a_report(rows, before)
    text = " ".join(
        unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", content.decode(), flags=re.DOTALL))
        for content in (html.render_html(made, trustees.limits(made)), members.render_html(made))
    )
    assert {int(one.replace(",", "")) for one in _NUMBER.findall(text)} <= allowed(rows) | allowed(before)


def allowed(rows: pd.DataFrame) -> set[int]:
    """Numbers that are told, the sums of whole charts that are told, and what stands in every report."""
    words = " ".join([*rows["value_text"], *rows["n_text"], *rows["label"]])
    found = {int(one.replace(",", "")) for one in _NUMBER.findall(words)} | {
        int(one) for one in rows["percent"].dropna()
    }
    months = rows[(rows["chart"] == "asked") & (rows["part"] != "unknown")]
    if not months["is_hidden"].any() and months["n"].notna().all():
        value, n = int(months["value"].sum()), int(months["n"].sum())
        found |= {value, n, 100 * value // n if n else 0}
    gained = rows[(rows["chart"] == "community") & rows["part"].str.endswith("engagement")]
    if not gained["is_hidden"].any():
        found.add(int(gained["value"].sum()))
    always = {5, 80, 7_777, 2026, NOW.day, *range(len(WISHES) + 1)}  # “fewer than 5”, goals, dates, “2 of 6 goals”
    hours = int(rows.iloc[0].promise_hours)
    return found | always | {hours, hours // 24}


def test_counts_from_elsewhere_and_everything_about_a_post_are_not_among_what_a_trustee_can_read() -> None:
    reads = {name for view, _ in shown_views("trustee") for name in definitions()[view].reads if "." in name}
    assert reads == {"frozen.summary", "stored.groups", "stored.group_accounts", "stored.sources"}
