"""getPostThread: the tree below a post to a depth, and the line above it."""

from collections.abc import Callable
from datetime import datetime

from collectors.sample.bluesky_server.known_posts import KnownPost
from collectors.sample.bluesky_server.records import Json
from collectors.sample.bluesky_server.views import FEED, Views, blocked, not_found
from collectors.sample.world import SampleAccount

Blocks = Callable[[SampleAccount | None, SampleAccount], bool]


def thread(
    shapes: Views,
    anchor: KnownPost,
    now: datetime,
    viewer: SampleAccount | None,
    is_blocked: Blocks,
    depth: int,
    height: int,
) -> Json:
    """A threadViewPost. Where the depth ends, `replies` is absent, though replyCount may be above 0."""
    node = below(shapes, anchor, now, viewer, is_blocked, depth)
    place, held = node, anchor
    for _ in range(height):
        parent = shapes.view.parent(held)
        if parent is None:
            break
        if not parent.is_there(now):
            place["parent"] = not_found(parent.uri)
            break
        if is_blocked(viewer, parent.author) or is_blocked(held.author, parent.author):
            place["parent"] = blocked(parent)
            break
        place["parent"] = {"$type": f"{FEED}#threadViewPost", "post": shapes.post(parent, now, viewer)}
        place, held = place["parent"], parent
    return node


def below(
    shapes: Views, held: KnownPost, now: datetime, viewer: SampleAccount | None, is_blocked: Blocks, depth: int
) -> Json:
    """A node and its replies. What hangs below a deleted reply is not in the tree, nor is that reply."""
    node: Json = {
        "$type": f"{FEED}#threadViewPost",
        "post": shapes.post(held, now, viewer),
        "threadContext": {},
    }
    if depth > 0:
        node["replies"] = [
            blocked(reply)
            if is_blocked(viewer, reply.author)
            else below(shapes, reply, now, viewer, is_blocked, depth - 1)
            for reply in shapes.view.replies(held)
            if reply.is_there(now) and not is_blocked(held.author, reply.author)
        ]
    return node
