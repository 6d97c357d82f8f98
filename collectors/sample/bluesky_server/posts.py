"""Single posts and what gathers around them: threads, quotes, likes, reposts, records; and the search."""

from datetime import UTC, datetime

from starlette.responses import HTMLResponse, Response

from collectors.sample.bluesky_server.ids import POST, iso
from collectors.sample.bluesky_server.known_posts import KnownPost
from collectors.sample.bluesky_server.options import Network
from collectors.sample.bluesky_server.records import Json
from collectors.sample.bluesky_server.requests import FORBIDDEN_PAGE, Ask, Refused, answer
from collectors.sample.bluesky_server.threads import thread
from collectors.sample.bluesky_server.views import blocked
from collectors.sample.world import SampleReaction


def get_posts(network: Network, ask: Ask) -> Response:
    """app.bsky.feed.getPosts: up to 25; what is deleted, deactivated or blocked is left out without a word."""
    now, viewer = ask.now, ask.viewer
    held = (network.view.by_uri.get(uri) for uri in ask.several("uris"))
    return answer({"posts": [network.shapes.post(one, now, viewer) for one in held if one and network.shows(one, ask)]})


def get_post_thread(network: Network, ask: Ask) -> Response:
    """app.bsky.feed.getPostThread."""
    depth, height = ask.number("depth", 6, 0, 1000), ask.number("parentHeight", 80, 0, 1000)
    held, now, viewer = network.post(ask), ask.now, ask.viewer
    if held is None:
        raise Refused(400, "NotFound", f"Post not found: {ask.one('uri')}")
    if network.is_blocked(viewer, held.author):
        return answer({"thread": blocked(held)})
    body: Json = {"thread": thread(network.shapes, held, now, viewer, network.is_blocked, min(depth, 200), height)}
    gate = network.shapes.threadgate(network.view.root(held), now)
    return answer(body | ({"threadgate": gate} if gate else {}))


def get_quotes(network: Network, ask: Ask) -> Response:
    """app.bsky.feed.getQuotes."""
    held, now, viewer = network.post(ask), ask.now, ask.viewer
    posts = network.view.index.quotes.get(held.post.key, ()) if held else ()
    rows = sorted(
        (network.view.by_key[post.key] for post in posts), key=lambda one: (one.sort_at, one.uri), reverse=True
    )
    page, cursor = ask.page(rows, lambda one: one.from_at <= now)
    shown = [network.shapes.post(one, now, viewer) for one in page if network.shows(one, ask)]
    return answer({"uri": ask.one("uri"), "posts": shown} | cursor)


def _reacted(network: Network, ask: Ask, kind: str) -> tuple[list[SampleReaction], Json]:
    held, now = network.post(ask), ask.now
    rows = network.view.index.reactions_of.get(held.post.key, ()) if held else ()
    ordered = sorted((one for one in rows if one.kind == kind), key=lambda one: (one.at, one.account), reverse=True)
    page, cursor = ask.page(ordered, lambda one: one.at <= now)
    there = [one for one in page if one.undone_at is None or now < one.undone_at]
    return [one for one in there if not network.is_gone(network.view.index.accounts[one.account], now)], cursor


def get_likes(network: Network, ask: Ask) -> Response:
    """app.bsky.feed.getLikes."""
    found, cursor = _reacted(network, ask, "like")
    accounts = network.view.index.accounts
    likes = [
        {"indexedAt": iso(one.at), "createdAt": iso(one.at), "actor": network.shapes.profile(accounts[one.account])}
        for one in found
    ]
    return answer({"uri": ask.one("uri"), "likes": likes} | cursor)


def get_reposted_by(network: Network, ask: Ask) -> Response:
    """app.bsky.feed.getRepostedBy: profiles without counts."""
    found, cursor = _reacted(network, ask, "boost")
    people = [network.shapes.profile(network.view.index.accounts[one.account]) for one in found]
    return answer({"uri": ask.one("uri"), "repostedBy": people} | cursor)


def search_posts(network: Network, ask: Ask) -> Response:
    """app.bsky.feed.searchPosts: for strangers a 403 with an HTML page, as in production."""
    viewer, now = ask.viewer, ask.now
    if viewer is None and not network.options.is_search_open:
        return HTMLResponse(FORBIDDEN_PAGE, 403)
    words = ask.one("q").lower().split()
    tags = {tag.lower().lstrip("#") for tag in ask.query.getlist("tag")}
    mentioned = network.view.actor(ask.query.get("mentions", ""))
    since, until = (_moment(ask, name) for name in ("since", "until"))

    def fits(held: KnownPost) -> bool:
        if held.from_at > now or (since and held.sort_at < since) or (until and held.sort_at >= until):
            return False
        post, text = held.post, held.post.text.lower()
        own = {tag.lower() for tag in post.tags}
        is_fit = all(word[1:] in own if word.startswith("#") else word in text for word in words) and tags <= own
        return is_fit and (mentioned is None or mentioned.key in post.mentions)

    limit, start = ask.limit(25), ask.number("cursor", 0, 0, 10_000)
    found = [held for held in network.view.newest_first if fits(held)]
    shown = [one for one in found[start : start + limit] if network.shows(one, ask)]
    more = {"cursor": str(start + limit)} if start + limit < len(found) else {}
    return answer({"posts": [network.shapes.post(one, now, viewer) for one in shown], "hitsTotal": len(found)} | more)


def _moment(ask: Ask, name: str) -> datetime | None:
    """A time or a day."""
    text = ask.query.get(name)
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError as broken:
        raise Refused(400, "InvalidRequest", f"Error: {name} must be a datetime") from broken
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def get_record(network: Network, ask: Ask) -> Response:
    """com.atproto.repo.getRecord: what the PDS itself holds."""
    repo, collection, key = (ask.one(name) for name in ("repo", "collection", "rkey"))
    account, now = network.view.actor(repo), ask.now
    if account is None:
        raise Refused(400, "InvalidRequest", f"Could not find repo: {repo}")
    uri = f"at://{account.key}/{collection}/{key}"
    held = network.view.by_uri.get(uri) if collection == POST else None
    if held is None or not held.is_there(now):
        raise Refused(400, "RecordNotFound", f"Could not locate record: {uri}")
    return answer({"uri": uri, "cid": held.cid(now), "value": network.view.record(held, now)})
