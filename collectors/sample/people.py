"""Who is in the sample community: the groups, their teams, regulars, newcomers by the week, and the silent audience."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from collectors.sample.phrases import texts
from collectors.sample.rhythm import EPOCH, at, is_august, rng, week_number
from collectors.sample.world import Network, SampleAccount

LONG_AGO = datetime(2023, 1, 9, tzinfo=UTC)
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True)
class Person:
    """An account with what steers its behaviour."""

    account: SampleAccount
    name: str  # first name, as others call them
    cares_for: str = "any"  # parent, child, partner, any
    helps: int = 1  # how often they answer, compared with others
    is_owl: bool = False  # up at night
    language: str | None = None
    is_team: bool = False
    is_in_both: bool = False
    role: str = ""  # bot, hostile, organisation, seller, refusing

    @property
    def key(self) -> str:
        """The account's key."""
        return self.account.key


@dataclass(frozen=True, slots=True)
class Circle:
    """One group, with everybody who has a part in it."""

    id: str
    name: str
    hashtag: str
    topic: str
    own: dict[Network, Person]
    team: tuple[Person, ...]
    regulars: tuple[Person, ...]

    def on(self, network: Network, people: tuple[Person, ...] | None = None) -> list[Person]:
        """Its regulars (or those people) on a network."""
        return [one for one in (self.regulars if people is None else people) if one.account.network == network]

    @property
    def networks(self) -> tuple[Network, ...]:
        """Where the group is."""
        return tuple(self.own)


def did(handle: str) -> str:
    """A DID as the network would give it; the same for the same handle for ever."""
    return "did:plc:" + "".join(_BASE32[byte % 32] for byte in sha256(handle.encode()).digest()[:24])


def _account(handle: str, name: str, *, followers: int, created_at: datetime, **more: Any) -> SampleAccount:
    network: Network = "mastodon" if "@" in handle else "bluesky"
    return SampleAccount(
        key=handle if network == "mastodon" else did(handle),
        network=network,
        home=handle.partition("@")[2] or "bluesky",
        handle=handle,
        name=name,
        created_at=created_at,
        followers=((LONG_AGO, followers),),
        **more,
    )


def _person(row: dict[str, Any], **more: Any) -> Person:
    chance = rng(0, "person", row["handle"])
    followers = -1 if row.get("is_hiding_followers") else int(chance.lognormvariate(4.4, 0.8)) + 5
    account = _account(
        row["handle"],
        row["name"],
        followers=followers,
        created_at=LONG_AGO + timedelta(days=chance.randrange(500)),
        note=row.get("note", ""),
        is_bot=row.get("is_bot", False),
        is_indexable=row.get("is_indexable", False),
        is_discoverable=True if row.get("is_indexable") else None,
        is_noindex=row.get("is_noindex", False),
        is_locked=chance.random() < 0.2,
        labels=tuple(row.get("labels", ())),
        following_count=chance.randrange(20, 300),
    )
    kept = {name: row[name] for name in ("cares_for", "helps", "language", "is_in_both", "role") if name in row}
    return Person(account, row["name"].split()[0], is_owl=row.get("owl", False), **(kept | more))


def follower_steps(group: str, network: Network, start: date, until: date) -> tuple[tuple[datetime, int], ...]:
    """The followers of a group's account, one step a day: slow growth, bumps, a dip each September.

    The bumps are Carers Rights Day, Carers Week and a piece in the local paper; the dip is a server's spring-clean.
    """
    first, pace = {
        ("riverside", "mastodon"): (214, 0.21),
        ("riverside", "bluesky"): (96, 0.24),
    }.get((group, network), (71, 0.04))
    size = 1.0 if group == "riverside" else 0.15
    steps, day = [], start
    while day <= until:
        years = range(EPOCH.year, day.year + 1)
        count = first + pace * (day - EPOCH).days
        for year in years:
            for bump, gained in (
                (date(year, 6, 8), 14),
                (date(year, 10, 6), 26),
                (date(year, 11, 18), 19),
                (date(year, 9, 15), -13),
            ):
                count += size * gained * min(max((day - bump).days, 0), 4) / 4
        count += rng(0, "followers", group, network, day).choice((0, 0, 1, -1))
        steps.append((at(day, 6, 11), round(count)))
        day += timedelta(days=1)
    return ((LONG_AGO, steps[0][1]), *steps)


def circles(start: date, until: date) -> tuple[Circle, ...]:
    """The two groups. `start` and `until` bound the history of their followers."""
    people = texts("people")

    def own(group: str, handle: str) -> Person:
        name, note = people["groups"][handle]
        account = _account(
            handle, name, followers=0, created_at=LONG_AGO, note=note, is_indexable=True, is_discoverable=True
        )
        steps = follower_steps(group, account.network, start, until)
        return Person(_with_followers(account, steps), name, is_team=True)

    def circle(group: str, name: str, hashtag: str, topic: str, handles: tuple[str, ...]) -> Circle:
        owners = [own(group, handle) for handle in handles]
        rows = [row for network in ("mastodon", "bluesky") for row in people[group].get(network, ())]
        return Circle(
            group,
            name,
            hashtag,
            topic,
            {one.account.network: one for one in owners},
            tuple(_person(row, is_team=True) for row in people["team"][group]),
            tuple(_person(row) for row in rows),
        )

    return (
        circle(
            "riverside",
            "Riverside Carers' Circle",
            "RiversideCarers",
            "carers",
            ("riverside@carers.example", "riverside.carers.example"),
        ),
        circle("bakerylane", "Bakery Lane Stroke Club", "BakeryLaneStroke", "stroke", ("bakerylane@carers.example",)),
    )


def _with_followers(account: SampleAccount, steps: tuple[tuple[datetime, int], ...]) -> SampleAccount:
    values = {name: getattr(account, name) for name in SampleAccount.__dataclass_fields__}
    return SampleAccount(**(values | {"followers": steps}))


@cache
def refusing() -> tuple[Person, ...]:
    """The people whose profile says no."""
    return tuple(_person(row, role="refusing") for row in texts("people")["refusing"])


@cache
def outside() -> tuple[Person, ...]:
    """Automatic accounts, sellers, organisations, and somebody unkind."""
    return tuple(_person(row) for row in texts("people")["outside"])


def by_role(role: str, network: Network) -> list[Person]:
    """The outsiders of a kind on a network."""
    return [one for one in outside() if one.role == role and one.account.network == network]


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
        account = _account(
            f"{handle.replace('_', '-')}.{home}" if home == "sky.example" else f"{handle}@{home}",
            first,
            followers=chance.randrange(0, 60),
            created_at=at(day, 0) - timedelta(days=chance.randrange(1, 90)),
            note=chance.choice(names["notes"]),
            is_indexable=chance.random() < 0.2,
            following_count=chance.randrange(5, 90),
        )
        found.append(Person(account, first, chance.choice(("parent", "child", "partner")), helps=0))
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
                _account(
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
