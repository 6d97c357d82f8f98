"""The sample community: two British self-help groups, their members and everything that ever happens to them.

Purpose-written; nobody in it exists. Everything is derived from a seed and the calendar date, so that a longer history only
appends to a shorter one. What is written is in texts/, who is there in people.py, when in rhythm.py.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from collectors.sample.community.activity_hours import local, monday, week_number
from collectors.sample.community.chat import chat, quotes
from collectors.sample.community.membership import audience, newcomers
from collectors.sample.community.outsiders import boosts, outsider_posts
from collectors.sample.community.own_posts import own_posts
from collectors.sample.community.people import Circle, Person, circles, outside, refusing
from collectors.sample.community.reactions import reactions
from collectors.sample.community.recent_days import recent_days
from collectors.sample.community.request_threads import refusing_answer, request_thread
from collectors.sample.community.requests import asks_of_week
from collectors.sample.world import Network, SampleAccount, SamplePost, SampleReaction, World

# Words that stand only in texts which must never be stored, by what they are.
CANARIES = {
    "private": "zebrafinch-private",  # followers-only and direct
    "refused": "zebrafinch-refused",  # by people whose profile says no: a card without text
    "hashtag": "zebrafinch-hashtag",  # found by the hashtag only, author has not agreed: a card without text
    "stranger": "zebrafinch-stranger",  # topic tag only: counted
    "elsewhere": "zebrafinch-elsewhere",  # by members, not to the group
}


def community(seed: int, start: datetime, until: datetime, lively_from: datetime | None = None) -> World:
    """Everything from `start` to `until` (aware): conversations that begin in between, with all that follows in them.

    What follows may lie after `until`; a server shows only what has happened by its clock. `lively_from` is the moment at
    which somebody begins to watch: the two days before it get open asks of every age (one of them from 23:20 last night,
    answered within 20 minutes; one from a night when nobody was there), the two hours after it something every few seconds.
    """
    first, last = local(start).date(), local(until).date()
    groups = circles(first, last)
    found: list[tuple[str, SamplePost]] = []
    given: list[SampleReaction] = []
    for circle in groups:
        calendar = [one for day in _days(first - timedelta(days=4), last) for one in own_posts(seed, circle, day)]
        posts = [one.post for one in calendar]
        for one in calendar:
            if start <= one.post.created_at < until:
                found.append((_own_kind(circle), one.post))
                found += [("reply", post) for post in chat(seed, circle, one)]
                found += [("around", post) for post in quotes(seed, circle, one.post)]
        for conversation in _conversations(seed, circle, posts, start, until):
            found += [("reply" if place else "ask", post) for place, post in enumerate(conversation)]
        for day in _days(first, last):
            found += [("around", post) for post in outsider_posts(seed, circle, day) if start <= _shown(post) < until]
            for post, boost in boosts(seed, circle, day):
                if start <= post.created_at < until:
                    found.append(("around", post))
                    given.append(boost)
    if lively_from is not None:
        live_posts, live_reactions = recent_days(seed, groups[0], lively_from, [post for _, post in found])
        found += live_posts
        given += live_reactions
    pool = {network: _crowd(groups, network) for network in ("mastodon", "bluesky")}
    given += [one for kind, post in found for one in reactions(seed, post, kind, pool)]
    return World(
        accounts=_accounts(seed, groups, first, last),
        posts=tuple(sorted((post for _, post in found), key=lambda post: (_shown(post), post.key))),
        reactions=_once_each(given),
    )


def _once_each(given: list[SampleReaction]) -> tuple[SampleReaction, ...]:
    """By time; nobody likes or boosts the same post twice."""
    ordered = sorted(given, key=lambda one: (one.at, one.post, one.account, one.kind))
    first: dict[tuple[str, str, str], SampleReaction] = {}
    for one in ordered:
        first.setdefault((one.post, one.account, one.kind), one)
    return tuple(first.values())


def _conversations(
    seed: int, circle: Circle, own: list[SamplePost], start: datetime, until: datetime
) -> Iterator[list[SamplePost]]:
    """Every ask that arrives in time, with what follows from it."""
    week, last = monday(local(start).date()), local(until).date()
    while week <= last:
        near = [post for post in own if timedelta(days=-9) < post.created_at - _noon(week) < timedelta(days=9)]
        for ask in asks_of_week(seed, circle, week, near):
            if start <= ask.at < until:
                if ask.parent is not None and ask.parent.created_at < start:
                    ask = replace(ask, parent=None, way="both")
                posts = request_thread(seed, ask)
                yield posts + refusing_answer(seed, ask, posts)
        week += timedelta(weeks=1)


def _accounts(seed: int, groups: tuple[Circle, ...], first: date, last: date) -> tuple[SampleAccount, ...]:
    people: list[Person] = []
    for circle in groups:
        people += [*circle.own.values(), *circle.team, *circle.regulars]
    people += [*refusing(), *outside(), *audience("mastodon"), *audience("bluesky")]
    for week in range(week_number(first) - 6, week_number(last) + 1):
        people += [one for circle in groups for one in newcomers(seed, circle.id, week)]
    return tuple(person.account for person in people)


def _crowd(groups: tuple[Circle, ...], network: Network) -> tuple[Person, ...]:
    """Everybody who likes and boosts on a network."""
    return (
        *audience(network),
        *(one for circle in groups for one in (*circle.on(network), *circle.on(network, circle.team))),
    )


def _own_kind(circle: Circle) -> str:
    return "own" if circle.id == "riverside" else "small own"


def _shown(post: SamplePost) -> datetime:
    """When a post first shows: a brought-over one claims an earlier date."""
    return post.indexed_at or post.created_at


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
