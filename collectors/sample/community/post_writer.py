"""Writing posts: who is mentioned, which tags it carries, which server comes to know of it and when."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from collectors.sample.community.people import Person
from collectors.sample.world import SamplePost, Visibility

MASTODON_LIMIT, BLUESKY_LIMIT = 500, 300
_SERVERS = ("carers.example", "other.example")


def spoken(person: Person) -> str:
    """How a text names an account: "@name" on Mastodon (its server stands in the link), "@handle" on Bluesky."""
    handle = person.account.handle
    return "@" + (handle.partition("@")[0] if person.account.network == "mastodon" else handle)


def known_from(author: Person, at: datetime, chance: Random, share: float = 1.0) -> dict[str, datetime]:
    """When the other Mastodon server hears of a post, if it does (`share` of the time)."""
    if author.account.network != "mastodon" or chance.random() >= share:
        return {}
    return {
        server: at + timedelta(seconds=chance.randrange(1, 90)) for server in _SERVERS if server != author.account.home
    }


def fits(text: str, network: str) -> bool:
    """Whether a network takes a text of that length."""
    return len(text) <= (MASTODON_LIMIT if network == "mastodon" else BLUESKY_LIMIT)


def dressed(text: str, mentions: Sequence[Person] = (), tags: Sequence[str] = (), *, is_reply: bool = False) -> str:
    """A text with the mentions and hashtags that are not in it yet: in front in a reply, else below it."""
    names = [spoken(one) for one in mentions if spoken(one) not in text]
    marks = [f"#{tag}" for tag in tags if f"#{tag}" not in text]
    if is_reply:
        return " ".join((*names, text, *marks))
    return "\n\n".join(part for part in (text, " ".join((*names, *marks))) if part)


@dataclass(slots=True)
class Conversation:
    """A post and what is said below it, made at once; the posts are numbered, so that their keys are stable."""

    key: str
    chance: Random
    posts: list[SamplePost] = field(default_factory=list)
    authors: dict[str, Person] = field(default_factory=dict)  # by post key

    def begin(
        self,
        author: Person,
        at: datetime,
        text: str,
        *,
        mentions: Sequence[Person] = (),
        tags: Sequence[str] = (),
        share: float = 1.0,
        **more: Any,
    ) -> SamplePost:
        """The first post. `more` are fields of SamplePost; `share` is the chance that the other server hears of it."""
        more.setdefault("known_from", known_from(author, at, self.chance, share))
        post = SamplePost(
            key=self.key,
            network=author.account.network,
            author=author.key,
            created_at=at,
            text=dressed(text, mentions, tags, is_reply=more.get("reply_to") is not None),
            mentions=tuple(one.key for one in mentions),
            tags=tuple(tags),
            **more,
        )
        return self._add(post, author)

    def say(
        self,
        author: Person,
        at: datetime,
        text: str,
        to: SamplePost,
        *,
        also: Sequence[Person] = (),
        visibility: Visibility | None = None,
        **more: Any,
    ) -> SamplePost:
        """A reply to one of its posts. On Mastodon it mentions whom it answers, and half are quiet-public."""
        at = max(at, (to.indexed_at or to.created_at) + timedelta(seconds=5))
        mentions: tuple[Person, ...] = ()
        if author.account.network == "mastodon":
            answered = self.authors[to.key]
            mentions = tuple({one.key: one for one in (answered, *also) if one.key != author.key}.values())
            more.setdefault("known_from", known_from(author, at, self.chance))
        if visibility is None:
            is_quiet = author.account.network == "mastodon" and self.chance.random() < 0.45
            visibility = "unlisted" if is_quiet else "public"
        post = SamplePost(
            key=f"{self.key}-{len(self.posts)}",
            network=author.account.network,
            author=author.key,
            created_at=at,
            text=dressed(text, mentions, is_reply=True),
            reply_to=to.key,
            visibility=visibility,
            mentions=tuple(one.key for one in mentions),
            **more,
        )
        return self._add(post, author)

    def _add(self, post: SamplePost, author: Person) -> SamplePost:
        self.posts.append(post)
        self.authors[post.key] = author
        return post

    def change(self, post: SamplePost, **fields: Any) -> SamplePost:
        """The same post with other fields (an edit, a deletion), put in its place."""
        changed = replace(post, **fields)
        self.posts[self.posts.index(post)] = changed
        return changed
