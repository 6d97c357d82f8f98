"""The conversation below one post on a Mastodon-API server, and how much of it the server showed.

A visitor gets at most 60 posts, depth first and oldest first, so on a busy thread the newest are the ones dropped.
Posts that report more replies than came are asked about again themselves, the latest first, within a bounded number of
calls; what stays short is told by SeenThread, so that it reads as unknown and never as unanswered.
"""

from collections import Counter
from dataclasses import dataclass, field

from collectors.fetch_types import Batch, SeenPost, SeenThread, Work
from collectors.mastodon.client import Client
from collectors.mastodon.errors import ADD_TOKEN, explain_not_json
from collectors.mastodon.parse import read_page
from collectors.mastodon.posts import fetch_one_by_one

_NEAR_CAP = 45  # visitors get 60, before private ones are taken out: a cut answer may hold fewer
_CAP_FOR_USERS = 4096
_DEPTH_FOR_VISITORS = 20
_CALLS_WHEN_CUT = 10
_CALLS_WHEN_SHORT = 2  # without a cut the missing ones are most likely deleted, private or unknown to this server
_REREADS = 2
_LONGEST_WAIT = 5.0


@dataclass(slots=True)
class _Tree:
    """What came so far. `parents` holds every item that says what it answers, private and broken ones included."""

    found: dict[str, SeenPost]
    parents: dict[str, str] = field(default_factory=dict)
    read_ids: set[object] = field(default_factory=set)
    is_cut: bool = False

    def short(self) -> dict[str, SeenPost]:
        """Posts that report more replies than came."""
        fetched = Counter(self.parents.values())
        return {one: post for one, post in self.found.items() if post.replies_count > fetched[one]}


def fetch_threads(client: Client, work: Work, batch: Batch) -> None:
    """Read the post and everything below it. What stands above is somebody else's conversation and is not returned."""
    anchor = work.posts[0].server_post_id
    fetch_one_by_one(client, anchor, batch, is_alone=True, capability="threads")
    tree = _Tree({post.server_post_id: post for post in batch.posts})
    if anchor not in tree.found:
        return
    _read_below(client, anchor, tree, batch)
    _wait_for_missing_replies(client, anchor, tree, batch)
    _ask_at_short_ones(client, anchor, tree, batch)
    fetched = Counter(tree.parents.values())
    batch.posts = list(tree.found.values())
    batch.threads = [SeenThread(one, post.replies_count, fetched[one]) for one, post in tree.found.items()]
    short_count = len(tree.short())
    if tree.is_cut and short_count:
        batch.is_complete = False
        cure = "" if client.has_token else f". {ADD_TOKEN}"
        batch.reason = f"the server cuts long conversations off: {short_count} posts have more replies{cure}"


def _read_below(client: Client, post_id: str, tree: _Tree, batch: Batch) -> None:
    """Add what stands below a post, each item once."""
    raw = client.ask_object("threads", lambda: client.api.status_context(post_id))
    items = raw.get("descendants")
    if not isinstance(items, list):
        raise explain_not_json("threads")
    ids = [item.get("id") if isinstance(item, dict) else None for item in items]
    known = [isinstance(one, str) and one in tree.read_ids for one in ids]
    fresh = [item for item, is_known in zip(items, known, strict=True) if not is_known]
    page = read_page(fresh, client.reading())
    tree.found.update((post.server_post_id, post) for post in page.posts)
    for item in fresh:
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            tree.read_ids.add(item["id"])
            if isinstance(item.get("in_reply_to_id"), str):
                tree.parents[item["id"]] = item["in_reply_to_id"]
    batch.quarantined += page.quarantined
    batch.withdrawn += page.private_ids
    batch.private_count += page.private_count
    batch.pages_count += 1
    batch.items_count += len(items)
    cap = _CAP_FOR_USERS if client.has_token else _NEAR_CAP
    tree.is_cut = tree.is_cut or len(items) >= cap or _depth(post_id, tree.parents) >= _DEPTH_FOR_VISITORS


def _wait_for_missing_replies(client: Client, anchor: str, tree: _Tree, batch: Batch) -> None:
    """Mastodon 4.5 fetches missing replies from their servers for signed-in users, and says when to look again."""
    for _ in range(_REREADS):
        refresh_seconds = client.http.refresh_seconds
        if refresh_seconds is None or min(refresh_seconds, _LONGEST_WAIT) >= client.http.seconds_left():
            return
        client.sleep(min(refresh_seconds, _LONGEST_WAIT))
        _read_below(client, anchor, tree, batch)


def _ask_at_short_ones(client: Client, anchor: str, tree: _Tree, batch: Batch) -> None:
    asked = {anchor}
    for call in range(_CALLS_WHEN_CUT):
        short = [post for one, post in tree.short().items() if one not in asked]
        if not short or (call >= _CALLS_WHEN_SHORT and not tree.is_cut):
            return
        latest = max(short, key=lambda post: post.created_at).server_post_id
        asked.add(latest)
        _read_below(client, latest, tree, batch)


def _depth(anchor: str, parents: dict[str, str]) -> int:
    """How deep the tree below a post goes. What the servers say may be circular."""
    deepest = 0
    for leaf in parents.keys() - set(parents.values()):
        depth, current, walked = 0, leaf, set[str]()
        while current in parents and current != anchor and current not in walked:
            walked.add(current)
            current, depth = parents[current], depth + 1
        deepest = max(deepest, depth)
    return deepest
