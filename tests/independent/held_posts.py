"""What a group may hold of the sample's world, and who answered whom, in plain Python: no SQL of ours, none of our collectors.

It reads who wrote what when, what was taken down, what is private and which server knows of what, and goes by the words of the
definitions. Which posts read like a request it is told: that is no fact of the world.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from collectors.sample.world import SampleAccount, SamplePost, World
from warehouse.settings import Group

OPEN = ("public", "unlisted")
SERVERS = ("carers.example", "other.example", "bluesky")  # that are asked for the sample groups
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Request:
    """A request and what became of it."""

    post: SamplePost
    local_date: date
    gone_at: datetime | None
    answers: tuple[tuple[datetime, str, bool], ...]  # when, by whom, whether by the group; in the order of time
    replies: tuple[tuple[str, date], ...]  # the keys of the posts that answer, and their days

    @property
    def first_at(self) -> datetime | None:
        """The first answer by anybody."""
        return self.answers[0][0] if self.answers else None

    def first_by(self, is_group: bool) -> datetime | None:
        """The first answer by the group, or by a peer."""
        return next((at for at, _, by_group in self.answers if by_group is is_group), None)

    @property
    def hours(self) -> float | None:
        """From the request to its first answer."""
        return None if self.first_at is None else (self.first_at - self.post.created_at) / timedelta(hours=1)

    def due_at(self, promise: timedelta) -> datetime:
        """When the promise runs out."""
        return self.post.created_at + promise

    def is_due(self, now: datetime, promise: timedelta) -> bool:
        """Has the promise run out, while the post still stood?"""
        due_at = self.due_at(promise)
        return not is_imported(self.post) and due_at <= now and (self.gone_at is None or self.gone_at >= due_at)

    def is_in_time(self, promise: timedelta) -> bool:
        """Was the promise kept?"""
        return self.first_at is not None and self.first_at <= self.due_at(promise)


def is_imported(post: SamplePost) -> bool:
    """Brought over from elsewhere: it claims a day long before the network took it in."""
    return post.indexed_at is not None and post.indexed_at - post.created_at > DAY


class Holding:
    """A world as one group ought to hold it at its last look."""

    def __init__(self, world: World, group: Group, looks: Sequence[datetime], reads_like_ask: Collection[str]) -> None:
        self.world, self.group, self.looks, self.now = world, group, looks, looks[-1]
        self.reads_like_ask = reads_like_ask  # keys of posts
        self.zone, self.promise = ZoneInfo(group.timezone), timedelta(hours=group.promise_hours)
        self.accounts: dict[str, SampleAccount] = {one.key: one for one in world.accounts}
        self.posts: dict[str, SamplePost] = {one.key: one for one in world.posts}
        self.own = self._keys((*group.mastodon, *group.bluesky))
        self.team = self.own | self._keys(group.team)
        self._seen_at: dict[str, datetime] = {}  # post key → the look at which it was first seen

    def _keys(self, handles: Iterable[str]) -> frozenset[str]:
        wanted = {handle.lstrip("@").lower() for handle in handles}
        return frozenset(one.key for one in self.world.accounts if one.handle.lower() in wanted)

    def day(self, at: datetime) -> date:
        """The date on the group's own clock."""
        return at.astimezone(self.zone).date()

    def midnight(self, on: date) -> datetime:
        """When a date begins where the group is."""
        return datetime(on.year, on.month, on.day, tzinfo=self.zone)

    # --- what the group may hold, and could be seen when somebody looked

    def there(self, post: SamplePost, server: str) -> tuple[datetime, datetime] | None:
        """From when until when a server shows a post to anybody; None: never."""
        if post.visibility not in OPEN:
            return None
        gone_at = post.deleted_at or FOREVER
        if post.network == "bluesky":
            return (post.indexed_at or post.created_at, gone_at) if server == "bluesky" else None
        if self.accounts[post.author].home == server:
            return post.created_at, gone_at
        known_at = post.known_from.get(server)
        return None if known_at is None else (max(post.created_at, known_at), gone_at)

    @cached_property
    def held(self) -> dict[str, SamplePost]:
        """Every post that is the group's own, or addressed to it, and was there at a look; parents first."""
        found: dict[str, SamplePost] = {}
        for post in sorted(self.world.posts, key=lambda one: one.indexed_at or one.created_at):
            is_own = post.author in self.own
            # others' words from before the retention time are not read, whatever date they claim
            is_old = (post.indexed_at or post.created_at) - post.created_at > timedelta(days=self.group.retention_days)
            if is_own or (not is_old and self._is_addressed(post, found)):
                seen_at = self._first_seen(post, found)
                if seen_at is not None:
                    found[post.key], self._seen_at[post.key] = post, seen_at
        return found

    def _is_addressed(self, post: SamplePost, held: Mapping[str, SamplePost]) -> bool:
        return self._is_told(post, held) or self.above(post, held) is not None

    def _is_told(self, post: SamplePost, held: Mapping[str, SamplePost]) -> bool:
        """Would it be found by itself? It names the group, quotes or answers it, or carries its hashtag."""
        tags = {tag.lower() for tag in self.group.hashtags}
        near = [held.get(key or "") for key in (post.quote_of, post.reply_to)]
        if post.network == "bluesky":
            near.append(self._top(post))  # it tells whoever began a thread of every reply in it
        return (
            post.author in self.own
            or bool(self.own & set(post.mentions))
            or bool(tags & {tag.lower() for tag in post.tags})
            or any(one is not None and one.author in self.own for one in near)
        )

    def _top(self, post: SamplePost) -> SamplePost:
        while post.reply_to in self.posts:
            post = self.posts[post.reply_to]
        return post

    def _first_seen(self, post: SamplePost, held: Mapping[str, SamplePost]) -> datetime | None:
        """At which look it was there first: by itself, or in a thread of which nothing above it was missing."""
        if post.visibility not in OPEN:
            return None
        chain = [post]
        if not self._is_told(post, held):
            while (key := chain[-1].reply_to) in self.posts:
                chain.append(self.posts[key])  # type: ignore[index] None is in no posts
                if key in held and self.above(held[key], held) is None:
                    break
        # a thread is read at the first server that has what it began with, for as long as none before it has
        until, found = FOREVER, []
        for server in SERVERS:
            spans = [self.there(one, server) for one in chain if one.visibility in OPEN]
            known = [span for span in spans if span is not None]
            if len(known) == len(spans):
                found.append(self._look_in(max(first for first, _ in known), min(until, *(last for _, last in known))))
            if len(chain) > 1 and (begun := self.there(chain[-1], server)) is not None:
                until = min(until, begun[0])
        return min((look for look in found if look is not None), default=None)

    def _look_in(self, first: datetime, last: datetime) -> datetime | None:
        """The first look in [first, last)."""
        place = bisect_left(self.looks, first)
        return self.looks[place] if place < len(self.looks) and self.looks[place] < last else None

    def gone_at(self, post: SamplePost) -> datetime | None:
        """When it is known that a post was taken down: no server says when, and it takes two misses an hour apart."""
        if post.deleted_at is None:
            return None
        missed = next((look for look in self.looks if look >= post.deleted_at), FOREVER - HOUR)
        return next((look for look in self.looks if look >= missed + HOUR), None)

    def above(self, post: SamplePost, held: Mapping[str, SamplePost]) -> SamplePost | None:
        """The nearest held post above it. A private reply in between cuts nothing off.

        A post that was taken down and forgotten before the reply was first seen is not known to stand between any more.
        """
        key = post.reply_to
        while key is not None and (key not in held or self._is_forgotten(held[key], post)):
            key = self.posts[key].reply_to if key in self.posts else None
        return held[key] if key is not None else None

    def _is_forgotten(self, above: SamplePost, post: SamplePost) -> bool:
        gone_at, seen_at = self.gone_at(above), self._seen_at.get(post.key)
        return gone_at is not None and seen_at is not None and gone_at < seen_at

    def is_standing(self, post: SamplePost) -> bool:
        """Neither taken down nor hidden, as far as is known by now."""
        return self.gone_at(post) is None and (post.hidden_at is None or post.hidden_at > self.now)

    # --- requests

    @cached_property
    def _below(self) -> dict[str, list[SamplePost]]:
        """Every held post with all that stands below it."""
        found: dict[str, list[SamplePost]] = defaultdict(list)
        for post in self.held.values():
            place = self.above(post, self.held)
            while place is not None:
                found[place.key].append(post)
                place = self.above(place, self.held)
        return found

    @cached_property
    def requests(self) -> list[Request]:
        """The posts that read like an ask, with their answers."""
        return [
            self._request(post, self._below.get(post.key, ()))
            for post in self.held.values()
            if post.key in self.reads_like_ask
        ]

    def is_open(self, post: SamplePost) -> bool:
        """Has whoever wrote it said something in it within the last 30 days?"""
        below = (one for one in self._below.get(post.key, ()) if one.author == post.author and self.is_standing(one))
        return max(one.created_at for one in (post, *below)) > self.now - 30 * DAY

    def _request(self, asked: SamplePost, below: Iterable[SamplePost]) -> Request:
        answers = [
            one
            for one in below
            if one.author != asked.author
            and self.is_standing(one)
            and not self.accounts[one.author].is_bot
            and (one.author in self.team or one.key not in self.reads_like_ask)
        ]
        told = sorted(
            (max(self._said_at(one), asked.created_at), one.author, one.author in self.team) for one in answers
        )
        replies = tuple((one.key, self.day(one.created_at)) for one in answers if not is_imported(one))
        return Request(asked, self.day(asked.created_at), self.gone_at(asked), tuple(told), replies)

    @staticmethod
    def _said_at(post: SamplePost) -> datetime:
        return (post.indexed_at or post.created_at) if is_imported(post) else post.created_at

    def asked_in(self, first: date, end: date) -> list[Request]:
        """The requests written on the days [first, end)."""
        return [one for one in self.requests if first <= one.local_date < end]
