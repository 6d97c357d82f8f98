"""An author's feed: by sortAt, with reposts, filters, opaque cursors and short pages."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import datetime

from starlette.responses import Response

from collectors.sample.bluesky_server.known_posts import Entry, KnownPost, KnownPosts
from collectors.sample.bluesky_server.options import Network
from collectors.sample.bluesky_server.requests import Ask, Refused, answer, place, written


def get_author_feed(network: Network, ask: Ask) -> Response:
    """app.bsky.feed.getAuthorFeed: by sortAt, reposts included; deleted posts leave a page short."""
    account, now, viewer = network.actor(ask), ask.now, ask.viewer
    if network.is_blocked(viewer, account):
        raise Refused(400, "BlockedActor", f"Requester has blocked actor: {account.key}")
    wanted = ask.query.get("filter", "posts_with_replies")
    if wanted not in FILTERS:
        raise Refused(400, "InvalidRequest", "Error: Params must have a known filter")
    limit, cursor = ask.limit(50), ask.query.get("cursor")
    feed = network.view.feeds.get(account.key, [])
    end = bisect_left(feed, place(cursor), key=lambda one: one.place) if cursor else len(feed)
    fits = FILTERS[wanted]
    page: list[Entry] = []
    for number in range(min(end, bisect_right(feed, now, key=lambda one: one.sort_at)) - 1, -1, -1):
        entry = feed[number]
        if (entry.repost.at if entry.repost else entry.held.from_at) <= now and fits(network.view, entry):
            page.append(entry)
            if len(page) == limit:
                break
    shown = [one for one in page if network.shows(one.held, ask) and _stands(one, now)]
    if wanted == "posts_and_author_threads":
        shown = _whole_threads(network.view, shown)
    items = [network.shapes.item(one, now, viewer) for one in shown]
    pinned = network.view.there(network.options.pins.get(account.key), now)
    if pinned is not None and cursor is None and ask.query.get("includePins") == "true":
        items.insert(0, network.shapes.item(Entry(pinned.sort_at, "", pinned), now, viewer, is_pin=True))
    return answer({"feed": items} | ({"cursor": written(*page[-1].place)} if len(page) == limit else {}))


def _is_own(view: KnownPosts, entry: Entry) -> bool:
    """A post that starts a thread, or goes on with the author's own."""
    parent = view.parent(entry.held)
    return parent is None or (parent.author is entry.held.author and view.root(entry.held).author is entry.held.author)


FILTERS: dict[str, Callable[[KnownPosts, Entry], bool]] = {
    "posts_with_replies": lambda _view, _entry: True,
    "posts_no_replies": lambda _view, entry: entry.repost is not None or entry.held.post.reply_to is None,
    "posts_with_media": lambda _view, entry: entry.repost is None and bool(entry.held.post.media_alts),
    "posts_and_author_threads": lambda view, entry: entry.repost is not None or _is_own(view, entry),
    "posts_with_video": lambda _view, _entry: False,
}


def _whole_threads(view: KnownPosts, shown: list[Entry]) -> list[Entry]:
    """Self-replies stay only when all above them is on the same page, as the real filter does it."""
    here = {entry.held.uri for entry in shown if entry.repost is None}

    def is_whole(held: KnownPost) -> bool:
        parent = view.parent(held)
        return parent is None or (parent.uri in here and is_whole(parent))

    return [entry for entry in shown if entry.repost is not None or is_whole(entry.held)]


def _stands(entry: Entry, now: datetime) -> bool:
    return entry.repost is None or entry.repost.undone_at is None or now < entry.repost.undone_at
