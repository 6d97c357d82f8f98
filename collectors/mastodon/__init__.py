"""Mastodon and everything that speaks its API: connect, resolve, probe, fetch. The same verbs as collectors.bluesky.

Only ever reads. The facts behind the choices are in docs/networks.md.
"""

from collections.abc import Callable
from datetime import timedelta

from collectors.fetch_types import Batch, FetchFailed, Kind, SeenAccount, SeenCapability, Work
from collectors.mastodon import capabilities
from collectors.mastodon import feeds as mastodon_feeds
from collectors.mastodon import posts as mastodon_posts
from collectors.mastodon import thread as mastodon_thread
from collectors.mastodon.client import Client, ServerFacts, connect

__all__ = ["Client", "ServerFacts", "connect", "facts", "fetch", "probe", "resolve"]

DEADLINE_SECONDS = 120.0
_LOOK_UP_SECONDS = 45.0
_STALE = timedelta(hours=1)

_VERBS: dict[Kind, Callable[[Client, Work, Batch], None]] = {
    "profile": mastodon_feeds.fetch_profile,
    "own": mastodon_feeds.fetch_own_posts,
    "mentions": mastodon_feeds.fetch_mentions,
    "hashtag": mastodon_feeds.fetch_hashtag,
    "topic": mastodon_feeds.fetch_topic,
    "refresh": mastodon_posts.fetch_counts,
    "thread": mastodon_thread.fetch_threads,
    "boosters": mastodon_posts.fetch_boosters,
    "quotes": mastodon_posts.fetch_quotes,
}


def resolve(client: Client, handle: str) -> SeenAccount:
    """The account behind @user@host. Raises FetchFailed with a cure."""
    client.http.start(_LOOK_UP_SECONDS)
    return mastodon_feeds.resolve_account(client, handle)


def facts(client: Client) -> ServerFacts:
    """Domain, version and rules of the server. Raises FetchFailed when it is down."""
    client.http.start(_LOOK_UP_SECONDS)
    return client.facts()


def probe(client: Client, handle: str, tag: str | None = None) -> list[SeenCapability]:
    """What this server lets us do for this account (and tag), each tried once. Raises FetchFailed when it is down."""
    client.http.start(DEADLINE_SECONDS)
    return capabilities.probe(client, handle, tag)


def fetch(client: Client, work: Work, *, deadline_seconds: float = DEADLINE_SECONDS) -> Batch:
    """Carry out one piece of work. Raises FetchFailed; a batch that lacks something says so in `reason`."""
    verb = _VERBS.get(work.kind)
    if verb is None:
        raise FetchFailed("closed", f"there is no {work.kind} on Mastodon", capability=work.kind)
    client.http.start(deadline_seconds)
    batch = Batch()
    verb(client, work, batch)
    if client.http.stale > _STALE:
        hours = int(client.http.stale / timedelta(hours=1))
        old = f"the server's answers are {hours} h old (its cache, or a clock that is wrong)"
        batch.is_complete = False
        batch.reason = old if batch.reason is None else f"{batch.reason}; {old}"
    return batch
