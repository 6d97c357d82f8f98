"""Mutuals' numbers of the sample beside those worked out straight from its world, line by line.

By hand, on what `mutuals demo --once` left:  python -m tests.app.straight.compare mutuals-demo
It takes some seconds, prints every line that differs and how many agree, and ends with 1 where one differs.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from app import queries
from app.cli import demo_folder
from collectors.sample.community.people import circles
from collectors.sample.community.requests import asks_of_week
from collectors.sample.history import collection_times, last_settled_quarter
from collectors.sample.settings import sample_settings
from collectors.sample.world import World
from tests.independent.held_posts import is_imported
from tests.independent.numbers import BUCKETS, KINDS, Straight, within
from tests.independent.shown_numbers import Told
from warehouse.settings import Group
from warehouse.snapshots.reader import open_reader

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """One number, as Mutuals tells it and as it was worked out straight."""

    group: str
    about: str
    what: str
    told: Any
    straight: Any

    @property
    def agrees(self) -> bool:
        """Are they the same? Times to the second: servers give milliseconds."""
        if isinstance(self.told, float) and isinstance(self.straight, float):
            return abs(self.told - self.straight) < 1 / 3600
        return bool(self.told == self.straight)


def lines(told: Told, world: World, looks: Sequence[datetime]) -> Iterator[Line]:
    """Every comparison for one group."""
    straight = Straight(world, told.group, looks, set(told.requests["key"]), told.read_at)
    name = told.group.id
    yield Line(name, "all", "posts held", sorted(told.held), sorted(straight.held))
    yield from _requests(told, straight)
    yield from _posts(told, straight)
    first, today = straight.day(looks[0]), straight.day(told.now)
    monday = first + timedelta(days=-first.weekday() % 7)
    rows = queries.week.between(told.reader, told.now, name, monday, today)
    for row in rows.itertuples():
        start = row.week_start_date.date()
        yield from _span(told, straight, f"week of {start}", row, start, start + WEEK)
    month = today.replace(day=1) - timedelta(days=1)
    spans = (
        (monday, monday + 9 * WEEK),
        (month.replace(day=1), month + timedelta(days=1)),
        (today - 2 * WEEK, today),
    )
    for start, end in spans:
        row = next(queries.period.numbers(told.reader, told.now, name, start, end).itertuples())
        yield from _span(told, straight, f"{start} to {end}", row, start, end)
        yield from _people(told, straight, f"{start} to {end}", start, end)
    yield from _queue(told, straight)
    yield from _summary(told, world, looks)


def _requests(told: Told, straight: Straight) -> Iterator[Line]:
    """The export, request by request."""
    rows = {row.key: row for row in told.requests.itertuples()}
    yield Line(told.group.id, "export", "requests", sorted(rows), sorted(one.post.key for one in straight.requests))
    for one in straight.requests:
        row: Any = rows[one.post.key]
        facts = {
            "first_answer_hours": (_number(row.first_answer_hours), None if is_imported(one.post) else one.hours),
            "answerers_count": (int(row.answerers_count), len({who for _, who, _ in one.answers})),
            "answers_count": (int(row.answers_count), len(one.answers)),
            "is_answered_by_group": (bool(row.is_answered_by_group), one.first_by(True) is not None),
            "is_answered_by_peer": (bool(row.is_answered_by_peer), one.first_by(False) is not None),
            "has run out": (bool(row.is_due or row.is_due_unknown), one.is_due(straight.now, straight.promise)),
            "local_date": (row.local_date.date(), one.local_date),
        }
        for what, (mutuals, plain) in facts.items():
            yield Line(told.group.id, f"request {one.post.key}", what, mutuals, plain)


def _posts(told: Told, straight: Straight) -> Iterator[Line]:
    """The export, own post by own post."""
    rows = {row.key: row for row in told.posts.itertuples()}
    yield Line(told.group.id, "export", "own posts", sorted(rows), sorted(one.key for one in straight.own_posts))
    for post in straight.own_posts:
        row: Any = rows[post.key]
        for kind in KINDS:
            last = told.read_at[post.key][-1]
            count = getattr(row, f"{kind}_count")
            yield Line(told.group.id, f"post {post.key}", kind, int(count), straight.count(post, kind, last))


def _span(told: Told, straight: Straight, about: str, row: Any, start: date, end: date) -> Iterator[Line]:
    """shown.weeks and shown.periods: the same numbers of any days."""
    asked = straight.asked_in(start, end)
    due = [one for one in asked if one.is_due(straight.now, straight.promise)]
    gained = {kind: straight.gained(straight.own_posts, kind, start, end) for kind in KINDS}
    replies = straight.replies_gained(start, end)
    waits = straight.waits(start, end)
    facts = {
        "posts_count": len(straight.published(start, end)),
        "asks_count": len(asked),
        "answered_in_promise_count": sum(one.is_in_time(straight.promise) for one in due),
        "answered_count": sum(one.first_at is not None for one in asked),
        "by_group_count": sum(one.first_by(True) is not None for one in asked),
        "by_peer_count": sum(one.first_by(False) is not None for one in asked),
        "replies_gained": replies,
        **{f"{kind}_gained": count for kind, count in gained.items()},
        "engagement_gained": sum(gained.values()) + replies,
        "followers_end": straight.followers(start, end),
    }
    if not row.unknown_count:  # else somebody waits in a thread that was not read to its end, for as long as it was
        facts |= {"median_hours": within(waits, 0.5), "p90_hours": within(waits, 0.9)}
    yield Line(told.group.id, about, "due_count", int(row.due_count + row.unknown_count), len(due))
    for what, plain in facts.items():
        value = _number(getattr(row, what))
        yield Line(told.group.id, about, what, value, plain)


def _people(told: Told, straight: Straight, about: str, start: date, end: date) -> Iterator[Line]:
    """Helpers, newcomers, who wrote, hashtags."""
    name, here = told.group.id, (told.reader, told.now, told.group.id, start, end)
    helpers: Any = next(queries.community.helpers(*here).itertuples())
    if not helpers.forgotten_count:  # else who wrote is not known any more
        yield Line(name, about, "helpers", int(helpers.helpers_count), len(straight.helpers(start, end)))
        who = {one.post.author for one in straight.asked_in(start, end)}
        yield Line(name, about, "askers", int(helpers.askers_count), len(who))
        regulars: Any = next(queries.community.regulars(*here).itertuples())
        yield Line(name, about, "people who wrote", int(regulars.people_count), len(straight.writers(start, end)))
    yield Line(name, about, "answers", int(helpers.answers_count), straight.answering(start, end))
    newcomers = queries.community.newcomers(*here)
    if not newcomers.empty:
        count = int(newcomers.iloc[0]["newcomers_count"])
        yield Line(name, about, "newcomers", count, len(straight.newcomers(start, end)))
    tags = {row.tag: int(row.posts_count) for row in queries.content.hashtags(*here).itertuples()}
    yield Line(name, about, "hashtags", tags, dict(straight.tags(start, end)))


def _queue(told: Told, straight: Straight) -> Iterator[Line]:
    """Who waits and was never answered, of those who asked within the last 30 days."""
    rows = told.requests[told.requests["state"].isin(("unanswered", "unknown"))]
    nobody = [
        one.post.key
        for one in straight.requests
        if not one.answers and straight.is_open(one.post) and one.gone_at is None
    ]
    yield Line(told.group.id, "now", "never answered, and open", sorted(rows["key"]), sorted(nobody))


def _summary(told: Told, world: World, looks: Sequence[datetime]) -> Iterator[Line]:
    """The frozen quarter as trustees read it, by what was known when it was written down."""
    sql = "select quarter, any_value(frozen_at) as at from frozen.quarters where group_id = $g group by quarter order by quarter"
    for frozen in told.reader.frame(sql, told.now, g=told.group.id).itertuples():
        known = [look for look in looks if look <= frozen.at]
        straight = Straight(world, told.group, known, set(told.requests["key"]), told.read_at)
        rows = queries.summary.quarters(told.reader, told.now, told.group.id)
        rows = rows[rows["quarter"] == frozen.quarter]
        unread = told.unread(str(frozen.quarter))
        exact = _quarter(straight, date(int(frozen.quarter[:4]), int(frozen.quarter[-1]) * 3 - 2, 1), unread)
        for row in rows.itertuples():
            if (row.chart, row.part) in exact:
                value, text = exact[row.chart, row.part]
                about = f"summary of {frozen.quarter}"
                yield Line(told.group.id, about, f"{row.label}: {row.value_text}", True, _is_told(row, value, text))


def _quarter(straight: Straight, start: date, unread: Mapping[str, int]) -> dict[tuple[str, str], tuple[int, str]]:
    """(chart, part) → the exact number, and how it reads where nothing has to be hidden.

    `unread`: month → requests without a known answer whose thread could not be read whole; they are in no figure.
    """
    months = [_month(start, number) for number in range(4)]
    due = [one for one in straight.asked_in(start, months[3]) if one.is_due(straight.now, straight.promise)]
    found: dict[tuple[str, str], tuple[int, str]] = {}
    hours = sorted(BUCKETS.items(), key=lambda one: one[1])
    speeds = Counter(
        next((part for part, most in hours if one.hours <= most), "") for one in due if one.hours is not None
    )
    for part in BUCKETS:
        found["speed", part] = (speeds[part], f"{speeds[part]:,}")
    none = sum(one.hours is None for one in due) - sum(unread.values())
    found["speed", "none"] = (none, f"{none:,}")
    by = Counter((one.first_by(False) is not None, one.first_by(True) is not None) for one in due)
    for part, which in (("peers", (True, False)), ("group", (False, True)), ("both", (True, True))):
        found["answered_by", part] = (by[which], f"{by[which]:,}")
    for month, after in pairwise(months):
        these = [one for one in due if month <= one.local_date < after]
        kept = sum(one.is_in_time(straight.promise) for one in these)
        known = len(these) - unread[f"{month:%Y-%m}"]
        found["asked", f"{month:%Y-%m}"] = (kept, f"{kept:,} of {known:,}")
        gained = sum(straight.gained(straight.own_posts, kind, month, after) for kind in KINDS)
        gained += straight.replies_gained(month, after)
        found["community", f"{month:%Y-%m} engagement"] = (gained, f"{gained:,}")
        followers = straight.followers(after - WEEK, after) or 0
        found["community", f"{month:%Y-%m} followers"] = (followers, f"{followers:,}")
    return found


def _month(start: date, number: int) -> date:
    place = start.month - 1 + number
    return date(start.year + place // 12, place % 12 + 1, 1)


def _is_told(row: Any, value: int, text: str) -> bool:
    """Does a line of the summary say the exact number, or hide it truthfully?"""
    said = str(row.value_text)
    if said == "fewer than 5":
        return value < 5 or (row.chart == "asked" and int(text.split(" of ")[1]) < 5)
    if said.startswith("all but fewer than 5"):
        whole = text.split(" of ")[1]
        return said == f"all but fewer than 5 of {whole}" and int(whole) - value < 5
    return said in ("not shown", text)


def _number(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    return float(value) if isinstance(value, float) and not float(value).is_integer() else int(value)


def written_asks(world: World, group: Group, looks: Sequence[datetime]) -> set[str]:
    """The posts that the sample's writer meant as asks, for the rules to find."""
    first, last = looks[0].date(), looks[-1].date()
    circle = next(one for one in circles(first, last) if one.id == group.id)
    posts = {one.key for one in world.posts}
    monday, found = first - timedelta(days=first.weekday()), set()
    while monday <= last:
        found |= {ask.key for ask in asks_of_week(demo_folder.SEED, circle, monday, [])} & posts
        monday += WEEK
    return found


def main(folder: Path) -> int:
    """Compare what `mutuals demo --once` left in a folder."""
    nowhere = "http://127.0.0.1:1"
    settings = sample_settings(folder, home_url=nowhere, other_url=nowhere, appview_url=nowhere, pds_url=nowhere)
    reader = open_reader(settings)
    now = reader.published_at
    looks = collection_times(last_settled_quarter(now), now)
    world = demo_folder.world(looks[0], now)()
    bad = 0
    for group in settings.groups:
        found = list(lines(Told(reader, now, group, world, folder), world, looks))
        wrong = [one for one in found if not one.agrees]
        bad += len(wrong)
        say(f"{group.name}: {len(found) - len(wrong)} of {len(found)} numbers agree")
        for one in wrong:
            say(f"  {one.about}, {one.what}: told {one.told}, straight {one.straight}")
    return 1 if bad else 0


def say(text: str) -> None:
    """One line for whoever runs it."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
