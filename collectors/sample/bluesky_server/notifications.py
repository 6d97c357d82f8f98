"""What a signed-in account is told on Bluesky: replies, mentions by facet, quotes, likes and reposts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from collectors.sample.bluesky_server.ids import cid, iso
from collectors.sample.bluesky_server.known_posts import KnownPost, KnownPosts, reaction_uri, strong
from collectors.sample.bluesky_server.records import Json
from collectors.sample.bluesky_server.views import Views, label
from collectors.sample.world import SampleAccount, SampleReaction

LEVELS = 5  # a reply tells the authors of so many posts above it


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification."""

    reason: str
    at: datetime
    by: SampleAccount
    subject: KnownPost | None  # the user's post that it is about
    held: KnownPost | None = None  # the post that tells, or
    reaction: SampleReaction | None = None  # the like or repost that does


class Notices:
    """The notifications of every account, made when first asked for."""

    def __init__(self, view: KnownPosts) -> None:
        self.view = view
        self._of: dict[str, list[Notice]] = {}

    def of(self, user: SampleAccount) -> list[Notice]:
        """All that the account ever gets, newest first."""
        if user.key not in self._of:
            self._of[user.key] = sorted(self._made(user), key=lambda one: (one.at, one.by.key), reverse=True)
        return self._of[user.key]

    def is_there(self, one: Notice, now: datetime) -> bool:
        """Whether what it tells of still exists."""
        if one.held is not None:
            return one.held.is_there(now)
        undone_at = one.reaction.undone_at if one.reaction else None
        return undone_at is None or now < undone_at

    def _made(self, user: SampleAccount) -> Iterator[Notice]:
        for held in self.view.by_key.values():
            if held.author.key == user.key:
                yield from self._reactions(held)
                continue
            found = self._reason(held, user)
            if found is not None:
                yield Notice(found[0], held.from_at, held.author, found[1], held)

    def _reason(self, held: KnownPost, user: SampleAccount) -> tuple[str, KnownPost | None] | None:
        above = self.view.parent(held)
        for _ in range(LEVELS):
            if above is None:
                break
            if above.author.key == user.key:
                return "reply", above
            above = self.view.parent(above)
        quoted = self.view.by_key.get(held.post.quote_of or "")
        if quoted is not None and quoted.author.key == user.key:
            return "quote", quoted
        if user.key in held.post.mentions and f"@{user.handle}".lower() in held.post.text.lower():
            return "mention", None
        return None

    def _reactions(self, held: KnownPost) -> Iterator[Notice]:
        reasons = {"like": "like", "boost": "repost"}
        for one in self.view.index.reactions_of.get(held.post.key, ()):
            if one.account != held.author.key:
                by = self.view.index.accounts[one.account]
                yield Notice(reasons[one.kind], one.at, by, held, reaction=one)

    def written(self, one: Notice, shapes: Views, now: datetime) -> Json:
        """A notification in the shape of the lexicon."""
        written: Json = {
            "author": shapes.profile(one.by),
            "reason": one.reason,
            "isRead": False,
            "indexedAt": iso(one.at),
            "labels": [],
        }
        if one.subject is not None:
            written["reasonSubject"] = one.subject.uri
        if one.held is not None:
            labels = [label(text, one.held.uri, one.by.key, one.at) for text in one.held.post.labels]
            record = self.view.record(one.held, now)
            return {**written, "uri": one.held.uri, "cid": one.held.cid(now), "record": record, "labels": labels}
        if one.reaction is None or one.subject is None:
            raise ValueError("a notification tells of a post or of a reaction")
        record = {
            "$type": f"app.bsky.feed.{one.reason}",
            "subject": strong(one.subject),
            "createdAt": iso(one.at),
        }
        return {**written, "uri": reaction_uri(one.reaction), "cid": cid(repr(record)), "record": record}
