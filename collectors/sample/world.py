"""The sample world: who is there and what happens when. Plain data; the servers show it, the community fills it.

A World is finite and complete from the start: every event carries its time, and a server shows only what has happened by
its own clock. So "keeps posting" is nothing but a clock that moves on.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Network = Literal["mastodon", "bluesky"]
Visibility = Literal["public", "unlisted", "private", "direct"]


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """One account. `home` is its Mastodon server's domain, or "bluesky"."""

    key: str  # Mastodon: user@domain; Bluesky: the DID
    network: Network
    home: str
    handle: str  # Mastodon: user@domain; Bluesky: handle
    name: str
    note: str = ""  # profile text
    is_bot: bool = False
    is_locked: bool = False
    is_discoverable: bool | None = None
    is_indexable: bool = False
    is_noindex: bool = False
    labels: tuple[str, ...] = ()  # Bluesky labels on the account
    created_at: datetime | None = None
    followers: tuple[tuple[datetime, int], ...] = ()  # step function: count from that time on; -1 = hidden
    following_count: int = 0


@dataclass(frozen=True, slots=True)
class SamplePost:
    """One post. `known_from` says from when a *Mastodon server other than its home* knows it; absent = never."""

    key: str  # unique in the world, stable under a longer history
    network: Network
    author: str  # SampleAccount.key
    created_at: datetime  # what the client claims
    text: str
    language: str | None = "en"
    visibility: Visibility = "public"
    content_warning: str | None = None
    reply_to: str | None = None  # SamplePost.key
    quote_of: str | None = None
    mentions: tuple[str, ...] = ()  # account keys; replies mention whom they answer
    tags: tuple[str, ...] = ()  # without '#', case as written
    media_alts: tuple[str, ...] = ()  # one entry per picture; "" = no alt text
    has_poll: bool = False
    indexed_at: datetime | None = None  # default: created_at
    edited_at: datetime | None = None
    edited_text: str | None = None
    deleted_at: datetime | None = None
    hidden_at: datetime | None = None  # Bluesky: the thread's owner hid this reply
    labels: tuple[str, ...] = ()
    known_from: dict[str, datetime] = field(default_factory=dict)  # server domain → time


@dataclass(frozen=True, slots=True)
class SampleReaction:
    """A like, boost or quote-count of a post by an account. Undone at `undone_at`."""

    post: str
    account: str
    kind: Literal["like", "boost"]
    at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class World:
    """Everything that ever happens. Sorted by time."""

    accounts: tuple[SampleAccount, ...]
    posts: tuple[SamplePost, ...]
    reactions: tuple[SampleReaction, ...]
