"""Feeds of a Mastodon-API server: an account's own posts, tag feeds, mentions. Newest first, page by page.

Any request with a cursor falls under a second, undocumented limit (300 in 15 minutes), so the head page is read
without one and followed only while a whole page is new.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from collectors.fetch_types import Batch, FetchFailed, SeenAccount, SeenCapability, Work
from collectors.mastodon.client import READ_ONLY, Answer, Client
from collectors.mastodon.errors import ADD_TOKEN, NO_SUCH_CALL, explain_not_json, status_of
from collectors.mastodon.parse import Page, full_handle, read_account, read_page

PAGE_SIZE = 40
_WANTED = ("mention", "quote")
_UNWANTED = [
    "follow",
    "follow_request",
    "favourite",
    "reblog",
    "poll",
    "update",
    "status",
    "admin.sign_up",
    "admin.report",
]
Read = Callable[[Any], list[Any] | None]  # an answer's JSON → its items; None: it makes no sense


def resolve_account(client: Client, handle: str) -> SeenAccount:
    """The account behind @user@host, as this server knows it. Raises FetchFailed with a cure."""
    acct = full_handle(handle.strip(), client.server.name)
    if acct is None:
        raise FetchFailed("gone", "this is not a Mastodon address", cure="Write it as @name@server.example.")
    try:
        raw = client.ask_object("profile", lambda: client.api.account_lookup(acct))
    except FetchFailed as error:
        if error.kind != "gone":
            raise
        raise FetchFailed(
            "gone",
            "the server does not know an account of this name",
            cure="Check the spelling. A server only knows accounts of other servers that somebody there follows.",
            capability="profile",
        ) from None
    if raw.get("suspended") is True:
        raise FetchFailed("gone", "the account is suspended on this server", capability="profile")
    try:
        account = read_account(raw, client.facts().domain)
    except ValueError:
        raise explain_not_json("profile") from None
    if account.server_account_id is not None:
        client.account_ids[handle] = account.server_account_id
    return account


def fetch_profile(client: Client, work: Work, batch: Batch) -> None:
    """The group's account and its counts."""
    batch.account = resolve_account(client, work.target)
    batch.pages_count = batch.items_count = 1


def fetch_own_posts(client: Client, work: Work, batch: Batch) -> None:
    """What the account posted. Boosts are left out by the server: engagement belongs to the boosted post."""
    known_id = client.account_ids.get(work.target) or resolve_account(client, work.target).server_account_id

    def first(cursor: str | None) -> Any:
        return client.api.account_statuses(known_id, exclude_reblogs=True, limit=PAGE_SIZE, max_id=cursor)

    try:
        _walk(client, work, batch, "own posts", first)
    except FetchFailed as error:
        if error.kind == "gone":
            client.account_ids.pop(work.target, None)  # the account may have come back under another id
        raise


def fetch_hashtag(client: Client, work: Work, batch: Batch) -> None:
    """A tag's feed. A server that closes it (422) is asked once more for its own people's posts only."""
    tag = work.target.lstrip("#")
    first = partial(_tag_page, client, tag, False)
    try:
        _walk(client, work, batch, "tag feed", first)
    except FetchFailed as error:
        if batch.pages_count:
            raise
        if error.kind == "gone":  # GoToSocial's way to say that nobody used the tag yet
            batch.from_at, batch.to_at = work.since, client.now()
            return
        if status_of(error) != 422:
            raise
        _walk(client, work, batch, "tag feed", partial(_tag_page, client, tag, True))
        reason = "the server shows only its own people's posts in tag feeds"
        _add_reason(batch, reason, is_complete=True)  # the feed as it is offered was read; the capability says the rest
        batch.capabilities.append(SeenCapability("mastodon", work.server, "tag feed", "open", reason, ADD_TOKEN))


def fetch_topic(client: Client, work: Work, batch: Batch) -> None:
    """A topic's feed, read for counts only. Nothing of it is held, so the client remembers its last head page."""
    before = client.topic_heads.get(work.source_id, frozenset())
    if work.mode == "head" and work.since is None and not work.known | before:
        work = replace(work, page_limit=1)  # just started: the newest page, and a reason if there is more
    fetch_hashtag(client, replace(work, known=work.known | before), batch)
    if work.mode != "backfill" or work.cursor is None:
        client.topic_heads[work.source_id] = frozenset(post.server_post_id for post in batch.posts[:PAGE_SIZE])


def fetch_mentions(client: Client, work: Work, batch: Batch) -> None:
    """Posts that mention or quote the account whose token we hold. Reads only: no marker is ever set."""
    client.facts()  # also looks at what the token may do
    if client.token_refused:
        raise FetchFailed("closed", client.token_refused, cure=READ_ONLY, capability="mentions")
    if not client.has_token:
        raise FetchFailed(
            "closed", "the server shows mentions only to the account itself", cure=ADD_TOKEN, capability="mentions"
        )
    if client.has_grouped_notifications:
        try:
            _walk(client, work, batch, "mentions", partial(_grouped, client), _of_groups)
            return
        except FetchFailed as error:
            if batch.pages_count or status_of(error) not in NO_SUCH_CALL:
                raise
            client.has_grouped_notifications = False
    _walk(client, work, batch, "mentions", partial(_single, client), _of_notifications)


def _tag_page(client: Client, tag: str, is_local: bool, cursor: str | None) -> Any:
    return client.api.timeline_hashtag(tag, local=is_local, limit=PAGE_SIZE, max_id=cursor)


def _grouped(client: Client, cursor: str | None) -> Any:
    """Held-back notifications too: newcomers' mentions are often among them."""
    return client.api.grouped_notifications(max_id=cursor, limit=PAGE_SIZE, types=[*_WANTED], include_filtered=True)


def _single(client: Client, cursor: str | None) -> Any:
    return client.api.notifications(max_id=cursor, limit=PAGE_SIZE, exclude_types=[*_UNWANTED])


def _of_list(raw: Any) -> list[Any] | None:
    return raw if isinstance(raw, list) else None


def _of_groups(raw: Any) -> list[Any] | None:
    """The posts of grouped notifications: those of the kinds wanted, and whatever is no post, to be set aside."""
    groups = raw.get("notification_groups") if isinstance(raw, dict) else None
    statuses = raw.get("statuses") if isinstance(raw, dict) else None
    if not isinstance(groups, list) or not isinstance(statuses, list):
        return None
    wanted = [one.get("status_id") for one in groups if isinstance(one, dict) and one.get("type") in _WANTED]
    return [one for one in statuses if not isinstance(one, dict) or one.get("id") in wanted]


def _of_notifications(raw: Any) -> list[Any] | None:
    if not isinstance(raw, list):
        return None
    wanted = [one for one in raw if not isinstance(one, dict) or one.get("type") in _WANTED]
    return [one.get("status") if isinstance(one, dict) else one for one in wanted]


def _walk(
    client: Client,
    work: Work,
    batch: Batch,
    capability: str,
    first: Callable[[str | None], Any],
    items_of: Read = _of_list,
) -> None:
    """Read pages into the batch until the end, or what is known, or `since`, or the page limit."""
    reading = client.reading()
    cursor = work.cursor if work.mode == "backfill" else None
    seen: set[str] = set()
    is_at_end = True
    try:
        for answer in client.pages(capability, first, cursor):
            items = items_of(answer.raw)
            if items is None:
                raise explain_not_json(capability)
            page = read_page(items, reading)
            is_repeated = _add(batch, page, len(items), seen)
            cursor = answer.next_id
            if cursor is None or is_repeated or (not items and not _is_filtered(answer)) or _is_enough(work, page):
                break
            if batch.pages_count >= work.page_limit:
                is_at_end = False
                break
    except FetchFailed as error:
        if work.mode != "backfill" or not batch.pages_count:
            raise
        is_at_end, batch.stopped_by = False, error  # what was read is kept; the next run goes on from here
        _add_reason(batch, error.reason, is_complete=False)
    batch.to_at = client.now() if work.cursor is None else None
    batch.from_at = min((post.created_at for post in batch.posts), default=work.since)
    if is_at_end:
        batch.from_at = work.since or batch.from_at
    else:
        _add_reason(batch, "there is more than was read", is_complete=False)
        batch.cursor = cursor if work.mode == "backfill" else None


def _add(batch: Batch, page: Page, items_count: int, seen: set[str]) -> bool:
    """Take a page in. True when it held nothing but what came before: a server that goes round in circles."""
    new = [post for post in page.posts if post.server_post_id not in seen]
    is_repeated = bool(page.posts) and not new
    seen.update(post.server_post_id for post in new)
    batch.posts += new
    batch.withdrawn += page.private_ids
    batch.private_count += page.private_count
    batch.quarantined += page.quarantined
    batch.pages_count += 1
    batch.items_count += items_count
    return is_repeated


def _is_filtered(answer: Answer) -> bool:
    """A page of notifications none of which we want is not the last one."""
    raw = answer.raw
    return bool(raw.get("notification_groups")) if isinstance(raw, dict) else bool(raw)


def _is_enough(work: Work, page: Page) -> bool:
    if work.since is not None and page.posts and page.posts[-1].created_at < work.since:
        return True
    return work.mode == "head" and any(post.server_post_id in work.known for post in page.posts)


def _add_reason(batch: Batch, reason: str, *, is_complete: bool) -> None:
    batch.is_complete = batch.is_complete and is_complete
    batch.reason = reason if batch.reason is None else f"{batch.reason}; {reason}"
