"""Which replies the owners of their threads have hidden.

Only a thread's root carries that (threadgate, hiddenReplies): a reply read by itself does not tell, so its root is
looked at too. Otherwise a hidden reply would come back with the next reading of its counts.
"""

from collections.abc import Iterable
from typing import Any

from collectors.bluesky.client import Client
from collectors.bluesky.pages import batches, listed
from collectors.bluesky.read import strong_ref
from collectors.bluesky.thread import hidden_replies


def hidden_among(client: Client, views: Iterable[Any]) -> frozenset[str]:
    """The hidden ones among these postViews. Asks for the roots that are not among them, 25 a request."""
    shown = [view for view in views if type(view) is dict]
    roots = {root for root in (_root(view) for view in shown) if root is not None}
    if not roots:
        return frozenset()
    for some in batches(sorted(roots - {strong_ref(view) for view in shown})):
        shown += listed(client.ask("app.bsky.feed.getPosts", {"uris": some}), "posts")
    return frozenset().union(*(hidden_replies(view) for view in shown))


def _root(view: dict[str, Any]) -> str | None:
    record = view.get("record")
    reply = record.get("reply") if type(record) is dict else None
    uri = strong_ref(reply.get("root")) if type(reply) is dict else None
    return uri if uri is not None and uri.startswith("at://") else None
