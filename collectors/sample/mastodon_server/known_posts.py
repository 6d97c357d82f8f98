"""What one Mastodon-API server holds: its own posts, the remote ones that reached it, and from when."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.sample.mastodon_server.ids import Ids, boost_key, number, rank, written
from collectors.sample.world import SampleAccount, SamplePost, SampleReaction
from collectors.sample.world_index import NOTHING, Tally, WorldIndex, earlier

OPEN = ("public", "unlisted")


@dataclass(slots=True, eq=False)
class Status:
    """One post, or one boost of a post, as this server holds it."""

    id: str
    rank: int
    post: SamplePost
    author: SampleAccount  # of the post; of a boost: the booster
    at: datetime  # created_at
    from_at: datetime  # held from then on
    gone_at: datetime | None
    boosted: "Status | None" = None

    def is_there(self, now: datetime) -> bool:
        """Whether the server holds it at `now`."""
        return self.from_at <= now and (self.gone_at is None or now < self.gone_at)


class KnownPosts:
    """The tables of one server. Nothing in it depends on the time: everything is asked with a `now`."""

    def __init__(self, domain: str, index: WorldIndex, ids: Ids, keeps_deleted: frozenset[str] = frozenset()) -> None:
        self.domain = domain
        self.index = index
        self.ids = ids
        self.flavour = ids.flavour(domain)
        self.by_key: dict[str, Status] = {}
        self.by_id: dict[str, Status] = {}
        self.by_author: dict[str, list[Status]] = defaultdict(list)
        self.by_tag: dict[str, list[Status]] = defaultdict(list)
        self.children: dict[str, list[Status]] = defaultdict(list)
        self.boosts_of: dict[str, list[Status]] = defaultdict(list)
        self.first_seen: dict[str, datetime] = {}
        self.accounts: dict[str, SampleAccount] = {}  # by this server's id
        self.account_ids: dict[str, str] = {}
        self.by_handle: dict[str, SampleAccount] = {}
        for post in index.posts.values():
            self._hold(post, keeps_deleted)
        for reaction in index.reactions:
            if reaction.kind == "boost":
                self._hold_boost(reaction)
        self._name_accounts()
        self._tallies: dict[tuple[str, str], Tally] = {}

    def is_local(self, account: SampleAccount) -> bool:
        """Whether the account lives here."""
        return account.home == self.domain

    def _hold(self, post: SamplePost, keeps_deleted: frozenset[str]) -> None:
        author = self.index.accounts[post.author]
        if self.is_local(author):
            self._add(post, author, post.created_at, post.deleted_at)
        elif self.domain in post.known_from:
            gone_at = None if post.key in keeps_deleted else post.deleted_at
            self._add(post, author, max(post.created_at, post.known_from[self.domain]), gone_at)

    def _add(self, post: SamplePost, author: SampleAccount, from_at: datetime, gone_at: datetime | None) -> None:
        rank = self.ids.number(self.domain, post.key)
        status = Status(written(self.flavour, rank), rank, post, author, post.created_at, from_at, gone_at)
        self.by_key[post.key] = self.by_id[status.id] = status
        lists = [self.by_author[author.key]]
        if post.visibility == "public":
            lists += [self.by_tag[tag] for tag in {tag.lower() for tag in post.tags}]
        if post.reply_to is not None:
            lists.append(self.children[post.reply_to])
        for rows in lists:
            insort(rows, status, key=lambda row: row.rank)
        for key in (author.key, *post.mentions):
            self._meet(key, from_at)

    def fetch_missing(self, status: Status, now: datetime, arrives_at: datetime) -> int:
        """Go and get the public replies below a post that never came here; how many will arrive."""
        found, waiting = 0, [status.post.key]
        while waiting:
            for post in self.index.replies.get(waiting.pop(), ()):
                waiting.append(post.key)
                is_there = post.created_at <= now and (post.deleted_at is None or now < post.deleted_at)
                if post.key not in self.by_key and is_there and post.visibility in OPEN:
                    self.ids.learn(self.domain, post)
                    self._add(post, self.index.accounts[post.author], arrives_at, post.deleted_at)
                    self._name_accounts()
                    self._tallies.pop(("reply", post.reply_to or ""), None)
                    self._tallies.pop(("status", post.author), None)
                    found += 1
        return found

    def _name_accounts(self) -> None:
        """Give every account that is known here its id."""
        for account in self.index.accounts.values():
            if account.key not in self.account_ids and (account.home == self.domain or account.key in self.first_seen):
                text = self.ids.account(self.domain, account.key, self.index.opened_at(account))
                self.accounts[text], self.account_ids[account.key] = account, text
                self.by_handle[account.handle.lower()] = account

    def _hold_boost(self, reaction: SampleReaction) -> None:
        original = self.by_key.get(reaction.post)
        booster = self.index.accounts.get(reaction.account)
        if original is None or booster is None or original.post.visibility not in OPEN:
            return
        if not (self.is_local(booster) or self.is_local(original.author)):
            return  # the news of a boost reaches the servers of the two, and no other
        rank = self.ids.number(self.domain, boost_key(reaction))
        from_at = max(reaction.at, original.from_at)
        gone_at = earlier(reaction.undone_at, original.gone_at)
        status = Status(
            written(self.flavour, rank), rank, original.post, booster, reaction.at, from_at, gone_at, original
        )
        self.by_id[status.id] = status
        for rows in (self.by_author[booster.key], self.boosts_of[original.post.key]):
            insort(rows, status, key=lambda row: row.rank)
        self._meet(booster.key, from_at)

    def _meet(self, key: str, at: datetime) -> None:
        self.first_seen[key] = min(self.first_seen.get(key, at), at)

    def knows(self, account: SampleAccount, now: datetime) -> bool:
        """Whether a look-up of the account would find it: it lives here, or something by or to it came here."""
        if self.is_local(account):
            return self.index.opened_at(account) <= now
        return account.key in self.first_seen and self.first_seen[account.key] <= now

    def status(self, key: str | None, now: datetime) -> Status | None:
        """The post of that key, if it is held now."""
        status = self.by_key.get(key) if key is not None else None
        return status if status is not None and status.is_there(now) else None

    def is_visible(self, status: Status, viewer: SampleAccount | None) -> bool:
        """Whether this server shows it to them: anybody, or its author and whom it mentions."""
        post = status.post
        if post.visibility in OPEN:
            return True
        return viewer is not None and (viewer.key == post.author or viewer.key in post.mentions)

    def tally(self, what: str, key: str) -> Tally:
        """The likes, boosts, replies or quotes of a post that this server knows of."""
        known = self._tallies.get((what, key))
        if known is None:
            known = self._tallies[what, key] = self._count(what, key)
        return known

    def _count(self, what: str, key: str) -> Tally:
        if what == "boost":
            return Tally.of((boost.from_at, boost.gone_at) for boost in self.boosts_of.get(key, ()))
        if what == "reply":
            return Tally.of(
                (reply.from_at, reply.gone_at) for reply in self.children.get(key, ()) if reply.post.visibility in OPEN
            )
        if what == "quote":
            held = (self.by_key.get(quote.key) for quote in self.index.quotes.get(key, ()))
            return Tally.of((quote.from_at, quote.gone_at) for quote in held if quote is not None)
        status = self.by_key.get(key)
        if status is None:
            return NOTHING
        return Tally.of(
            (max(like.at, status.from_at), like.undone_at)
            for like in self.index.reactions_of.get(key, ())
            if like.kind == "like"
            and (self.is_local(status.author) or self.is_local(self.index.accounts[like.account]))
        )

    def statuses_count(self, key: str) -> Tally:
        """The posts and boosts of an account; direct ones are not counted."""
        known = self._tallies.get(("status", key))
        if known is None:
            rows = (row for row in self.by_author.get(key, ()) if row.boosted or row.post.visibility != "direct")
            known = self._tallies["status", key] = Tally.of((row.from_at, row.gone_at) for row in rows)
        return known


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted, as Mastodon's parameters say it."""

    limit: int
    max_id: str | None = None
    since_id: str | None = None
    min_id: str | None = None


def cut(
    rows: list[Status], page: Page, view: KnownPosts, now: datetime, fits: Callable[[Status], bool]
) -> list[Status]:
    """One page of the rows (sorted by rank) that are there and fit, newest first.

    `min_id` takes the oldest above it, everything else the newest.
    """

    def place(text: str | None, otherwise: int, step: int) -> int:
        value = rank(view.flavour, text) if text else None
        return otherwise if value is None else bisect_left(rows, value + step, key=lambda row: row.rank)

    newest = bisect_left(rows, number(view.flavour, now + timedelta(seconds=1), ""), key=lambda row: row.rank)
    end = min(newest, place(page.max_id, newest, 0))
    start = max(place(page.since_id, 0, 1), place(page.min_id, 0, 1))

    def walk(order: range) -> Iterator[Status]:
        count = 0
        for place in order:
            if count >= page.limit:
                return
            if rows[place].is_there(now) and fits(rows[place]):
                count += 1
                yield rows[place]

    if page.min_id is not None:
        return list(walk(range(start, end)))[::-1]
    return list(walk(range(end - 1, start - 1, -1)))
