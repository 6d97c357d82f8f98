"""What a Mastodon-API server lets us do for one account: each capability tried once, told with its cure."""

from collections.abc import Callable
from typing import Any, Literal, cast

from collectors.fetch_types import Batch, FetchFailed, KnownPost, SeenCapability, Work
from collectors.mastodon import feeds as mastodon_feeds
from collectors.mastodon import posts as mastodon_posts
from collectors.mastodon import thread as mastodon_thread
from collectors.mastodon.client import LOOK_YOURSELF, READ_ONLY, Client
from collectors.mastodon.errors import ADD_TOKEN

_ANY_TAG = "mutualaid"
State = Literal["open", "closed", "needs token", "unknown"]


def probe(client: Client, handle: str, tag: str | None) -> list[SeenCapability]:
    """Try everything a collector needs. Raises FetchFailed when the server is down, limits us, or lacks the account."""
    server = client.server.name
    found: list[SeenCapability] = []

    def attempt(capability: str, verb: Callable[[Client, Work, Batch], None], work: Work) -> Batch:
        batch = Batch()
        try:
            verb(client, work, batch)
        except FetchFailed as error:
            found.append(_refused(server, capability, error, client))
        else:
            seen = next((one for one in batch.capabilities if one.capability == capability), None)
            found.append(seen or SeenCapability("mastodon", server, capability, "open"))
        return batch

    def work(**more: Any) -> Work:
        return Work("probe", "", "mastodon", server, more.pop("kind"), more.pop("target", ""), page_limit=1, **more)

    client.facts()
    found.extend(_token(client))
    attempt("profile", mastodon_feeds.fetch_profile, work(kind="profile", target=handle))
    if found[-1].state == "unknown":
        mastodon_feeds.resolve_account(client, handle)  # not there, or no sense in the answer: say so as an error
    own = attempt("own posts", mastodon_feeds.fetch_own_posts, work(kind="own", target=handle))
    attempt("tag feed", mastodon_feeds.fetch_hashtag, work(kind="hashtag", target=tag or _ANY_TAG))
    posts = tuple(KnownPost(post.server_post_id, post.uri, post.created_at) for post in own.posts[:1])
    for capability, verb in (
        ("refresh", mastodon_posts.fetch_counts),
        ("threads", mastodon_thread.fetch_threads),
        ("boosters", mastodon_posts.fetch_boosters),
        ("quotes", mastodon_posts.fetch_quotes),
    ):
        if posts:
            attempt(capability, verb, work(kind=capability, posts=posts))
        else:
            reason = "tried as soon as the account has a post that we can see"
            found.append(SeenCapability("mastodon", server, capability, "unknown", reason))
    attempt("mentions", mastodon_feeds.fetch_mentions, work(kind="mentions", target=handle))
    return found


def _token(client: Client) -> list[SeenCapability]:
    """What the token may do; nothing where there is none."""
    if not (client.has_token or client.token_refused):
        return []
    state, reason, cure = "open", None, None
    if client.token_refused:
        state, reason, cure = "closed", client.token_refused, READ_ONLY
    elif client.token_scopes is None:
        state, reason, cure = "unknown", "this server does not say what a token may do", LOOK_YOURSELF
    return [SeenCapability("mastodon", client.server.name, "token", cast(State, state), reason, cure)]


def _refused(server: str, capability: str, error: FetchFailed, client: Client) -> SeenCapability:
    """A refusal is a finding. A server that is down or has had enough of us is not."""
    if error.kind in ("down", "limited"):
        raise error
    state: State = "closed" if error.kind == "closed" else "unknown"
    if error.kind == "closed" and not client.has_token and error.cure is not None and error.cure == ADD_TOKEN:
        state = "needs token"
    return SeenCapability("mastodon", server, capability, state, error.reason, error.cure)
