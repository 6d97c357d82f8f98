"""What is read of known posts: counts and deletions, the thread below, who boosted, who quoted."""

from collections import deque
from collections.abc import Iterator
from typing import Any

from collectors.bluesky.client import Client
from collectors.bluesky.pagination import PAGE, list_in, next_cursor, split_into_batches
from collectors.bluesky.parse import POST, Unreadable, post_uri, read_account, read_posts, strong_ref
from collectors.bluesky.thread import DEPTH, hidden_among, hidden_replies, read_tree
from collectors.fetch_types import Batch, FetchFailed, Quarantined, SeenInteraction, SeenPost, SeenThread, Work


def fetch_counts(client: Client, work: Work) -> Batch:
    """Read known posts again, 25 a request, as nobody. One left out is looked for at the PDS before it is missing."""
    batch = _batch(client)
    for some in split_into_batches([post.server_post_id for post in work.posts]):
        try:
            items = list_in(client.ask("app.bsky.feed.getPosts", {"uris": some}), "posts")
            hidden = hidden_among(client, items)
        except FetchFailed as failure:
            if batch.pages_count == 0:
                raise
            _stop(batch, failure.reason, failure)
            break
        posts, bad = read_posts(items, client.frame, hidden)
        _add(batch, len(items), posts, bad)
        shown = {strong_ref(item) for item in items}
        for uri in some:
            if uri not in shown:
                (batch.missing if _is_deleted(client, uri) else batch.refused).append(uri)
    return batch


def fetch_threads(client: Client, work: Work) -> Batch:
    """The whole conversation below a post: what the server cuts off is read from where it was cut.

    Replies below a deleted post are not in its tree any more; whoever holds them asks for them by themselves.
    """
    batch = _batch(client)
    threads: dict[str, SeenThread] = {}
    anchors = deque(post.server_post_id for post in work.posts)
    roots, asked, hidden = frozenset(anchors), set(anchors), frozenset[str]()
    seen: set[str] = set()
    while anchors:
        if batch.pages_count >= work.page_limit:
            _stop(batch, "the conversation is too long to be read in one go")
            break
        uri = anchors.popleft()
        try:
            answer = client.ask("app.bsky.feed.getPostThread", {"uri": uri, "depth": DEPTH, "parentHeight": 0})
        except FetchFailed as failure:
            if failure.kind == "gone":
                if uri in roots:
                    (batch.missing if _is_deleted(client, uri) else batch.refused).append(uri)
                continue  # a reply that went away between two requests
            if batch.pages_count == 0:
                raise
            _stop(batch, failure.reason, failure)
            break
        hidden |= hidden_replies(answer)
        tree = read_tree(answer, client.frame, hidden)
        if not tree.is_anchor_shown and uri in roots:
            batch.refused.append(uri)
        fresh = [post for post in tree.posts if post.uri not in seen]
        seen.update(post.uri for post in fresh)
        _add(batch, tree.items_count, fresh, tree.quarantined)
        threads.update((one.server_post_id, one) for one in tree.threads)
        anchors.extend(cut for cut in tree.cut if cut not in asked)
        asked.update(tree.cut)
    batch.threads = list(threads.values())
    return batch


def fetch_boosters(client: Client, work: Work) -> Batch:
    """Who boosted a post, with the number of their followers, for a sum and a distinct count."""
    batch = _batch(client)
    for known in work.posts:
        dids: dict[str, None] = {}
        for items in _pages(client, work, batch, "app.bsky.feed.getRepostedBy", "repostedBy", known.server_post_id):
            dids.update((item["did"], None) for item in items if type(item) is dict and type(item.get("did")) is str)
        followers = _followers(client, list(dids), batch)
        batch.interactions += [
            SeenInteraction(known.server_post_id, did, "boost", followers.get(did)) for did in dids if did.isprintable()
        ]
    return batch


def fetch_quotes(client: Client, work: Work) -> Batch:
    """Who quoted a post, and the quoting posts. Quotes that the quoted author has detached are not listed."""
    batch = _batch(client)
    for known in work.posts:
        for items in _pages(client, work, batch, "app.bsky.feed.getQuotes", "posts", known.server_post_id):
            posts, bad = read_posts(items, client.frame)
            batch.posts += posts
            batch.quarantined += bad
            batch.interactions += [
                SeenInteraction(known.server_post_id, post.author.key, "quote", None) for post in posts
            ]
    return batch


def _pages(client: Client, work: Work, batch: Batch, nsid: str, name: str, uri: str) -> Iterator[list[Any]]:
    """All pages about one post. FetchFailed when not even the first came; later the batch says what is lacking."""
    cursor: str | None = None
    for number in range(work.page_limit):
        try:
            answer = client.ask(nsid, {"uri": uri, "limit": PAGE, "cursor": cursor})
            items = list_in(answer, name)
        except FetchFailed as failure:
            if number == 0:
                raise
            _stop(batch, failure.reason, failure)
            return
        _add(batch, len(items), [], [])
        yield items
        cursor = next_cursor(answer)
        if cursor is None:
            return
    _stop(batch, "there are more than are read in one go")


def _followers(client: Client, dids: list[str], batch: Batch) -> dict[str, int]:
    """DID → followers. Accounts that are gone or hide themselves are left out by the server."""
    found: dict[str, int] = {}
    for some in split_into_batches(dids):
        try:
            profiles = list_in(client.ask("app.bsky.actor.getProfiles", {"actors": some}), "profiles")
        except FetchFailed as failure:
            _stop(batch, failure.reason, failure)
            break
        _add(batch, len(profiles), [], [])
        for profile in profiles:
            try:
                account = read_account(profile, client.frame)
            except Unreadable as error:
                batch.quarantined.append(Quarantined("unknown", str(error)))
                continue
            if account.followers_count is not None:
                found[account.key] = account.followers_count
    return found


def _is_deleted(client: Client, uri: str) -> bool:
    """Whether the account's data server says that there is no such record. Anything else is no evidence.

    The configured PDS answers for the accounts it hosts and passes other questions on to its AppView.
    """
    try:
        _, did, rkey = post_uri(uri)
        client.ask_pds("com.atproto.repo.getRecord", {"repo": did, "collection": POST, "rkey": rkey})
    except FetchFailed:
        return client.pds_wire.error == "RecordNotFound"
    except Unreadable:
        return False
    return False


def _batch(client: Client) -> Batch:
    now = client.now()
    return Batch(from_at=now, to_at=now)


def _add(batch: Batch, items_count: int, posts: list[SeenPost], bad: list[Quarantined]) -> None:
    batch.pages_count += 1
    batch.items_count += items_count
    batch.posts += posts
    batch.quarantined += bad


def _stop(batch: Batch, reason: str, failure: FetchFailed | None = None) -> None:
    batch.stopped_by = failure
    batch.is_complete, batch.is_interactions_partial, batch.reason = False, True, reason
