"""What the AppView shows: profiles, posts, feed items, as JSON in the shape of the app.bsky lexicons."""

from datetime import datetime

from collectors.sample.bluesky_server.ids import GATE, address, cid, iso
from collectors.sample.bluesky_server.known_posts import Entry, KnownPost, KnownPosts, reaction_uri
from collectors.sample.bluesky_server.records import SELF_LABELS, Json
from collectors.sample.world import SampleAccount, SampleReaction
from collectors.sample.world_index import followers_at

MODERATION = "did:plc:ar7c4by46qjdydhdevvrndac"
FEED = "app.bsky.feed.defs"


def label(text: str, uri: str, owner: str, at: datetime) -> Json:
    """A label. "-porn" is one taken back (neg), "porn<2026-08-01T00:00:00Z" one that runs out (exp)."""
    value, _, expires = text.lstrip("-").partition("<")
    source = owner if value in SELF_LABELS else MODERATION
    written: Json = {"src": source, "uri": uri, "val": value, "cts": iso(at)}
    if text.startswith("-"):
        written["neg"] = True
    if expires:
        written["exp"] = expires
    return written


class Views:
    """Writes what the network shows at a given moment."""

    def __init__(self, view: KnownPosts) -> None:
        self.view = view
        self._profiles: dict[str, Json] = {}
        self._posts: tuple[datetime | None, dict[str, Json]] = (None, {})  # of one moment: replies repeat their roots

    def basic(self, account: SampleAccount) -> Json:
        """ProfileViewBasic."""
        known = self._profiles.get(account.key)
        if known is None:
            at = self.view.index.opened_at(account)
            place = address(account.key, "app.bsky.actor.profile", "self")
            known = self._profiles[account.key] = {
                "did": account.key,
                "handle": account.handle,
                "displayName": account.name,
                "associated": {"activitySubscription": {"allowSubscriptions": "followers"}},
                "labels": [label(text, place, account.key, at) for text in account.labels],
                "createdAt": iso(at),
            }
        return known

    def profile(self, account: SampleAccount) -> Json:
        """ProfileView."""
        at = iso(self.view.index.opened_at(account))
        return {**self.basic(account), "description": account.note, "indexedAt": at}

    def detailed(self, account: SampleAccount, now: datetime) -> Json:
        """ProfileViewDetailed: the only one with counts."""
        return {
            **self.profile(account),
            "followersCount": max(0, followers_at(account, now)),
            "followsCount": account.following_count,
            "postsCount": self.view.posts_count(account.key).at(now),
        }

    def post(self, held: KnownPost, now: datetime, viewer: SampleAccount | None = None) -> Json:
        """PostView."""
        if self._posts[0] != now:
            self._posts = (now, {})
        known = self._posts[1].get(held.uri)
        if known is None:
            known = self._posts[1][held.uri] = self._post(held, now)
        if viewer is None:
            return known
        return {**known, "viewer": {"bookmarked": False, "threadMuted": False, "embeddingDisabled": False}}

    def _post(self, held: KnownPost, now: datetime) -> Json:
        key = held.post.key
        written: Json = {
            "uri": held.uri,
            "cid": held.cid(now),
            "author": self.basic(held.author),
            "record": self.view.record(held, now),
            "bookmarkCount": 0,
            "replyCount": self.view.tally("reply", key).at(now),
            "repostCount": self.view.tally("boost", key).at(now),
            "likeCount": self.view.tally("like", key).at(now),
            "quoteCount": self.view.tally("quote", key).at(now),
            "indexedAt": iso(held.from_at),
            "labels": [label(text, held.uri, held.author.key, held.from_at) for text in held.post.labels],
        }
        embed = self.embed(held, now)
        if embed is not None:
            written["embed"] = embed
        gate = self.threadgate(held, now)
        if gate is not None:
            written["threadgate"] = gate
        return written

    def threadgate(self, held: KnownPost, now: datetime) -> Json | None:
        """The gate on the root of a thread, where its owner has hidden replies."""
        below = self.view.hidden.get(held.post.key, ())
        hidden = [one.uri for one in below if one.post.hidden_at is not None and one.post.hidden_at <= now]
        if not hidden:
            return None
        record = {"$type": GATE, "post": held.uri, "createdAt": iso(held.from_at), "hiddenReplies": hidden}
        uri = address(held.author.key, GATE, held.key)
        return {"uri": uri, "cid": cid(repr(record)), "record": record, "lists": []}

    def embed(self, held: KnownPost, now: datetime) -> Json | None:
        """The embed as the AppView shows it: pictures with addresses, a quote with the post quoted."""
        media = self._pictures(held)
        if held.post.quote_of is None:
            return media
        quote = {"$type": "app.bsky.embed.record#view", "record": self._quoted(held.post.quote_of, now)}
        if media is None:
            return quote
        return {"$type": "app.bsky.embed.recordWithMedia#view", "record": quote, "media": media}

    def _pictures(self, held: KnownPost) -> Json | None:
        if not held.post.media_alts:
            return None
        base = f"https://cdn.bsky.example/img/feed_%s/plain/{held.author.key}/{held.key}"
        images = [
            {
                "thumb": f"{base % 'thumbnail'}{number}@jpeg",
                "fullsize": f"{base % 'fullsize'}{number}@jpeg",
                "alt": alt,
                "aspectRatio": {"width": 1200, "height": 800},
            }
            for number, alt in enumerate(held.post.media_alts)
        ]
        return {"$type": "app.bsky.embed.images#view", "images": images}

    def _quoted(self, key: str, now: datetime) -> Json:
        held = self.view.by_key.get(key)
        if held is None or not held.is_there(now):
            uri = held.uri if held else "at://did:plc:unknown/app.bsky.feed.post/unknown"
            return {"$type": "app.bsky.embed.record#viewNotFound", "uri": uri, "notFound": True}
        names = ("uri", "cid", "author", "labels", "likeCount", "replyCount", "repostCount", "quoteCount", "indexedAt")
        whole = self._flat(held, now)
        media = self._pictures(held)
        return {
            "$type": "app.bsky.embed.record#viewRecord",
            **{name: whole[name] for name in names},
            "value": whole["record"],
            "embeds": [media] if media else [],
        }

    def _flat(self, held: KnownPost, now: datetime) -> Json:
        """A post without what it quotes, so that quotes of quotes end."""
        key = held.post.key
        return {
            "uri": held.uri,
            "cid": held.cid(now),
            "author": self.basic(held.author),
            "record": self.view.record(held, now),
            "labels": [label(text, held.uri, held.author.key, held.from_at) for text in held.post.labels],
            "likeCount": self.view.tally("like", key).at(now),
            "replyCount": self.view.tally("reply", key).at(now),
            "repostCount": self.view.tally("boost", key).at(now),
            "quoteCount": self.view.tally("quote", key).at(now),
            "indexedAt": iso(held.from_at),
        }

    def item(self, entry: Entry, now: datetime, viewer: SampleAccount | None, *, is_pin: bool = False) -> Json:
        """FeedViewPost."""
        written: Json = {"post": self.post(entry.held, now, viewer)}
        parent = self.view.parent(entry.held)
        if parent is not None:
            root = self.view.root(entry.held)
            written["reply"] = {"root": self._reference(root, now), "parent": self._reference(parent, now)}
            above = self.view.parent(parent)
            if above is not None:
                written["reply"]["grandparentAuthor"] = self.basic(above.author)
        if is_pin:
            written["reason"] = {"$type": f"{FEED}#reasonPin"}
        elif entry.repost is not None:
            written["reason"] = self._reason(entry.repost, entry.cid)
        return written

    def _reason(self, repost: SampleReaction, content: str) -> Json:
        return {
            "$type": f"{FEED}#reasonRepost",
            "by": self.basic(self.view.index.accounts[repost.account]),
            "uri": reaction_uri(repost),
            "cid": content,
            "indexedAt": iso(repost.at),
        }

    def _reference(self, held: KnownPost, now: datetime) -> Json:
        if not held.is_there(now):
            return not_found(held.uri)
        return {"$type": f"{FEED}#postView", **self.post(held, now)}


def not_found(uri: str) -> Json:
    """A post that is not there (any more)."""
    return {"$type": f"{FEED}#notFoundPost", "uri": uri, "notFound": True}


def blocked(held: KnownPost) -> Json:
    """A post that a block hides."""
    return {"$type": f"{FEED}#blockedPost", "uri": held.uri, "blocked": True, "author": {"did": held.author.key}}
