"""Known posts of a Mastodon-API server: their counts, edits and deletions; who boosted, who quoted."""

from collections.abc import Callable
from typing import Any

from collectors.fetch_types import Batch, FetchFailed, Quarantined, SeenInteraction, Work
from collectors.mastodon.client import Client
from collectors.mastodon.errors import ADD_TOKEN, NO_SUCH_CALL, explain_not_json, status_of
from collectors.mastodon.feeds import PAGE_SIZE
from collectors.mastodon.html_text import UnreadableHtml
from collectors.mastodon.parse import Page, Unreadable, read_account, read_page

BATCH_SIZE = 20  # more is a 422


def fetch_counts(client: Client, work: Work, batch: Batch) -> None:
    """Read known posts again. What a batch leaves out is asked for once more, alone, before it counts as missing."""
    wanted = [post.server_post_id for post in work.posts]
    for start in range(0, len(wanted), BATCH_SIZE):
        ids = wanted[start : start + BATCH_SIZE]
        left_out = _batch(client, ids, batch) if client.has_batch else ids
        for post_id in left_out:
            fetch_one_by_one(client, post_id, batch, is_alone=not client.has_batch)


def fetch_one_by_one(
    client: Client, post_id: str, batch: Batch, *, is_alone: bool, capability: str = "refresh"
) -> None:
    """One post. 404 is missing; 401, 403 and 422 are refusals. `is_alone`: there is no batch call to fall back on, so a
    refusal before any success says that the server is closed, not that this post is."""
    try:
        raw = client.ask_object(capability, lambda: client.api.status(post_id))
    except FetchFailed as error:
        if error.kind == "gone":
            batch.missing.append(post_id)
        elif error.kind == "closed" and not (is_alone and not batch.posts):
            batch.refused.append(post_id)
        else:
            raise
        batch.pages_count += 1
        return
    _take(client, [raw], {post_id}, batch)


def _batch(client: Client, ids: list[str], batch: Batch) -> list[str]:
    """Ask for several at once; returns those the answer left out."""
    try:
        items, _ = client.ask_list("refresh", lambda: client.api.statuses([*ids]))
    except FetchFailed as error:
        if status_of(error) not in NO_SUCH_CALL:
            raise
        client.has_batch = False  # other software: one by one from now on
        return ids
    page = _take(client, items, set(ids), batch)
    quarantined = {one.item_id for one in page.quarantined}
    found = {post.server_post_id for post in page.posts} | set(page.private_ids) | quarantined
    return [post_id for post_id in ids if post_id not in found]


def _take(client: Client, items: list[Any], ids: set[str], batch: Batch) -> Page:
    """What was asked for, and nothing else. A post that has become private is withdrawn."""
    page = read_page(items, client.reading())
    page.posts = [post for post in page.posts if post.server_post_id in ids]
    batch.posts += page.posts
    batch.withdrawn += page.private_ids
    batch.private_count += page.private_count
    batch.quarantined += page.quarantined
    batch.pages_count += 1
    batch.items_count += len(items)
    return page


def fetch_boosters(client: Client, work: Work, batch: Batch) -> None:
    """Who boosted a post: for the sum of their followers and for distinct counts. Likes are never asked for."""
    post_id = work.posts[0].server_post_id
    domain = client.facts().domain

    def add(items: list[Any]) -> None:
        for item in items:
            try:
                account = read_account(item, domain)
            except (Unreadable, UnreadableHtml) as error:
                batch.quarantined.append(Quarantined("an account", str(error)))
                batch.is_interactions_partial = True
            else:
                batch.interactions.append(SeenInteraction(post_id, account.key, "boost", account.followers_count))

    _each_page(client, work, batch, "boosters", lambda _: client.api.status_reblogged_by(post_id), add)


def fetch_quotes(client: Client, work: Work, batch: Batch) -> None:
    """The posts that quote a post of ours, with our consent. From Mastodon 4.5 on, and for users only."""
    if not client.facts().has_quotes:
        raise FetchFailed("closed", "the server's software does not list quotes", capability="quotes")
    if not client.has_token:
        raise FetchFailed("closed", "the server lists quotes only when signed in", cure=ADD_TOKEN, capability="quotes")
    post_id = work.posts[0].server_post_id
    reading = client.reading()

    def add(items: list[Any]) -> None:
        page = read_page(items, reading)
        batch.posts += page.posts
        batch.withdrawn += page.private_ids
        batch.private_count += page.private_count
        batch.quarantined += page.quarantined
        batch.interactions += [
            SeenInteraction(post_id, post.author.key, "quote", post.author.followers_count) for post in page.posts
        ]

    def first(cursor: str | None) -> Any:
        return client.api.status_quotes(post_id, limit=PAGE_SIZE, max_id=cursor)

    try:
        _each_page(client, work, batch, "quotes", first, add)
    except FetchFailed as error:
        if error.kind != "gone":
            raise
        # The call or the post is missing. If it is the post, the next refresh finds that out.
        raise FetchFailed("closed", "the server does not list quotes of this post", capability="quotes") from None


def _each_page(
    client: Client,
    work: Work,
    batch: Batch,
    capability: str,
    first: Callable[[str | None], Any],
    add: Callable[[list[Any]], None],
) -> None:
    for answer in client.pages(capability, first):
        items = answer.raw if isinstance(answer.raw, list) else None
        if items is None:
            raise explain_not_json(capability)
        add(items)
        batch.pages_count += 1
        batch.items_count += len(items)
        if not items:
            return
        if batch.pages_count >= work.page_limit and answer.next_id is not None:
            batch.is_interactions_partial = True
            batch.is_complete, batch.reason = False, "the list is longer than we read"
            return
