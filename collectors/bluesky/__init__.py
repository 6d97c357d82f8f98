"""Bluesky and other AT Protocol services: connect, resolve, probe, fetch. The same verbs as collectors.mastodon.

Only ever reads: http.py holds the list of what may be asked. The facts behind the choices: docs/networks.md.
"""

from collections.abc import Callable

from collectors.bluesky import feeds as bluesky_feeds
from collectors.bluesky import posts as bluesky_posts
from collectors.bluesky.capabilities import CAPABILITIES
from collectors.bluesky.capabilities import probe as probe_all
from collectors.bluesky.client import Client, connect
from collectors.bluesky.parse import Unreadable, read_account
from collectors.bluesky.profiles import apply_profile_refusals
from collectors.fetch_types import Batch, FetchFailed, Kind, SeenAccount, SeenCapability, Work

__all__ = ["Client", "connect", "fetch", "probe", "resolve"]

DEADLINE_SECONDS = 120.0
_LOOK_UP_SECONDS = 45.0

_VERBS: dict[Kind, Callable[[Client, Work], Batch]] = {
    "profile": bluesky_feeds.fetch_profile,
    "own": bluesky_feeds.fetch_own_posts,
    "mentions": bluesky_feeds.fetch_mentions,
    "hashtag": bluesky_feeds.fetch_hashtag,
    "topic": bluesky_feeds.fetch_topic,
    "drain": bluesky_feeds.fetch_jetstream,
    "refresh": bluesky_posts.fetch_counts,
    "thread": bluesky_posts.fetch_threads,
    "boosters": bluesky_posts.fetch_boosters,
    "quotes": bluesky_posts.fetch_quotes,
}


def resolve(client: Client, handle_or_did: str) -> SeenAccount:
    """The account behind a handle or DID. Raises FetchFailed with a cure."""
    client.start(_LOOK_UP_SECONDS)
    actor = handle_or_did.strip().removeprefix("@")
    if not actor.startswith("did:") and "." not in actor:
        raise FetchFailed("gone", "this is not a whole Bluesky handle", cure=_SPELLING)
    try:
        return read_account(client.ask("app.bsky.actor.getProfile", {"actor": actor}), client.frame)
    except FetchFailed as failure:
        failure.capability = "profile"
        if failure.kind == "gone" or client.appview_wire.error == "InvalidRequest":
            raise FetchFailed("gone", "Bluesky knows no such account", cure=_SPELLING, capability="profile") from None
        raise
    except Unreadable as error:
        raise FetchFailed("broken", f"Bluesky shows the account incompletely: {error}", capability="profile") from None


def probe(client: Client, actor: str, tag: str | None = None) -> list[SeenCapability]:
    """What Bluesky lets us do for this account (and tag), each tried once. Raises FetchFailed when it is down."""
    client.start(DEADLINE_SECONDS)
    return probe_all(client, actor.removeprefix("@"), tag)


def fetch(client: Client, work: Work, *, deadline_seconds: float = DEADLINE_SECONDS) -> Batch:
    """Carry out one piece of work. Raises FetchFailed; a batch that lacks something says so in `reason`."""
    client.start(deadline_seconds)
    try:
        batch = _VERBS[work.kind](client, work)
        apply_profile_refusals(client, work, batch)
    except FetchFailed as failure:
        failure.capability = failure.capability or CAPABILITIES[work.kind]
        raise
    return batch


_SPELLING = "Check the spelling: a Bluesky handle looks like name.bsky.social, or like a web address of your own."
