"""The ids a Mastodon-API server gives: made from the time, so that they sort by it, also for posts that arrive late."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Literal

from collectors.sample.world import SamplePost, SampleReaction

Flavour = Literal["mastodon", "gotosocial", "takahe"]

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TAKAHE_EPOCH_MS = 1_641_020_400_000


def _noise(seed: str, bits: int) -> int:
    return int.from_bytes(blake2b(seed.encode(), digest_size=10).digest()) >> (80 - bits)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def number(flavour: Flavour, at: datetime, seed: str) -> int:
    """The id as a number: milliseconds in front, noise behind (Mastodon 16 bits, Takahe 22, ULID 80)."""
    if flavour == "gotosocial":
        return (_milliseconds(at) << 80) | _noise(seed, 80)
    if flavour == "takahe":
        return (max(0, _milliseconds(at) - TAKAHE_EPOCH_MS) << 22) | (_noise(seed, 19) << 3) | 1
    return (_milliseconds(at) << 16) | _noise(seed, 16)


def written(flavour: Flavour, value: int) -> str:
    """The id as the API writes it: decimal digits, or a ULID of 26 letters."""
    if flavour != "gotosocial":
        return str(value)
    return "".join(CROCKFORD[(value >> shift) & 31] for shift in range(125, -1, -5))


def rank(flavour: Flavour, text: str) -> int | None:
    """The number behind an id from a request; None for nonsense."""
    if flavour != "gotosocial":
        return int(text) if text.isascii() and text.isdigit() else None
    value = 0
    for letter in text.upper():
        if letter not in CROCKFORD:
            return None
        value = value * 32 + CROCKFORD.index(letter)
    return value


def boost_key(reaction: SampleReaction) -> str:
    """What names a boost in the table of ids."""
    return f"boost {reaction.post} {reaction.account} {reaction.at.isoformat()}"


class Ids:
    """Every server's own id of every post and boost. A later, longer World gives the same ids."""

    def __init__(
        self,
        posts: Iterable[SamplePost],
        reactions: Iterable[SampleReaction],
        homes: Mapping[str, str],
        flavours: Mapping[str, Flavour],
    ) -> None:
        self._posts = tuple(posts)
        self._boosts = tuple(reaction for reaction in reactions if reaction.kind == "boost")
        self._homes = homes  # account key → its server
        self._flavours = flavours
        self._tables: dict[str, dict[str, int]] = {}

    def flavour(self, domain: str) -> Flavour:
        """Which software runs there."""
        return self._flavours.get(domain, "mastodon")

    def number(self, domain: str, key: str) -> int:
        """The number of a post (or boost) on the server `domain`."""
        if domain not in self._tables:
            self._tables[domain] = self._table(domain)
        return self._tables[domain][key]

    def learn(self, domain: str, post: SamplePost) -> None:
        """Give an id on `domain` to a post that it only knows because it went and fetched it."""
        if domain not in self._tables:
            self._tables[domain] = self._table(domain)
        self._tables[domain].setdefault(post.key, number(self.flavour(domain), post.created_at, f"{domain} {post.key}"))

    def post(self, domain: str, key: str) -> str:
        """The id of a post on the server `domain`, as written."""
        return written(self.flavour(domain), self.number(domain, key))

    def account(self, domain: str, key: str, opened_at: datetime) -> str:
        """The id of an account on the server `domain`."""
        flavour = self.flavour(domain)
        return written(flavour, number(flavour, opened_at, f"account {domain} {key}"))

    def _table(self, domain: str) -> dict[str, int]:
        table: dict[str, int] = {}
        taken: set[int] = set()
        flavour = self.flavour(domain)
        events = [
            (post.created_at, post.key)
            for post in self._posts
            if self._homes[post.author] == domain or domain in post.known_from
        ]
        events += [(boost.at, boost_key(boost)) for boost in self._boosts]
        for at, key in sorted(events):
            value = number(flavour, at, f"{domain} {key}")
            while value in taken:
                value += 8
            taken.add(value)
            table[key] = value
        return table
