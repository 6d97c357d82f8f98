"""A no that stands in a profile's text: posts come with their writer's name only, so the profiles are asked for before storing.

25 a request, each writer once a day. What cannot be asked now is left out until it can: silence is no yes.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from collectors.bluesky.client import Client
from collectors.bluesky.pagination import list_in, split_into_batches
from collectors.bluesky.parse import Unreadable, read_account
from collectors.fetch_types import Batch, FetchFailed, Work

_ASKED_AGAIN_AFTER = timedelta(days=1)
_REMEMBERED_AT_MOST = 50_000


def apply_profile_refusals(client: Client, work: Work, batch: Batch) -> None:
    """Mark the writers of these posts whose profile says no. Of a topic tag nothing is kept, so nobody is looked up."""
    if work.kind == "topic" or not batch.posts:
        return
    try:
        _ask(client, (post.author.key for post in batch.posts if post.author.key != work.target), batch)
    except FetchFailed as failure:
        known_keys = client.profiles.keys() | {work.target}
        batch.posts = [post for post in batch.posts if post.author.key in known_keys or post.author.is_refusing]
        batch.stopped_by, batch.is_complete = failure, False
        batch.reason = batch.reason or f"whether writers agree could not be read: {failure.reason}"
        batch.cursor = work.cursor  # what was left out is read again
        return
    refusing = {did for did, (_, says_no) in client.profiles.items() if says_no}
    batch.posts = [
        replace(post, author=replace(post.author, is_refusing=True, is_agreeing=False))
        if post.author.key in refusing and not post.author.is_refusing
        else post
        for post in batch.posts
    ]


def _ask(client: Client, dids: Iterable[str], batch: Batch) -> None:
    now = client.now()
    for did in [did for did, (at, _) in client.profiles.items() if now - at >= _ASKED_AGAIN_AFTER]:
        del client.profiles[did]
    wanted = [did for did in dict.fromkeys(dids) if did not in client.profiles]
    if len(client.profiles) + len(wanted) > _REMEMBERED_AT_MOST:
        client.profiles.clear()
        wanted = list(dict.fromkeys(post.author.key for post in batch.posts))
    for some in split_into_batches(wanted):
        profiles = list_in(client.ask("app.bsky.actor.getProfiles", {"actors": some}), "profiles")
        batch.pages_count += 1
        for profile in profiles:
            try:
                account = read_account(profile, client.frame)
            except Unreadable:
                continue
            client.profiles[account.key] = (now, account.is_refusing)
        for did in some:
            client.profiles.setdefault(did, (now, False))  # gone or hidden from us: its posts say so themselves
