"""A thread as getPostThread shows it → posts and how much of each conversation was read. Pure.

A thread is walked without recursion: how deep it nests is up to strangers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from collectors.bluesky.client import Client
from collectors.bluesky.pagination import list_in, split_into_batches
from collectors.bluesky.parse import Frame, Unreadable, item_id, read_post, strong_ref
from collectors.fetch_types import Quarantined, SeenPost, SeenThread

# The lexicon allows 1000, but the SDK's JSON reader gives up at 200 nested levels and a reply takes two.
# Deeper conversations are read from where they were cut.
DEPTH = 80


@dataclass(slots=True)
class Tree:
    """What one answer of getPostThread held."""

    posts: list[SeenPost] = field(default_factory=list)
    threads: list[SeenThread] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)  # leaves that say they have replies, without showing any
    quarantined: list[Quarantined] = field(default_factory=list)
    is_anchor_shown: bool = True
    items_count: int = 0


def read_tree(answer: Any, frame: Frame, hidden: frozenset[str] = frozenset()) -> Tree:
    """Walk the answer from its anchor downwards. What stands above the anchor is never looked at.

    A deleted (notFoundPost) or blocked (blockedPost) reply is not shown, so it is reported and not fetched.
    """
    tree = Tree()
    hidden = hidden | hidden_replies(answer)
    anchor = answer.get("thread") if type(answer) is dict else None
    nodes: list[dict[str, Any]] = [anchor] if _is_shown(anchor) else []
    tree.is_anchor_shown = bool(nodes)
    while nodes:
        node = nodes.pop()
        tree.items_count += 1
        replies = node.get("replies")
        shown = [reply for reply in replies if _is_shown(reply)] if type(replies) is list else []
        nodes.extend(shown)
        try:
            post = read_post(node["post"], frame, hidden)
        except Unreadable as error:
            tree.quarantined.append(Quarantined(item_id(node["post"]), str(error)))
            continue
        tree.posts.append(post)
        tree.threads.append(SeenThread(post.server_post_id, post.replies_count, len(shown)))
        if replies is None and post.replies_count:
            tree.cut.append(post.server_post_id)
    return tree


def hidden_replies(answer: Any) -> frozenset[str]:
    """The uris that the thread's owner has hidden (threadgate)."""
    gate = answer.get("threadgate") if type(answer) is dict else None
    record = gate.get("record") if type(gate) is dict else None
    uris = record.get("hiddenReplies") if type(record) is dict else None
    return frozenset(uri for uri in uris if type(uri) is str) if type(uris) is list else frozenset()


def _is_shown(node: Any) -> TypeGuard[dict[str, Any]]:
    return type(node) is dict and type(node.get("post")) is dict


def hidden_among(client: Client, views: Iterable[Any]) -> frozenset[str]:
    """The hidden ones among these postViews. Asks for the roots that are not among them, 25 a request."""
    shown = [view for view in views if type(view) is dict]
    roots = {root for root in (_root(view) for view in shown) if root is not None}
    if not roots:
        return frozenset()
    for some in split_into_batches(sorted(roots - {strong_ref(view) for view in shown})):
        shown += list_in(client.ask("app.bsky.feed.getPosts", {"uris": some}), "posts")
    return frozenset().union(*(hidden_replies(view) for view in shown))


def _root(view: dict[str, Any]) -> str | None:
    record = view.get("record")
    reply = record.get("reply") if type(record) is dict else None
    uri = strong_ref(reply.get("root")) if type(reply) is dict else None
    return uri if uri is not None and uri.startswith("at://") else None
