"""The sample's numbers worked out a second time, in plain Python, by the words of their definitions.

Besides which posts read like a request it is told when each count was read: a count on a day is its last reading.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property

from collectors.sample.world import SamplePost, World
from tests.independent.held_posts import DAY, Holding, is_imported
from warehouse.settings import Group

KINDS = ("likes", "boosts", "quotes")
BUCKETS = {"0-1h": 1.0, "1-4h": 4.0, "4-24h": 24.0, "1-3d": 72.0, "3-7d": 168.0, "over-7d": 1e9}


class Straight(Holding):
    """The numbers of one group at its last look."""

    def __init__(
        self,
        world: World,
        group: Group,
        looks: Sequence[datetime],
        reads_like_ask: Collection[str],
        read_at: Mapping[str, Sequence[datetime]],
    ) -> None:
        super().__init__(world, group, looks, reads_like_ask)
        self.read_at = read_at  # post key → when its counts were read, in order

    # --- own posts and what they gained

    @cached_property
    def own_posts(self) -> list[SamplePost]:
        """The group's own posts."""
        return [post for post in self.held.values() if post.author in self.own]

    def replies_gained(self, first: date, end: date) -> int:
        """Replies to the group's posts by others than the team, written on the days [first, end)."""
        own = {post.key for post in self.own_posts}
        return sum(
            post.author not in self.team
            and not is_imported(post)
            and (parent := self.above(post, self.held)) is not None
            and parent.key in own
            and first <= self.day(post.created_at) < end
            for post in self.held.values()
        )

    @cached_property
    def _moves(self) -> dict[tuple[str, str], list[tuple[datetime, int]]]:
        """(post, kind) → when its count rose and fell."""
        moves: dict[tuple[str, str], list[tuple[datetime, int]]] = defaultdict(list)
        for one in self.world.reactions:
            kind = "likes" if one.kind == "like" else "boosts"
            moves[one.post, kind] += [(one.at, 1), *([(one.undone_at, -1)] if one.undone_at else [])]
        for post in self.world.posts:
            quoted = self.posts.get(post.quote_of or "")
            span = (
                self.there(post, "bluesky" if post.network == "bluesky" else self.accounts[quoted.author].home)
                if quoted
                else None
            )
            if quoted is not None and span is not None:
                moves[quoted.key, "quotes"] += [(span[0], 1), (span[1], -1)]
        return {name: sorted(found) for name, found in moves.items()}

    def published(self, first: date, end: date) -> list[SamplePost]:
        """Its own posts published on the days [first, end)."""
        return [post for post in self.own_posts if first <= self.day(post.created_at) < end]

    def count(self, post: SamplePost, kind: str, at: datetime) -> int:
        """How many likes, boosts or quotes a post had."""
        return sum(step for moved, step in self._moves.get((post.key, kind), ()) if moved <= at)

    def gained(self, posts: Iterable[SamplePost], kind: str, first: date, end: date) -> int:
        """What posts gained over the days [first, end), between their last readings."""
        return sum(self._gained(post, kind, self.midnight(first), self.midnight(end)) for post in posts)

    def _gained(self, post: SamplePost, kind: str, first: datetime, end: datetime) -> int:
        read_at = self.read_at.get(post.key, ())
        if not read_at:
            return 0
        is_from_birth = read_at[0] <= post.created_at + DAY and not is_imported(post)
        start = 0 if is_from_birth else self.count(post, kind, read_at[0])

        def by(moment: datetime) -> int:
            place = bisect_right(read_at, moment - timedelta(microseconds=1))
            return self.count(post, kind, read_at[place - 1]) if place else start

        return by(end) - by(first)

    def really_gained(self, kind: str, first: date, end: date) -> int:
        """What all its posts truly gained in [first, end), seen or not."""
        span = (self.midnight(first), self.midnight(end))
        return sum(self.count(post, kind, span[1]) - self.count(post, kind, span[0]) for post in self.own_posts)

    def followers(self, first: date, end: date) -> int | None:
        """Followers of all own accounts together at the last look of the days [first, end); None: nobody looked."""
        look = next((at for at in reversed(self.looks) if first <= self.day(at) < end), None)
        if look is None:
            return None
        steps = [self.accounts[key].followers for key in self.own]
        return sum(next((count for at, count in reversed(one) if at <= look), 0) for one in steps)

    # --- how long people waited

    def waits(self, first: date, end: date) -> list[tuple[float, bool]]:
        """(hours, answered?) of the requests of the days [first, end); one without an answer waits on while it stands."""
        hour = timedelta(hours=1)
        return [
            (one.hours, True)
            if one.hours is not None
            else (((one.gone_at or self.now) - one.post.created_at) / hour, False)
            for one in self.asked_in(first, end)
            if not is_imported(one.post)
        ]

    # --- people

    def helpers(self, first: date, end: date) -> set[str]:
        """Who answered a request on the days [first, end)."""
        return {who for one in self.requests for at, who, _ in one.answers if first <= self.day(at) < end}

    def answering(self, first: date, end: date) -> int:
        """How many replies written on the days [first, end) answer a request."""
        return len({key for one in self.requests for key, on in one.replies if first <= on < end})

    def newcomers(self, first: date, end: date) -> set[str]:
        """Whose first post to the group lies in [first, end), once collecting has gone on for 90 days."""
        firsts: dict[str, SamplePost] = {}
        for post in sorted(self.held.values(), key=lambda one: one.created_at):
            if post.author not in self.team and not self.accounts[post.author].is_bot:
                firsts.setdefault(post.author, post)
        known_from = self.looks[0] + 90 * DAY
        return {
            who
            for who, post in firsts.items()
            if post.created_at >= known_from and first <= self.day(post.created_at) < end
        }

    def writers(self, first: date, end: date) -> set[str]:
        """Who outside the team wrote to the group on the days [first, end)."""
        return {
            post.author
            for post in self.held.values()
            if post.author not in self.team
            and not self.accounts[post.author].is_bot
            and not is_imported(post)
            and first <= self.day(post.created_at) < end
        }

    def tags(self, first: date, end: date) -> Counter[str]:
        """How many of the group's posts of the days [first, end) carry each hashtag."""
        return Counter(tag for post in self.published(first, end) for tag in {tag.lower() for tag in post.tags})


def within(waits: Iterable[tuple[float, bool]], share: float) -> float | None:
    """The time within which `share` had a reply, by Kaplan and Meier's own table; None: not reached.

    `waits`: (hours, answered?); somebody who has not been answered was waited for at least so long.
    """
    listed = sorted(waits)
    waiting, still = len(listed), 1.0
    for hours in sorted({hours for hours, _ in listed}):
        answered = sum(1 for at, is_answered in listed if at == hours and is_answered)
        still *= 1 - answered / waiting
        if answered and still <= 1 - share + 1e-9:
            return hours
        waiting -= sum(1 for at, _ in listed if at == hours)
    return None
