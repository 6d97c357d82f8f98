"""Who comes and goes in the sample community: newcomers by the week, regulars who go quiet, and the silent audience."""

from datetime import date, timedelta
from functools import cache
from hashlib import sha256

from collectors.sample.community.activity_hours import EPOCH, at, is_august, rng, week_number
from collectors.sample.community.followers import LONG_AGO
from collectors.sample.community.people import Person, account
from collectors.sample.community.phrases import texts
from collectors.sample.world import Network


@cache
def newcomers(seed: int, group: str, week: int) -> tuple[Person, ...]:
    """Who comes across a group in a week: three in the large one (one in August), one every other in the small."""
    names = texts("people")["newcomers"]
    day = EPOCH + timedelta(weeks=week)
    if group == "riverside":
        handles = ("carers.example", "other.example", "sky.example")[: 1 if is_august(day) else 3]
    else:
        handles = ("carers.example",)[: week % 2]
    found = []
    for place, home in enumerate(handles):
        number = 4 * week + place + (3 if group != "riverside" else 0)
        first = names["first"][number % len(names["first"])]
        lap, place_in_lap = divmod(number, len(names["first"]))
        last = names["last"][(lap + 5 * place_in_lap) % len(names["last"])]
        chance = rng(seed, "newcomer", number)
        handle = f"{first}_{last}".lower()
        profile = account(
            f"{handle.replace('_', '-')}.{home}" if home == "sky.example" else f"{handle}@{home}",
            first,
            followers=chance.randrange(0, 60),
            created_at=at(day, 0) - timedelta(days=chance.randrange(1, 90)),
            note=chance.choice(names["notes"]),
            is_indexable=chance.random() < 0.2,
            following_count=chance.randrange(5, 90),
        )
        found.append(Person(profile, first, chance.choice(("parent", "child", "partner")), helps=0))
    return tuple(found)


def recent_newcomers(seed: int, group: str, day: date, weeks: int = 6) -> list[Person]:
    """Everybody who came in the weeks before this one."""
    week = week_number(day)
    return [one for number in range(week - weeks, week) for one in newcomers(seed, group, number)]


@cache
def audience(network: Network) -> tuple[Person, ...]:
    """The people who like and boost and never write; one in sixteen hides how many follow them."""
    words = texts("people")["audience"]
    found = []
    for number in range(170 if network == "mastodon" else 110):
        first = words["first"][number % len(words["first"])]
        last = words["last"][(number // len(words["first"])) % len(words["last"])]
        chance = rng(0, "audience", network, number)
        handle = (
            f"{first}-{last}.sky.example"
            if network == "bluesky"
            else f"{first}_{last}@{('carers', 'other')[number % 2]}.example"
        )
        followers = -1 if chance.random() < 0.06 and network == "mastodon" else int(chance.lognormvariate(4.6, 1.0)) + 3
        found.append(
            Person(
                account(
                    handle,
                    first.title(),
                    followers=followers,
                    created_at=LONG_AGO,
                    following_count=chance.randrange(30, 600),
                ),
                first.title(),
            )
        )
    return tuple(found)


def is_away(seed: int, person: Person, day: date) -> bool:
    """Regulars go quiet for six weeks or so now and then, and come back."""
    if person.is_team or person.helps >= 6:
        return False
    return _is_away(seed, person.key, (day.toordinal() + _offset(person.key)) // 47)


@cache
def _offset(key: str) -> int:
    return int(sha256(key.encode()).hexdigest()[:4], 16)


@cache
def _is_away(seed: int, key: str, block: int) -> bool:
    return rng(seed, "away", key, block).random() < 0.17
