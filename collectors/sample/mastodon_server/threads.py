"""A post's context: what stands above and below it, with the caps of each software."""

from datetime import datetime

from collectors.sample.mastodon_server.known_posts import KnownPosts, Status
from collectors.sample.world import SampleAccount

STRANGERS = (40, 60, 20)  # ancestors, descendants, depth, for people who are not signed in
SIGNED_IN = (4096, 4096, None)
TAKAHE = (10, 50, None)
NO_CAPS = (100_000, 100_000, None)


def caps(view: KnownPosts, viewer: SampleAccount | None) -> tuple[int, int, int | None]:
    """How much a server shows."""
    if view.flavour == "mastodon":
        return SIGNED_IN if viewer else STRANGERS
    return TAKAHE if view.flavour == "takahe" else NO_CAPS


def context(
    view: KnownPosts, status: Status, viewer: SampleAccount | None, now: datetime
) -> tuple[list[Status], list[Status]]:
    """(ancestors, oldest first; descendants, oldest first and depth first).

    The caps fall on everything the server holds; private posts are taken out afterwards, as on the real thing.
    """
    status = status.boosted or status
    most_above, most_below, deepest = caps(view, viewer)
    above: list[Status] = []
    parent = view.status(status.post.reply_to, now)
    while parent is not None and len(above) < most_above:
        above.append(parent)
        parent = view.status(parent.post.reply_to, now)
    below = descendants(view, status, now, most_below, deepest)
    return (
        [one for one in reversed(above) if view.is_visible(one, viewer)],
        promoted([one for one in below if view.is_visible(one, viewer)], view),
    )


def descendants(view: KnownPosts, status: Status, now: datetime, most: int, deepest: int | None) -> list[Status]:
    """Everything below, by the path of ids; what hangs below a deleted post is not found."""
    found: list[Status] = []
    waiting = [(child, 1) for child in reversed(view.children.get(status.post.key, ()))]
    while waiting and len(found) < most:
        one, depth = waiting.pop()
        if not one.is_there(now):
            continue
        found.append(one)
        if deepest is None or depth < deepest:
            waiting += [(child, depth + 1) for child in reversed(view.children.get(one.post.key, ()))]
    return found


def promoted(found: list[Status], view: KnownPosts) -> list[Status]:
    """People's replies to themselves come first, as Mastodon sorts them."""

    def is_own(status: Status) -> bool:
        parent = view.by_key.get(status.post.reply_to or "")
        return parent is not None and parent.author.key == status.author.key

    first = next((number for number, one in enumerate(found) if not is_own(one)), len(found))
    rest = found[first:]
    return [*found[:first], *(one for one in rest if is_own(one)), *(one for one in rest if not is_own(one))]
