"""What a network showed us, before the gate has judged it: the one shape both networks are read into.

Everything here lives in memory only. `gate/consent.py` decides what of it may be kept, `gate/keyed_rows.py` keys it.
All datetimes are aware and in UTC. Network words (reblog, repost, favourite) stop at this border.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Network = Literal["mastodon", "bluesky"]
BLUESKY = "bluesky"  # the one server of that network, by the name under which it is asked
Visibility = Literal["public", "unlisted", "private", "direct"]
KNOWN_FOR = timedelta(days=7)  # Work.known names the held posts of so many days: enough to see where the new ones end
Kind = Literal[
    "profile",  # the group's own account: counts
    "own",  # the group's own posts
    "mentions",  # notifications (token or app password)
    "hashtag",  # the group's own hashtags
    "topic",  # topic tags: counts only
    "drain",  # Jetstream, opt-in
    "refresh",  # known posts: counts, edits, deletions
    "thread",  # the whole thread below a post
    "boosters",  # who boosted a post of the group: summed followers, distinct count
    "quotes",  # who quoted a post of the group
]


@dataclass(frozen=True, slots=True)
class SeenAccount:
    """An account as a server showed it.

    `key` is what identifies the person across servers and is what gets hashed: on Mastodon the lower-case full handle
    `user@host` (mentions carry no actor URI, and a handle there never changes), on Bluesky the DID.
    """

    network: Network
    key: str
    handle: str  # user@host, or a Bluesky handle; without a leading @
    address: str | None  # actor URI or DID
    url: str | None
    is_bot: bool = False
    is_refusing: bool = False  # #nobot, #nobots, #noindex in the profile; Mastodon noindex; Bluesky !no-unauthenticated
    is_no_told: bool = True  # False: this server does not say of other servers' accounts whether they refused
    is_agreeing: bool = False  # Mastodon indexable or discoverable; Bluesky: not refusing
    followers_count: int | None = None  # None: hidden or not told
    following_count: int | None = None
    posts_count: int | None = None
    server_account_id: str | None = None  # Mastodon: this server's own id of it
    name: str = ""  # the display name: shown when an account is looked up, never stored


@dataclass(frozen=True, slots=True)
class SeenPost:
    """A post as a server showed it. A boost is never a SeenPost: the collector unwraps it or leaves it out."""

    network: Network
    server: str  # the server asked, as named in the settings (example.social; bluesky)
    uri: str  # the same on every server: the ActivityPub uri, or at://did/app.bsky.feed.post/rkey
    server_post_id: str  # Mastodon: this server's own id; Bluesky: the uri again
    link: str | None  # for a browser
    handle_free_link: str | None  # a link that shows no handle, or None where the server offers none
    author: SeenAccount
    created_at: datetime
    indexed_at: datetime | None
    edited_at: datetime | None
    visibility: Visibility
    language: str | None
    text: str  # plain text, "\n" between lines
    content_warning: str | None
    is_reply: bool
    parent_server_post_id: str | None  # as the server names the parent (Bluesky: its uri)
    quoted_uri: str | None
    mentioned_keys: frozenset[str]  # SeenAccount.key of everybody mentioned by a real mention (facet, mentions array)
    tags: frozenset[str]  # lower case, without '#'
    has_poll: bool
    media_count: int
    alt_text_count: int
    replies_count: int
    boosts_count: int
    likes_count: int
    quotes_count: int | None
    is_hidden: bool = False  # hidden by the thread's owner (threadgate), or labelled !hide
    is_refused: bool = False  # this one post is not to be shown to everybody (Bluesky !no-unauthenticated on the post)
    root_server_post_id: str | None = None  # where the network names the top of the conversation (Bluesky)


@dataclass(frozen=True, slots=True)
class SeenThread:
    """How much of the conversation below one post was read. Made for every post of the tree that the server showed.

    `replies_fetched` counts the direct replies the server showed below this post, before the gate.
    """

    server_post_id: str
    replies_reported: int | None
    replies_fetched: int


@dataclass(frozen=True, slots=True)
class SeenInteraction:
    """One account's boost or quote of a known post. Never a like."""

    server_post_id: str
    account_key: str
    kind: Literal["boost", "quote"]
    followers_count: int | None


@dataclass(frozen=True, slots=True)
class SeenCapability:
    """What a server lets us do. state: open, closed, needs token, unknown. `cure` is what a person can do about it."""

    network: Network
    server: str
    capability: str  # own posts, threads, tag feed, mentions, boosters, quotes, search, refresh …
    state: Literal["open", "closed", "needs token", "unknown"]
    reason: str | None = None
    cure: str | None = None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An item that could not be read: its id (hashed before it is stored) and why. Never its content."""

    item_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class KnownPost:
    """A held post that a work item is about: how the server names it, and what was known of it last."""

    server_post_id: str
    uri: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to fetch from one server for one group. Made by planner.py; carried out by a network's fetch()."""

    source_id: str  # group/network/server/kind/target
    group_id: str
    network: Network
    server: str
    kind: Kind
    target: str  # own/profile/mentions: account handle (Bluesky: DID or handle); hashtag/topic: the tag; else ""
    mode: Literal["head", "overlap", "backfill"] = "head"
    since: datetime | None = None  # overlap and backfill: read back to here; None: all there is
    cursor: str | None = None  # where the last run of this source stopped (opaque)
    known: frozenset[str] = (
        frozenset()
    )  # head: server_post_ids already held among the newest: a page of only these is the end
    posts: tuple[KnownPost, ...] = ()  # refresh/thread/boosters/quotes: which posts (refresh up to a batch; others one)
    page_limit: int = 50


@dataclass(slots=True)
class Batch:
    """What one Work brought. `is_complete` False with a reason says what was not seen; nothing is ever just missing.

    `missing` are server_post_ids asked for by refresh/thread that the server says do not exist (404, left out of a batch
    and confirmed): two misses an hour apart are a deletion. `refused` are those it would not show for another reason.
    """

    posts: list[SeenPost] = field(default_factory=list)
    account: SeenAccount | None = None  # kind profile
    threads: list[SeenThread] = field(default_factory=list)
    interactions: list[SeenInteraction] = field(default_factory=list)
    is_interactions_partial: bool = False
    missing: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)  # server_post_ids the server says are not public (any more)
    quarantined: list[Quarantined] = field(default_factory=list)
    capabilities: list[SeenCapability] = field(default_factory=list)
    private_count: int = 0  # followers-only and direct items that were left out unread
    pages_count: int = 0
    items_count: int = 0  # items the server sent
    from_at: datetime | None = None  # the span this batch covers
    to_at: datetime | None = None
    cursor: str | None = None
    bytes_count: int = 0  # drain: what went over the line
    is_complete: bool = True
    reason: str | None = None
    stopped_by: "FetchFailed | None" = None  # what cut it short; what came before that is kept


class FetchFailed(Exception):
    """A work item that could not be carried out, in words for a person. Carries no text and no handle.

    kind: 'limited' (429: wait until `retry_at`), 'down' (5xx, timeout, refused, cut off: try again), 'closed'
    (401, 403, 422: the capability is closed; ask again in 6 h), 'gone' (the account or tag is not there),
    'broken' (an answer that makes no sense: login page, bad JSON).
    """

    def __init__(
        self,
        kind: Literal["limited", "down", "closed", "gone", "broken"],
        reason: str,
        *,
        cure: str | None = None,
        capability: str | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.cure = cure
        self.capability = capability
        self.retry_at = retry_at
