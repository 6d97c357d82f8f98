"""Who is in the sample community by name: the groups, their teams and regulars, and those who come from outside."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from collectors.sample.community.activity_hours import rng
from collectors.sample.community.followers import LONG_AGO, FollowerSteps, follower_steps
from collectors.sample.community.phrases import texts
from collectors.sample.world import Network, SampleAccount

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


def account(
    handle: str, name: str, *, followers: int | FollowerSteps, created_at: datetime, **more: Any
) -> SampleAccount:
    """An account on the network that its handle belongs to; `more` are fields of SampleAccount."""
    network: Network = "mastodon" if "@" in handle else "bluesky"
    return SampleAccount(
        key=handle if network == "mastodon" else did(handle),
        network=network,
        home=handle.partition("@")[2] or "bluesky",
        handle=handle,
        name=name,
        created_at=created_at,
        followers=((LONG_AGO, followers),) if isinstance(followers, int) else followers,
        **more,
    )


def _person(row: dict[str, Any], **more: Any) -> Person:
    chance = rng(0, "person", row["handle"])
    followers = -1 if row.get("is_hiding_followers") else int(chance.lognormvariate(4.4, 0.8)) + 5
    written = account(
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
    return Person(written, row["name"].split()[0], is_owl=row.get("owl", False), **(kept | more))


def circles(start: date, until: date) -> tuple[Circle, ...]:
    """The two groups. `start` and `until` bound the history of their followers."""
    people = texts("people")

    def own(group: str, handle: str) -> Person:
        name, note = people["groups"][handle]
        network: Network = "mastodon" if "@" in handle else "bluesky"
        steps = follower_steps(group, network, start, until)
        profile = {"note": note, "is_indexable": True, "is_discoverable": True}
        return Person(account(handle, name, followers=steps, created_at=LONG_AGO, **profile), name, is_team=True)

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
