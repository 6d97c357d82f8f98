"""What Bluesky lets us do for one account: each capability tried once, told with its cure."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from collectors.bluesky import feeds as bluesky_feeds
from collectors.bluesky import posts as bluesky_posts
from collectors.bluesky.client import Client
from collectors.fetch_types import Batch, FetchFailed, Kind, KnownPost, SeenCapability, Work

CAPABILITIES: Mapping[Kind, str] = {
    "profile": "profile",
    "own": "own posts",
    "mentions": "mentions",
    "hashtag": "tag feed",
    "topic": "tag feed",
    "drain": "drain",
    "refresh": "refresh",
    "thread": "threads",
    "boosters": "boosters",
    "quotes": "quotes",
}
_ANY_TAG = "mutualaid"
State = Literal["open", "closed", "needs token", "unknown"]


def probe(client: Client, actor: str, tag: str | None) -> list[SeenCapability]:
    """Try everything a collector needs. Raises FetchFailed when Bluesky is down, limits us, or lacks the account."""
    found: list[SeenCapability] = []

    def attempt(kind: Kind, verb: Callable[[Client, Work], Batch], **more: Any) -> Batch:
        capability = CAPABILITIES[kind]
        try:
            batch = verb(
                client, Work("probe", "", "bluesky", "bluesky", kind, more.pop("target", ""), page_limit=1, **more)
            )
        except FetchFailed as failure:
            if failure.kind in ("down", "limited") or (failure.kind == "gone" and kind == "profile"):
                raise
            found.append(_refused(capability, failure, client))
            return Batch()
        found.append(SeenCapability("bluesky", "bluesky", capability, "open"))
        return batch

    attempt("profile", bluesky_feeds.fetch_profile, target=actor)
    own = attempt("own", bluesky_feeds.fetch_own_posts, target=actor)
    posts = tuple(KnownPost(post.server_post_id, post.uri, post.created_at) for post in own.posts[:1])
    for kind, verb in _ABOUT_A_POST.items():
        if posts:
            attempt(kind, verb, posts=posts)
        else:
            reason = "tried as soon as the account has a post that we can see"
            found.append(SeenCapability("bluesky", "bluesky", CAPABILITIES[kind], "unknown", reason))
    attempt("mentions", bluesky_feeds.fetch_mentions, target=actor)
    attempt("hashtag", bluesky_feeds.fetch_hashtag, target=tag or _ANY_TAG)
    return found


_ABOUT_A_POST: Mapping[Kind, Callable[[Client, Work], Batch]] = {
    "refresh": bluesky_posts.fetch_counts,
    "thread": bluesky_posts.fetch_threads,
    "boosters": bluesky_posts.fetch_boosters,
    "quotes": bluesky_posts.fetch_quotes,
}


def _refused(capability: str, failure: FetchFailed, client: Client) -> SeenCapability:
    state: State = "closed" if failure.kind == "closed" else "unknown"
    if state == "closed" and client.signed_in is None and capability in ("mentions", "tag feed"):
        state = "needs token"
    return SeenCapability("bluesky", "bluesky", capability, state, failure.reason, failure.cure)
