"""What a group's feeds bring: its profile, its own posts, mentions (signed in), hashtags (signed in), the drain."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from collectors import text_folding
from collectors.bluesky import jetstream
from collectors.bluesky.client import Client
from collectors.bluesky.http import Params
from collectors.bluesky.pagination import PAGE, Page, follow_pages, list_in, next_cursor, split_into_batches
from collectors.bluesky.parse import Unreadable, read_account, read_posts
from collectors.bluesky.thread import hidden_among, hidden_replies
from collectors.bluesky.timestamps import read_time
from collectors.fetch_types import KNOWN_FOR, Batch, FetchFailed, Quarantined, SeenPost, Work

_ADDRESSED = ("mention", "reply", "quote")


def fetch_profile(client: Client, work: Work) -> Batch:
    """The group's own account with its counts."""
    answer = client.ask("app.bsky.actor.getProfile", {"actor": work.target})
    now = client.now()
    try:
        account = read_account(answer, client.frame)
    except Unreadable as error:
        raise FetchFailed("broken", f"Bluesky shows the account without what is needed: {error}") from None
    return Batch(account=account, pages_count=1, items_count=1, from_at=now, to_at=now)


def fetch_own_posts(client: Client, work: Work) -> Batch:
    """What the group has posted, replies too, newest first. Boosts are other people's posts and are left out.

    A pinned post may come first, out of order: it says nothing about how far back a page reaches.
    """

    def read(cursor: str | None) -> Page:
        params: Params = {"actor": work.target, "limit": PAGE, "cursor": cursor, "filter": "posts_with_replies"}
        answer = client.ask("app.bsky.feed.getAuthorFeed", params)
        items = list_in(answer, "feed")
        kept = [item for item in items if not _has_reason(item, "reasonRepost")]
        pinned = {_uri(item.get("post")) for item in kept if _has_reason(item, "reasonPin")}
        views = [item.get("post") if type(item) is dict else item for item in kept]
        posts, bad = read_posts(views, client.frame, _hidden_in(kept))
        page = _page(work, posts, bad, len(items), next_cursor(answer), skip=pinned)
        page.is_end = page.is_end or _is_past_what_can_be_known(work, page, client.now())
        return page

    return follow_pages(work, read, client.now())


def fetch_mentions(client: Client, work: Work) -> Batch:
    """Mentions, replies and quotes that the account was notified of. Nothing is marked as read.

    The posts themselves are read anonymously, so that a block between two accounts cannot look like a deletion.
    """

    def read(cursor: str | None) -> Page:
        params: Params = {"limit": PAGE, "cursor": cursor, "reasons": list(_ADDRESSED)}
        answer = client.ask_signed_in("app.bsky.notification.listNotifications", params)
        items = list_in(answer, "notifications")
        about = [item for item in items if type(item) is dict and item.get("reason") in _ADDRESSED]
        uris = [uri for uri in (_uri(item) for item in about) if uri is not None and uri not in work.known]
        posts, bad = hydrate_posts(client, uris)
        page = _page(work, posts, bad, len(items), next_cursor(answer))
        page.is_end = bool(items) and not posts
        times = [at for at in (read_time(item.get("indexedAt")) for item in about) if at is not None]
        page.oldest_at = min(times, default=None)
        return page

    return follow_pages(work, read, client.now())


def fetch_hashtag(client: Client, work: Work) -> Batch:
    """Posts with the group's own hashtag, by search.

    The search's maintainer asks for restraint: one request is the rule, so a page with any known post is the last.
    """

    def read(cursor: str | None) -> Page:
        page = _search(client, work, cursor)
        page.is_end = any(post.server_post_id in work.known for post in page.posts)
        return page

    return follow_pages(work, read, client.now())


def fetch_topic(client: Client, work: Work) -> Batch:
    """Posts with a topic tag, to be counted. Nothing of them is held, so the last reading's page is kept in memory."""
    before = client.topic_heads.get(work.source_id)
    head: list[str] = []

    def read(cursor: str | None) -> Page:
        page = _search(client, work, cursor)
        head.extend(post.uri for post in page.posts)
        page.is_end = before is None or any(post.uri in before for post in page.posts)
        return page

    batch = follow_pages(work, read, client.now())
    client.topic_heads[work.source_id] = frozenset(head[:PAGE])
    return batch


def fetch_jetstream(client: Client, work: Work) -> Batch:
    """What Jetstream has of posts addressed to the group since the last drain (opt-in)."""
    if not client.settings.jetstream:
        raise FetchFailed(
            "closed", "reading Jetstream is switched off", cure="Set jetstream in [bluesky] to switch it on."
        )
    is_wanted = jetstream.addressed_to(frozenset({work.target}), client.hashtags, work.known)
    drained = jetstream.drain_jetstream(client.settings.jetstream, work.cursor, is_wanted, client.drain_rules())
    fresh = [uri for uri in drained.uris if uri not in work.known]
    posts, bad = hydrate_posts(client, fresh)
    return Batch(
        posts=posts,
        quarantined=bad,
        pages_count=1,
        items_count=drained.events_count,
        from_at=drained.from_at,
        to_at=drained.to_at,
        cursor=drained.cursor,
        is_complete=drained.reason is None,
        reason=drained.reason,
        bytes_count=drained.bytes_count,
    )


def hydrate_posts(client: Client, uris: Iterable[str]) -> tuple[list[SeenPost], list[Quarantined]]:
    """The posts behind these uris, 25 a request. Deleted, deactivated and blocked ones are silently left out."""
    posts: list[SeenPost] = []
    bad: list[Quarantined] = []
    for some in split_into_batches(list(dict.fromkeys(uris))):
        answer = client.ask("app.bsky.feed.getPosts", {"uris": some})
        items = list_in(answer, "posts")
        read, unreadable = read_posts(items, client.frame, hidden_among(client, items))
        posts += read
        bad += unreadable
    return posts, bad


def _search(client: Client, work: Work, cursor: str | None) -> Page:
    tag = text_folding.fold_tag(work.target)
    since = work.since.isoformat().replace("+00:00", "Z") if work.since is not None else None
    params: Params = {"q": f"#{tag}", "tag": [tag], "sort": "latest", "limit": PAGE, "cursor": cursor, "since": since}
    answer = client.ask_signed_in("app.bsky.feed.searchPosts", params)
    items = list_in(answer, "posts")
    posts, bad = read_posts(items, client.frame, hidden_among(client, items))
    return _page(work, [post for post in posts if tag in post.tags], bad, len(items), next_cursor(answer))


def _page(
    work: Work,
    posts: list[SeenPost],
    bad: list[Quarantined],
    items_count: int,
    cursor: str | None,
    skip: Iterable[str | None] = (),
) -> Page:
    ordered = [post for post in posts if post.uri not in set(skip)]
    is_end = bool(ordered or bad) and all(post.server_post_id in work.known for post in ordered)
    return Page(posts, bad, items_count, min((post.created_at for post in ordered), default=None), cursor, is_end)


def _is_past_what_can_be_known(work: Work, page: Page, now: datetime) -> bool:
    """The page joins on to what is known and goes on beyond it: nobody can say of older posts whether they are held."""
    is_older = page.oldest_at is not None and page.oldest_at < now - KNOWN_FOR
    return is_older and any(post.server_post_id in work.known for post in page.posts)


def _has_reason(item: Any, name: str) -> bool:
    reason = item.get("reason") if type(item) is dict else None
    return type(reason) is dict and str(reason.get("$type")).endswith(f"#{name}")


def _hidden_in(items: Iterable[Any]) -> frozenset[str]:
    """What the owners of other threads have hidden of the group's replies: a feed shows the root of each reply."""
    replies = (item.get("reply") for item in items if type(item) is dict)
    return frozenset().union(*(hidden_replies(reply.get("root")) for reply in replies if type(reply) is dict))


def _uri(view: Any) -> str | None:
    uri = view.get("uri") if type(view) is dict else None
    return uri if type(uri) is str else None
