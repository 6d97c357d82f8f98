"""What trustees read: right, frozen, and not to be worked out by adding and subtracting."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.models.conftest import MIGRATIONS, Town, at, named
from warehouse.storage import rows
from warehouse.transform.freeze import summarise

SPEED = ("0-1h", "1-4h", "4-24h", "1-3d", "3-7d", "over-7d", "none")
QUICK = {1: 1, 4: 2, 24: 3, 72: 4, 168: 5}  # how many of these are within the promise
HELPERS = ("peers", "group", "both")
MONTHS = ("2026-07", "2026-08", "2026-09")


@dataclass(frozen=True)
class Quarter:
    """Exact numbers that agree with each other, as real ones do."""

    in_time: tuple[int, ...]
    late: tuple[int, ...]
    speed: tuple[int, ...]
    answered_by: tuple[int, ...]
    promise: int = 24

    @property
    def is_consistent(self) -> bool:
        quick = QUICK[self.promise]
        return (
            sum(self.in_time) == sum(self.speed[:quick])
            and sum(self.late) == sum(self.speed[quick:])
            and sum(self.answered_by) == sum(self.speed[:6])
        )


def told(con: duckdb.DuckDBPyConnection, quarter: Quarter) -> dict[tuple[str, str], dict[str, object]]:
    """The summary's rows by chart and part, for one quarter's exact numbers."""
    con.execute("delete from frozen.quarters")
    cells = [("asked", part, "in_time", value) for part, value in zip(MONTHS, quarter.in_time, strict=True)]
    cells += [("asked", part, "late", value) for part, value in zip(MONTHS, quarter.late, strict=True)]
    cells += [("speed", part, "", value) for part, value in zip(SPEED, quarter.speed, strict=True)]
    cells += [("answered_by", part, "", value) for part, value in zip(HELPERS, quarter.answered_by, strict=True)]
    lists = {"asked": MONTHS, "speed": SPEED, "answered_by": HELPERS}
    values = [("g", "2026-Q3", date(2026, 7, 1), quarter.promise, date(2026, 7, 1), False, chart, part,
               lists[chart].index(part), kind, value, at("2026-10-08 00:00").replace(tzinfo=None))
              for chart, part, kind, value in cells]  # fmt: skip
    con.execute(
        f"insert into frozen.quarters values {', '.join(['(' + ', '.join('?' * 12) + ')'] * len(values))}",
        [item for row in values for item in row],
    )
    summarise(con)
    found = con.execute("select * from frozen.summary")
    names = [column[0] for column in found.description or ()]
    return {(row[6], row[7]): dict(zip(names, row, strict=True)) for row in found.fetchall()}


@pytest.fixture(scope="module")
def frozen() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as con:
        for migration in MIGRATIONS:
            con.execute(migration.read_text())
        yield con


Range = tuple[int, int]
HIGH = 10_000


def bounds(row: dict[str, object], of: int | None) -> Range:
    """What a reader knows of one number from its own words. `of` is the month's number asked, where it is told."""
    words = str(row["value_text"])
    if words.startswith("fewer than 5"):
        return (0, 4)
    if words.startswith("all but fewer than 5"):
        assert of is not None
        return (of - 4, of)
    if words.startswith("not shown"):
        return (0, HIGH)
    value = row["value"]
    assert isinstance(value, int)
    return (value, value)


def total(ranges: list[Range]) -> Range:
    return (sum(low for low, _ in ranges), sum(high for _, high in ranges))


def both(one: Range, other: Range) -> Range:
    return (max(one[0], other[0]), min(one[1], other[1]))


def shifted(one: Range, by: int) -> Range:
    return (one[0] + by, one[1] + by)


class Attacker:
    """Knows every row, and how the charts add up, and asks of a hidden number: may it be this?

    Exact, not a guess: once the quarter's number in time is chosen, what is left are sums of ranges.
    """

    def __init__(self, rows: dict[tuple[str, str], dict[str, object]], promise: int) -> None:
        self.within = QUICK[promise]
        self.known: dict[str, list[Range]] = {"in_time": [], "late": [(0, HIGH)] * 3, "n": []}
        for part in MONTHS:
            row = rows["asked", part]
            n = row["n"]
            assert n is None or isinstance(n, int)
            self.known["n"].append((n, n) if n is not None else (0, 4 if row["n_text"] == "fewer than 5" else HIGH))
            self.known["in_time"].append(bounds(row, n))
        self.known["speed"] = [bounds(rows["speed", part], None) for part in SPEED]
        self.known["answered_by"] = [bounds(rows["answered_by", part], None) for part in HELPERS]
        self.totals = [
            self._exactly(rows[chart, part]["n"]) for chart, part in (("speed", "none"), ("answered_by", "both"))
        ]

    def can_be(self, chart: str, place: int, value: int) -> bool:
        known = {name: list(ranges) for name, ranges in self.known.items()}
        known[chart][place] = both(known[chart][place], (value, value))
        months = [self._tight(*one) for one in zip(known["in_time"], known["late"], known["n"], strict=True)]
        if any(low > high for month in months for low, high in month):
            return False
        in_time, late, asked = (total([month[number] for month in months]) for number in range(3))
        asked = both(asked, self.totals[0])
        quick, none = total(known["speed"][: self.within]), known["speed"][6]
        slow = total(known["speed"][self.within : 6])
        answered = both(total(known["answered_by"]), self.totals[1])
        if any(low > high for low, high in (*known["speed"], *known["answered_by"])):
            return False
        quick = both(in_time, quick)
        for quickly in range(quick[0], min(quick[1], quick[0] + 400) + 1):
            slowly = both(slow, shifted(answered, -quickly))
            lately = both(late, shifted(asked, -quickly))
            reached = both((slowly[0] + none[0], slowly[1] + none[1]), lately)
            if slowly[0] <= slowly[1] and lately[0] <= lately[1] and reached[0] <= reached[1]:
                return True
        return False

    @staticmethod
    def _tight(in_time: Range, late: Range, asked: Range) -> tuple[Range, Range, Range]:
        asked = both(asked, (in_time[0] + late[0], in_time[1] + late[1]))
        in_time = both(in_time, (asked[0] - late[1], asked[1] - late[0]))
        late = both(late, (asked[0] - in_time[1], asked[1] - in_time[0]))
        return in_time, late, asked

    @staticmethod
    def _exactly(n: object) -> Range:
        return (n, n) if isinstance(n, int) else (0, HIGH)


def small_places(quarter: Quarter) -> list[tuple[str, int]]:
    """Every number under 5 that somebody might want to know."""
    asked = tuple(one + other for one, other in zip(quarter.in_time, quarter.late, strict=True))
    lists = {
        "in_time": quarter.in_time, "late": quarter.late, "n": asked,
        "speed": quarter.speed, "answered_by": quarter.answered_by,
    }  # fmt: skip
    return [(chart, place) for chart, values in lists.items() for place, value in enumerate(values) if value < 5]


def assert_nothing_can_be_had(con: duckdb.DuckDBPyConnection, quarter: Quarter) -> None:
    rows = told(con, quarter)
    attacker = Attacker(rows, quarter.promise)
    for row in rows.values():
        assert row["value"] is None or int(str(row["value"])) >= 5, row
        assert row["n"] is None or int(str(row["n"])) >= 5, row
    for chart, place in small_places(quarter):
        possible = [value for value in range(40) if attacker.can_be(chart, place, value)]
        assert len(possible) >= 5, (
            chart,
            place,
            possible,
            quarter,
            {key: row["value_text"] for key, row in rows.items()},
        )


def split(sizes: st.SearchStrategy[int], count: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(sizes, min_size=count, max_size=count).map(tuple)


@st.composite
def quarters(draw: st.DrawFn) -> Quarter:
    """Any quarter whose numbers agree, small ones often."""
    sizes = st.one_of(st.integers(0, 6), st.integers(0, 30))
    speed = draw(split(sizes, 7))
    promise = draw(st.sampled_from(sorted(QUICK)))
    quick, slow, answered = sum(speed[: QUICK[promise]]), sum(speed[QUICK[promise] :]), sum(speed[:6])

    def parted(whole: int) -> tuple[int, ...]:
        one = draw(st.integers(0, whole))
        other = draw(st.integers(0, whole - one))
        return (one, other, whole - one - other)

    return Quarter(parted(quick), parted(slow), speed, parted(answered), promise)


@settings(max_examples=150, deadline=None)
@given(quarter=quarters())
def test_no_small_number_can_be_worked_out(frozen: duckdb.DuckDBPyConnection, quarter: Quarter) -> None:
    """Adding and subtracting over all rows leaves at least five values for every number under 5."""
    assert_nothing_can_be_had(frozen, quarter)


@pytest.mark.parametrize(
    "quarter",
    [
        Quarter((0, 0, 0), (0, 0, 0), (0,) * 7, (0, 0, 0)),  # nobody asked
        Quarter((20, 22, 20), (0, 0, 0), (20, 30, 12, 0, 0, 0, 0), (40, 5, 17)),  # all answered in time
        Quarter((0, 0, 0), (9, 9, 9), (0, 0, 0, 0, 0, 0, 27), (0, 0, 0)),  # none answered
        Quarter((20, 20, 20), (9, 9, 2), (20, 20, 20, 10, 4, 4, 2), (40, 20, 18)),  # one month few were late
        Quarter((20, 20, 20), (9, 9, 9), (20, 38, 2, 10, 5, 6, 6), (40, 20, 21)),  # one small bucket
        Quarter((8, 8, 2), (8, 8, 2), (6, 6, 6, 6, 6, 5, 1), (20, 10, 5)),  # no month has room
        Quarter((1, 0, 0), (0, 0, 0), (1, 0, 0, 0, 0, 0, 0), (1, 0, 0)),  # a single one
    ],
)
def test_nor_in_the_cases_that_are_hardest_to_hide(frozen: duckdb.DuckDBPyConnection, quarter: Quarter) -> None:
    assert quarter.is_consistent
    assert_nothing_can_be_had(frozen, quarter)


def test_numbers_that_are_large_enough_are_shown_as_they_are(frozen: duckdb.DuckDBPyConnection) -> None:
    rows = told(frozen, Quarter((20, 20, 20), (9, 8, 7), (20, 20, 20, 6, 6, 6, 6), (40, 20, 18)))
    assert rows["asked", "2026-07"]["value_text"] == "20 of 29"
    assert rows["asked", "2026-07"]["percent"] == 69
    assert (rows["speed", "0-1h"]["value"], rows["speed", "0-1h"]["n"]) == (20, 84)
    assert not any(row["is_hidden"] for key, row in rows.items() if key[1] != "unknown")


def test_a_small_number_reads_fewer_than_5_and_takes_a_second_one_with_it(frozen: duckdb.DuckDBPyConnection) -> None:
    rows = told(frozen, Quarter((20, 20, 20), (9, 9, 9), (20, 38, 2, 10, 5, 6, 6), (40, 20, 21)))
    texts = {part: rows["speed", part]["value_text"] for part in SPEED}
    assert texts["4-24h"] == "fewer than 5"
    assert texts["0-1h"] == "not shown"  # the first of those whose sum the months give away, never the largest
    assert texts["1-4h"] == "38"
    assert {rows["speed", part]["percent"] for part in SPEED} == {None}


def test_five_is_shown_and_four_is_not(frozen: duckdb.DuckDBPyConnection) -> None:
    rows = told(frozen, Quarter((20, 20, 20), (9, 9, 9), (20, 20, 20, 12, 5, 5, 5), (60, 5, 17)))
    assert rows["answered_by", "group"]["value_text"] == "5"
    rows = told(frozen, Quarter((20, 20, 20), (9, 9, 9), (20, 20, 20, 12, 5, 5, 5), (61, 4, 17)))
    assert (rows["answered_by", "group"]["value_text"], rows["answered_by", "group"]["value"]) == ("fewer than 5", None)


def test_when_nearly_all_were_answered_in_time_it_says_so(frozen: duckdb.DuckDBPyConnection) -> None:
    rows = told(frozen, Quarter((20, 22, 20), (0, 0, 0), (20, 30, 12, 0, 0, 0, 0), (40, 5, 17)))
    assert rows["asked", "2026-07"]["value_text"] == "all but fewer than 5 of 20"


def busy(town: Town) -> None:
    """Six asks in July, answered by a peer after half an hour."""
    for number in range(6):
        town.post(f"ask{number}", "ann", f"2026-07-1{number} 10:00", asks=True)
        town.post(f"reply{number}", "ben", f"2026-07-1{number} 10:30", f"ask{number}")
    town.rebuild()


def quarter_rows(town: Town) -> dict[tuple[str, str, str], int | None]:
    found = town.con.execute("select chart, part, kind, value from frozen.quarters").fetchall()
    return {(chart, part, kind): value for chart, part, kind, value in found}


def test_a_quarter_is_written_down_seven_days_after_its_end(town: Town) -> None:
    busy(town)
    assert town.freeze("2026-10-07 22:59") == []  # London is an hour ahead: 23:59 on the 7th
    assert town.freeze("2026-10-07 23:00") == [("riverside", date(2026, 7, 1))]
    rows = quarter_rows(town)
    assert rows["asked", "2026-07", "in_time"] == 6
    assert rows["speed", "0-1h", ""] == 6
    assert rows["answered_by", "peers", ""] == 6


def test_and_never_again(town: Town) -> None:
    busy(town)
    town.freeze("2026-10-08 12:00")
    before = quarter_rows(town)
    town.post("late", "cat", "2026-07-20 10:00", asks=True)
    town.rebuild()
    assert town.freeze("2026-11-20 12:00") == []
    assert quarter_rows(town) == before


def test_collecting_that_began_in_the_middle_says_so_and_counts_from_there(town: Town) -> None:
    town.con.execute("update stored.groups set collecting_since_at = '2026-07-13 00:00'")
    busy(town)
    town.freeze("2026-10-08 12:00")
    assert quarter_rows(town)["asked", "2026-07", "in_time"] == 3  # the 13th, 14th and 15th
    assert town.con.execute("select distinct is_partial, from_date from frozen.summary").fetchall() == [
        (True, date(2026, 7, 13))
    ]


def test_a_quarter_before_collecting_began_is_never_written(town: Town) -> None:
    town.con.execute("update stored.groups set collecting_since_at = '2026-10-02 00:00'")
    busy(town)
    assert town.freeze("2026-11-20 12:00") == []


def test_it_waits_until_older_posts_have_arrived(town: Town) -> None:
    busy(town)
    source = rows.Source("s", "riverside", "mastodon", "carers.example", "own", "x", at("2026-10-01 00:00"),
                         at("2026-10-01 00:00"), 0, False, None, None, None)  # fmt: skip
    town.insert(source)
    assert town.freeze("2026-10-08 12:00") == []
    town.con.execute("update stored.sources set is_backfilled = true")
    assert town.freeze("2026-10-08 12:00") != []


def test_the_community_chart_has_followers_at_the_months_end_and_engagement_of_the_month(town: Town) -> None:
    town.post("news", "riverside", "2026-07-10 10:00")
    town.count("news", "2026-07-10 11:00", likes=7)
    town.count("news", "2026-08-02 11:00", likes=9)
    town.followers("2026-07-30 10:00", 120)  # the last reading of July, within its last week
    town.followers("2026-08-10 10:00", 130)  # too far from August's end to stand for it
    town.rebuild()
    town.freeze("2026-10-08 12:00")
    rows = quarter_rows(town)
    assert (rows["community", "2026-07", "followers"], rows["community", "2026-08", "followers"]) == (120, None)
    assert (rows["community", "2026-07", "engagement"], rows["community", "2026-08", "engagement"]) == (7, 2)


def test_trustees_read_no_name_no_post_and_no_exact_small_number(town: Town) -> None:
    busy(town)
    town.freeze("2026-10-08 12:00")
    rows = town.ask("select * from shown.summary")
    assert {row["chart"] for row in rows} == {"asked", "speed", "answered_by", "community", "flagged"}
    words = " ".join(str(value) for row in rows for value in row.values())
    assert not any(str(named(name)) in words for name in ("ann", "ben", "ask1"))
    assert all(row["value"] is None or row["value"] >= 5 for row in rows)


def test_replies_flagged_in_the_quarter_are_counted_and_few_of_them_are_not_told(town: Town) -> None:
    busy(town)
    for number, when in enumerate(("2026-06-30 22:59", *["2026-08-01 10:00"] * 5, "2026-09-30 23:00")):
        town.decide(f"reply{number % 6}", changed_at=at(when))
    town.con.execute("update stored.decisions set flag = 'hostile'")
    town.freeze("2026-10-08 12:00")
    assert quarter_rows(town)["flagged", "flagged", ""] == 5  # the first and the last lie outside the group's quarter
    (row,) = town.ask("select * from shown.summary where chart = 'flagged'")
    assert row["value_text"] == "5"
    town.con.execute("update frozen.quarters set value = 4 where chart = 'flagged'")
    summarise(town.con)
    (row,) = town.ask("select * from shown.summary where chart = 'flagged'")
    assert (row["value"], row["value_text"]) == (None, "fewer than 5")
