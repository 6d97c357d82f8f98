"""Look-ups into a World that do not depend on who is asking: by author, by parent, counts at any moment."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from collectors.sample.world import Network, SampleAccount, SamplePost, SampleReaction, World

LONG_AGO = datetime(2022, 11, 1, tzinfo=UTC)  # when an account without a date was opened


@dataclass(slots=True)
class Tally:
    """How many there were at any moment: sorted times at which one came and at which one went."""

    came: list[datetime]
    went: list[datetime]

    @classmethod
    def of(cls, spans: Iterable[tuple[datetime, datetime | None]]) -> "Tally":
        """From (from, until) pairs; until None = still there."""
        pairs = list(spans)
        return cls(sorted(pair[0] for pair in pairs), sorted(pair[1] for pair in pairs if pair[1] is not None))

    def at(self, now: datetime) -> int:
        """How many at `now`: came at or before it, and had not gone."""
        return bisect_right(self.came, now) - bisect_right(self.went, now)


NOTHING = Tally([], [])


def earlier(first: datetime | None, second: datetime | None) -> datetime | None:
    """The earlier of two moments, either of which may never come."""
    if first is None or second is None:
        return first or second
    return min(first, second)


def followers_at(account: SampleAccount, now: datetime) -> int:
    """The step function of an account's followers; -1 = hidden."""
    place = bisect_right(account.followers, now, key=lambda step: step[0])
    return account.followers[place - 1][1] if place else 0


class WorldIndex:
    """One network's part of a World, looked up by what the servers ask for."""

    def __init__(self, world: World, network: Network) -> None:
        self.accounts = {account.key: account for account in world.accounts if account.network == network}
        self.posts = {post.key: post for post in world.posts if post.network == network}
        self.reactions = [reaction for reaction in world.reactions if reaction.post in self.posts]
        self.by_author: dict[str, list[SamplePost]] = defaultdict(list)
        self.replies: dict[str, list[SamplePost]] = defaultdict(list)
        self.quotes: dict[str, list[SamplePost]] = defaultdict(list)
        self.reactions_of: dict[str, list[SampleReaction]] = defaultdict(list)
        for post in self.posts.values():
            self.by_author[post.author].append(post)
            if post.reply_to in self.posts:
                self.replies[post.reply_to].append(post)
            if post.quote_of in self.posts:
                self.quotes[post.quote_of].append(post)
        for reaction in self.reactions:
            self.reactions_of[reaction.post].append(reaction)

    def opened_at(self, account: SampleAccount) -> datetime:
        """When the account was opened."""
        return account.created_at or LONG_AGO
