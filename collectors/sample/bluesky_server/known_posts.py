"""What the Bluesky network holds: every post with its address, its versions, and its counts at any moment."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from collectors.sample.bluesky_server.ids import POST, REPOST, address, cid, tid
from collectors.sample.bluesky_server.records import Json, record
from collectors.sample.world import SampleAccount, SamplePost, SampleReaction
from collectors.sample.world_index import Tally, WorldIndex, earlier


@dataclass(slots=True, eq=False)
class KnownPost:
    """One post, with what never changes about it."""

    post: SamplePost
    author: SampleAccount
    key: str  # record key
    uri: str
    cids: tuple[str, str]  # as first written, as edited
    from_at: datetime  # indexed
    sort_at: datetime

    def is_there(self, now: datetime) -> bool:
        """Whether the network shows it at `now`."""
        return self.from_at <= now and (self.post.deleted_at is None or now < self.post.deleted_at)

    def is_edited(self, now: datetime) -> bool:
        """Whether the record was changed by `now`."""
        return self.post.edited_at is not None and self.post.edited_at <= now

    def cid(self, now: datetime) -> str:
        """The content hash: a new one after an edit."""
        return self.cids[self.is_edited(now)]


@dataclass(slots=True, eq=False)
class Entry:
    """One line of an author's feed: a post, or a repost of one."""

    sort_at: datetime
    cid: str
    held: KnownPost
    repost: SampleReaction | None = None

    @property
    def place(self) -> tuple[datetime, str]:
        """What the feed is sorted by."""
        return self.sort_at, self.cid


class KnownPosts:
    """The tables of the AppView."""

    def __init__(self, index: WorldIndex) -> None:
        self.index = index
        self.by_key = {post.key: self._held(post) for post in index.posts.values()}
        self.by_uri = {held.uri: held for held in self.by_key.values()}
        self.by_handle = {account.handle.lower(): account for account in index.accounts.values()}
        self.feeds: dict[str, list[Entry]] = defaultdict(list)
        for held in self.by_key.values():
            self.feeds[held.author.key].append(Entry(held.sort_at, held.cids[0], held))
        for one in index.reactions:
            if one.kind == "boost":
                self.feeds[one.account].append(Entry(one.at, cid(repr(one)), self.by_key[one.post], one))
        for feed in self.feeds.values():
            feed.sort(key=lambda entry: entry.place)
        self.hidden: dict[str, list[KnownPost]] = defaultdict(list)  # root → replies that its owner hides some day
        for held in self.by_key.values():
            if held.post.hidden_at is not None:
                self.hidden[self.root(held).post.key].append(held)
        self._tallies: dict[tuple[str, str], Tally] = {}
        self._records: dict[tuple[str, bool], Json] = {}

    def _held(self, post: SamplePost) -> KnownPost:
        indexed_at = post.indexed_at or post.created_at
        key = tid(indexed_at, post.key)
        return KnownPost(
            post,
            self.index.accounts[post.author],
            key,
            address(post.author, POST, key),
            (cid(f"{post.key} {post.text}"), cid(f"{post.key} edited {post.edited_text}")),
            indexed_at,
            min(post.created_at, indexed_at),
        )

    def actor(self, name: str) -> SampleAccount | None:
        """The account of a DID or handle."""
        return self.index.accounts.get(name) or self.by_handle.get(name.lower().lstrip("@"))

    def there(self, key: str | None, now: datetime) -> KnownPost | None:
        """The post of that key, if it is shown now."""
        held = self.by_key.get(key) if key is not None else None
        return held if held is not None and held.is_there(now) else None

    def parent(self, held: KnownPost) -> KnownPost | None:
        """What it answers, deleted or not."""
        return self.by_key.get(held.post.reply_to or "")

    def root(self, held: KnownPost) -> KnownPost:
        """The top of its conversation, deleted or not."""
        top = held
        while (above := self.parent(top)) is not None:
            top = above
        return top

    def replies(self, held: KnownPost) -> list[KnownPost]:
        """Its direct replies, newest first, deleted or not."""
        found = (self.by_key[post.key] for post in self.index.replies.get(held.post.key, ()))
        return sorted(found, key=lambda one: (one.sort_at, one.uri), reverse=True)

    def record(self, held: KnownPost, now: datetime) -> Json:
        """The post's record as it is now."""
        is_edited = held.is_edited(now)
        known = self._records.get((held.uri, is_edited))
        if known is None:
            known = self._records[held.uri, is_edited] = self._record(held, is_edited)
        return known

    def _record(self, held: KnownPost, is_edited: bool) -> Json:
        post = held.post
        parent, quoted = self.parent(held), self.by_key.get(post.quote_of or "")
        reply = {"root": strong(self.root(held)), "parent": strong(parent)} if parent else None
        text = post.edited_text if is_edited and post.edited_text is not None else post.text
        return record(post, text, self.index.accounts, reply, strong(quoted) if quoted else None)

    def tally(self, what: str, key: str) -> Tally:
        """The likes, boosts, replies or quotes of a post."""
        known = self._tallies.get((what, key))
        if known is None:
            known = self._tallies[what, key] = Tally.of(self._spans(what, key))
        return known

    def _spans(self, what: str, key: str) -> Iterator[tuple[datetime, datetime | None]]:
        if what in ("like", "boost"):
            gone_at = self.by_key[key].post.deleted_at
            for one in self.index.reactions_of.get(key, ()):
                if one.kind == what:
                    yield one.at, earlier(one.undone_at, gone_at)
            return
        table = self.index.replies if what == "reply" else self.index.quotes
        for post in table.get(key, ()):
            yield self.by_key[post.key].from_at, post.deleted_at

    def posts_count(self, did: str) -> Tally:
        """An account's posts."""
        known = self._tallies.get(("posts", did))
        if known is None:
            held = (self.by_key[post.key] for post in self.index.by_author.get(did, ()))
            known = self._tallies["posts", did] = Tally.of((one.from_at, one.post.deleted_at) for one in held)
        return known

    @cached_property
    def newest_first(self) -> list[KnownPost]:
        """Every post, for the search."""
        return sorted(self.by_key.values(), key=lambda held: (held.sort_at, held.uri), reverse=True)


def strong(held: KnownPost) -> Json:
    """A strong reference, as a client wrote it at the time: to the first version."""
    return {"uri": held.uri, "cid": held.cids[0]}


def reaction_uri(one: SampleReaction) -> str:
    """The address of a like or repost."""
    collection = REPOST if one.kind == "boost" else "app.bsky.feed.like"
    return address(one.account, collection, tid(one.at, f"{one.post} {one.account} {one.kind}"))
