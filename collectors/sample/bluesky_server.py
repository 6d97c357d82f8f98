"""Bluesky in one app: the AppView that anybody may read, the PDS with its sessions, and Jetstream."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from collectors.sample.bluesky_ids import POST, iso
from collectors.sample.bluesky_notifications import Notices
from collectors.sample.bluesky_records import Json
from collectors.sample.bluesky_sessions import Sessions
from collectors.sample.bluesky_shapes import Shapes, blocked, not_found
from collectors.sample.bluesky_threads import thread
from collectors.sample.bluesky_view import BlueskyView, Entry, Held, reaction_uri
from collectors.sample.index import Index
from collectors.sample.jetstream import Jetstream
from collectors.sample.limits import Allowance, Window
from collectors.sample.world import SampleAccount, SampleReaction

FORBIDDEN_PAGE = "<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>"
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class BlueskyOptions:
    """How the network is set up."""

    requests_per_5_minutes: int = 3000
    logins_per_5_minutes: int = 30
    logins_per_day: int = 300
    passwords: dict[str, str] = field(default_factory=dict)  # handle or DID → app password
    blocks: frozenset[tuple[str, str]] = frozenset()  # pairs of DIDs, in either direction
    deactivated: dict[str, datetime] = field(default_factory=dict)  # DID → from when
    pins: dict[str, str] = field(default_factory=dict)  # DID → key of the pinned post
    is_search_open: bool = False  # search without signing in; closed in production
    look_back_hours: int = 36  # of Jetstream


class Refused(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.message = message


def answer(body: Any, status: int = 200) -> Response:
    """JSON as XRPC sends it."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, status, media_type="application/json; charset=utf-8")


def failing(status: int, scope: Scope) -> Response:
    """The network's own answer with a status: XRPC errors in JSON; a proxy's in HTML."""
    words = {
        400: ("InvalidRequest", "Bad request"),
        401: ("AuthMissing", "Authentication Required"),
        404: ("XRPCNotSupported", "XRPCNotSupported"),
        429: ("RateLimitExceeded", "Rate Limit Exceeded"),
        500: ("InternalServerError", "Internal Server Error"),
        502: ("UpstreamFailure", "Upstream Failure"),
        503: ("NotEnoughResources", "Not Enough Resources"),
        504: ("UpstreamTimeout", "Upstream Timeout"),
    }
    if status not in words:
        return HTMLResponse(FORBIDDEN_PAGE.replace("403 Forbidden", str(status)), status)
    error, message = words[status]
    response = answer({"error": error, "message": message}, status)
    if status == 429:
        _tell(response, Window(0, 300).take("", scope["now"]))
    return response


class BlueskyServer:
    """The app. `app_password()` gives what signs an account in."""

    def __init__(self, index: Index, options: BlueskyOptions | None = None) -> None:
        self.options = options or BlueskyOptions()
        self.url = ""  # where it is reached; set when it is served
        self.view = BlueskyView(index)
        self.shapes = Shapes(self.view)
        self.notices = Notices(self.view)
        self.jetstream = Jetstream(self.view, self.options.look_back_hours)
        self.sessions = Sessions()
        self.passwords = dict(self.options.passwords)
        self.window = Window(self.options.requests_per_5_minutes, 300)
        self.logins = (
            Window(self.options.logins_per_5_minutes, 300),
            Window(self.options.logins_per_day, 86_400),
        )
        self._router = Starlette(routes=self._routes())

    # the outside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        await self._router(scope, receive, send)

    def app_password(self, name: str) -> str:
        """The app password of an account (handle or DID)."""
        account = self.view.actor(name)
        if account is None:
            raise ValueError(f"nobody called {name}")
        return self.passwords.setdefault(account.key, f"abcd-{len(self.passwords):04d}-efgh-ijkl")

    def _routes(self) -> list[Route | WebSocketRoute]:
        queries: dict[str, Callable[[Request], Response]] = {
            "app.bsky.actor.getProfile": self.get_profile,
            "app.bsky.actor.getProfiles": self.get_profiles,
            "app.bsky.feed.getAuthorFeed": self.get_author_feed,
            "app.bsky.feed.getPosts": self.get_posts,
            "app.bsky.feed.getPostThread": self.get_post_thread,
            "app.bsky.feed.getQuotes": self.get_quotes,
            "app.bsky.feed.getLikes": self.get_likes,
            "app.bsky.feed.getRepostedBy": self.get_reposted_by,
            "app.bsky.feed.searchPosts": self.search_posts,
            "app.bsky.notification.listNotifications": self.list_notifications,
            "com.atproto.server.getSession": self.get_session,
            "com.atproto.server.describeServer": self.describe_server,
            "com.atproto.repo.getRecord": self.get_record,
            "com.atproto.identity.resolveHandle": self.resolve_handle,
        }
        routes: list[Route | WebSocketRoute] = [
            Route(f"/xrpc/{name}", self._guarded(handler), methods=["GET"]) for name, handler in queries.items()
        ]
        routes += [
            Route("/xrpc/com.atproto.server.createSession", self.create_session, methods=["POST"]),
            Route("/xrpc/com.atproto.server.refreshSession", self.refresh_session, methods=["POST"]),
            Route("/xrpc/_health", lambda _: answer({"version": "0.4.900"})),
            WebSocketRoute("/xrpc/network.bsky.jetstream.subscribeEvents", self.jetstream.subscribe),
            Route("/{rest:path}", _nothing, methods=["GET", "POST"]),
        ]
        return routes

    def _guarded(self, handler: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            left = self.window.take(self._who(request), _now(request))
            try:
                if left.is_over:
                    raise Refused(429, "RateLimitExceeded", "Rate Limit Exceeded")
                response = handler(request)
            except Refused as refused:
                response = answer({"error": refused.error, "message": refused.message}, refused.status)
            _tell(response, left)
            return response

        return guarded

    def _who(self, request: Request) -> str:
        return request.client.host if request.client else ""

    # who asks

    def _viewer(self, request: Request) -> SampleAccount | None:
        header = request.headers.get("authorization")
        if header is None:
            return None
        text = header.removeprefix("Bearer ")
        if text in self.sessions.expired:
            raise Refused(400, "ExpiredToken", "Token has expired")
        if text not in self.sessions.access:
            raise Refused(400, "InvalidToken", "Token could not be verified")
        return self.view.index.accounts[self.sessions.access[text]]

    def _user(self, request: Request) -> SampleAccount:
        viewer = self._viewer(request)
        if viewer is None:
            raise Refused(401, "AuthMissing", "Authentication Required")
        return viewer

    def _is_blocked(self, one: SampleAccount | None, other: SampleAccount) -> bool:
        if one is None:
            return False
        return (one.key, other.key) in self.options.blocks or (other.key, one.key) in self.options.blocks

    def _is_gone(self, account: SampleAccount, now: datetime) -> bool:
        return account.key in self.options.deactivated and self.options.deactivated[account.key] <= now

    def _shows(self, held: Held | None, now: datetime, viewer: SampleAccount | None) -> bool:
        if held is None or not held.is_there(now) or self._is_gone(held.author, now):
            return False
        return not self._is_blocked(viewer, held.author)

    # sessions

    async def create_session(self, request: Request) -> Response:
        """Sign in with an app password: 30 in 5 minutes, 300 a day for each account."""
        try:
            body = json.loads(await request.body())
            name, password = str(body["identifier"]), str(body["password"])
        except (ValueError, KeyError, TypeError):
            return answer({"error": "InvalidRequest", "message": "Input must have identifier and password"}, 400)
        taken = [window.take(f"{self._who(request)} {name}", _now(request)) for window in self.logins]
        left = min(taken, key=lambda one: (not one.is_over, one.remaining))
        account = self.view.actor(name)
        if left.is_over:
            response = answer({"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, 429)
        elif account is None or self._password(account) != password:
            response = answer({"error": "AuthenticationRequired", "message": "Invalid identifier or password"}, 401)
        else:
            response = answer(self._session(account))
        _tell(response, left)
        return response

    def _password(self, account: SampleAccount) -> str | None:
        return self.passwords.get(account.key) or self.passwords.get(account.handle)

    def _session(self, account: SampleAccount) -> Json:
        access, refresh = self.sessions.make(account.key)
        return {**self._about(account), "accessJwt": access, "refreshJwt": refresh}

    def _about(self, account: SampleAccount) -> Json:
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.url}
        document = {
            "@context": ["https://www.w3.org/ns/did/v1"],
            "id": account.key,
            "alsoKnownAs": [f"at://{account.handle}"],
            "verificationMethod": [],
            "service": [service],
        }
        return {"did": account.key, "handle": account.handle, "didDoc": document, "active": True}

    async def refresh_session(self, request: Request) -> Response:
        """A new pair for a refresh token, which works once."""
        text = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not text:
            return answer({"error": "AuthMissing", "message": "Authentication Required"}, 401)
        if text in self.sessions.expired:
            return answer({"error": "ExpiredToken", "message": "Token has been revoked"}, 400)
        did = self.sessions.spend(text)
        if did is None:
            return answer({"error": "InvalidToken", "message": "Token could not be verified"}, 400)
        return answer(self._session(self.view.index.accounts[did]))

    def get_session(self, request: Request) -> Response:
        """Who is signed in."""
        return answer(self._about(self._user(request)))

    def describe_server(self, _: Request) -> Response:
        """com.atproto.server.describeServer."""
        links = {"privacyPolicy": f"{self.url}/privacy", "termsOfService": f"{self.url}/terms"}
        body = {"did": "did:web:pds.example", "availableUserDomains": [".example"], "inviteCodeRequired": True}
        return answer({**body, "links": links, "contact": {}})

    # people

    def _actor(self, request: Request, name: str = "actor") -> SampleAccount:
        text = _one(request, name)
        account, now = self.view.actor(text), _now(request)
        if account is None or self.view.index.opened_at(account) > now:
            raise Refused(400, "InvalidRequest", "Profile not found")
        if self._is_gone(account, now):
            raise Refused(400, "AccountDeactivated", "Account is deactivated")
        return account

    def get_profile(self, request: Request) -> Response:
        """app.bsky.actor.getProfile."""
        self._viewer(request)
        return answer(self.shapes.detailed(self._actor(request), _now(request)))

    def get_profiles(self, request: Request) -> Response:
        """app.bsky.actor.getProfiles: up to 25; missing ones are left out."""
        now = _now(request)
        found = (self.view.actor(name) for name in _several(request, "actors"))
        shown = [one for one in found if one and not self._is_gone(one, now) and self.view.index.opened_at(one) <= now]
        return answer({"profiles": [self.shapes.detailed(one, now) for one in shown]})

    def resolve_handle(self, request: Request) -> Response:
        """com.atproto.identity.resolveHandle."""
        account = self.view.by_handle.get(_one(request, "handle").lower())
        if account is None:
            raise Refused(400, "InvalidRequest", "Unable to resolve handle")
        return answer({"did": account.key})

    # posts

    def get_author_feed(self, request: Request) -> Response:
        """app.bsky.feed.getAuthorFeed: by sortAt, reposts included; deleted posts leave a page short."""
        account, now, viewer = self._actor(request), _now(request), self._viewer(request)
        if self._is_blocked(viewer, account):
            raise Refused(400, "BlockedActor", f"Requester has blocked actor: {account.key}")
        wanted = request.query_params.get("filter", "posts_with_replies")
        if wanted not in FILTERS:
            raise Refused(400, "InvalidRequest", "Error: Params must have a known filter")
        limit, cursor = _limit(request, 50), request.query_params.get("cursor")
        feed = self.view.feeds.get(account.key, [])
        end = bisect_left(feed, _place(cursor), key=lambda one: one.place) if cursor else len(feed)
        fits = FILTERS[wanted]
        page: list[Entry] = []
        for number in range(min(end, bisect_right(feed, now, key=lambda one: one.sort_at)) - 1, -1, -1):
            entry = feed[number]
            if (entry.repost.at if entry.repost else entry.held.from_at) <= now and fits(self.view, entry):
                page.append(entry)
                if len(page) == limit:
                    break
        shown = [one for one in page if self._shows(one.held, now, viewer) and _stands(one, now)]
        if wanted == "posts_and_author_threads":
            shown = _whole_threads(self.view, shown)
        items = [self.shapes.item(one, now, viewer) for one in shown]
        pinned = self.view.there(self.options.pins.get(account.key), now)
        if pinned is not None and cursor is None and request.query_params.get("includePins") == "true":
            items.insert(0, self.shapes.item(Entry(pinned.sort_at, "", pinned), now, viewer, is_pin=True))
        return answer({"feed": items} | ({"cursor": _cursor(*page[-1].place)} if len(page) == limit else {}))

    def get_posts(self, request: Request) -> Response:
        """app.bsky.feed.getPosts: up to 25; what is deleted, deactivated or blocked is left out without a word."""
        now, viewer = _now(request), self._viewer(request)
        held = (self.view.by_uri.get(uri) for uri in _several(request, "uris"))
        return answer(
            {"posts": [self.shapes.post(one, now, viewer) for one in held if one and self._shows(one, now, viewer)]}
        )

    def _post(self, request: Request) -> Held | None:
        uri, now = _one(request, "uri"), _now(request)
        held = self.view.by_uri.get(uri)
        if held is None:  # an address may also name its author by handle
            name, _, rest = uri.removeprefix("at://").partition("/")
            account = self.view.actor(name)
            held = self.view.by_uri.get(f"at://{account.key}/{rest}") if account else None
        return held if held is not None and held.is_there(now) and not self._is_gone(held.author, now) else None

    def get_post_thread(self, request: Request) -> Response:
        """app.bsky.feed.getPostThread."""
        depth, height = _number(request, "depth", 6, 0, 1000), _number(request, "parentHeight", 80, 0, 1000)
        held, now, viewer = self._post(request), _now(request), self._viewer(request)
        if held is None:
            raise Refused(400, "NotFound", f"Post not found: {_one(request, 'uri')}")
        if self._is_blocked(viewer, held.author):
            return answer({"thread": blocked(held)})
        body: Json = {"thread": thread(self.shapes, held, now, viewer, self._is_blocked, min(depth, 200), height)}
        gate = self.shapes.threadgate(self.view.root(held), now)
        return answer(body | ({"threadgate": gate} if gate else {}))

    def get_quotes(self, request: Request) -> Response:
        """app.bsky.feed.getQuotes."""
        held, now, viewer = self._post(request), _now(request), self._viewer(request)
        posts = self.view.index.quotes.get(held.post.key, ()) if held else ()
        rows = sorted(
            (self.view.by_key[post.key] for post in posts), key=lambda one: (one.sort_at, one.uri), reverse=True
        )
        page, cursor = _page(request, rows, lambda one: one.from_at <= now)
        shown = [self.shapes.post(one, now, viewer) for one in page if self._shows(one, now, viewer)]
        return answer({"uri": _one(request, "uri"), "posts": shown} | cursor)

    def _reacted(self, request: Request, kind: str) -> tuple[list[SampleReaction], Json]:
        held, now = self._post(request), _now(request)
        rows = self.view.index.reactions_of.get(held.post.key, ()) if held else ()
        ordered = sorted((one for one in rows if one.kind == kind), key=lambda one: (one.at, one.account), reverse=True)
        page, cursor = _page(request, ordered, lambda one: one.at <= now)
        there = [one for one in page if one.undone_at is None or now < one.undone_at]
        return [one for one in there if not self._is_gone(self.view.index.accounts[one.account], now)], cursor

    def get_likes(self, request: Request) -> Response:
        """app.bsky.feed.getLikes."""
        found, cursor = self._reacted(request, "like")
        accounts = self.view.index.accounts
        likes = [
            {"indexedAt": iso(one.at), "createdAt": iso(one.at), "actor": self.shapes.profile(accounts[one.account])}
            for one in found
        ]
        return answer({"uri": _one(request, "uri"), "likes": likes} | cursor)

    def get_reposted_by(self, request: Request) -> Response:
        """app.bsky.feed.getRepostedBy: profiles without counts."""
        found, cursor = self._reacted(request, "boost")
        people = [self.shapes.profile(self.view.index.accounts[one.account]) for one in found]
        return answer({"uri": _one(request, "uri"), "repostedBy": people} | cursor)

    def search_posts(self, request: Request) -> Response:
        """app.bsky.feed.searchPosts: for strangers a 403 with an HTML page, as in production."""
        viewer, now = self._viewer(request), _now(request)
        if viewer is None and not self.options.is_search_open:
            return HTMLResponse(FORBIDDEN_PAGE, 403)
        words = _one(request, "q").lower().split()
        tags = {tag.lower().lstrip("#") for tag in request.query_params.getlist("tag")}
        mentioned = self.view.actor(request.query_params.get("mentions", ""))
        since, until = request.query_params.get("since", ""), request.query_params.get("until", "9")

        def fits(held: Held) -> bool:
            post, text = held.post, held.post.text.lower()
            own = {tag.lower() for tag in post.tags}
            is_fit = all(word[1:] in own if word.startswith("#") else word in text for word in words) and tags <= own
            is_fit = is_fit and (mentioned is None or mentioned.key in post.mentions)
            return is_fit and since <= iso(held.sort_at) < until and held.from_at <= now

        limit, start = _limit(request, 25), _number(request, "cursor", 0, 0, 10_000)
        found = [held for held in self.view.newest_first if fits(held)]
        shown = [one for one in found[start : start + limit] if self._shows(one, now, viewer)]
        more = {"cursor": str(start + limit)} if start + limit < len(found) else {}
        return answer({"posts": [self.shapes.post(one, now, viewer) for one in shown], "hitsTotal": len(found)} | more)

    def list_notifications(self, request: Request) -> Response:
        """app.bsky.notification.listNotifications: the signed-in account's."""
        user, now = self._user(request), _now(request)
        reasons = set(request.query_params.getlist("reasons"))
        rows = self.notices.of(user)
        page, cursor = _page(request, rows, lambda one: one.at <= now and (not reasons or one.reason in reasons))
        body = [self.notices.written(one, self.shapes, now) for one in page if self.notices.is_there(one, now)]
        return answer({"notifications": body, "priority": False, "seenAt": iso(now)} | cursor)

    def get_record(self, request: Request) -> Response:
        """com.atproto.repo.getRecord: what the PDS itself holds."""
        repo, collection, key = (_one(request, name) for name in ("repo", "collection", "rkey"))
        account, now = self.view.actor(repo), _now(request)
        if account is None:
            raise Refused(400, "InvalidRequest", f"Could not find repo: {repo}")
        uri = f"at://{account.key}/{collection}/{key}"
        held = self.view.by_uri.get(uri) if collection == POST else None
        if held is None or not held.is_there(now):
            raise Refused(400, "RecordNotFound", f"Could not locate record: {uri}")
        return answer({"uri": uri, "cid": held.cid(now), "value": self.view.record(held, now)})


def _is_own(view: BlueskyView, entry: Entry) -> bool:
    """A post that starts a thread, or goes on with the author's own."""
    parent = view.parent(entry.held)
    return parent is None or (parent.author is entry.held.author and view.root(entry.held).author is entry.held.author)


FILTERS: dict[str, Callable[[BlueskyView, Entry], bool]] = {
    "posts_with_replies": lambda _view, _entry: True,
    "posts_no_replies": lambda _view, entry: entry.repost is not None or entry.held.post.reply_to is None,
    "posts_with_media": lambda _view, entry: entry.repost is None and bool(entry.held.post.media_alts),
    "posts_and_author_threads": lambda view, entry: entry.repost is not None or _is_own(view, entry),
    "posts_with_video": lambda _view, _entry: False,
}


def _whole_threads(view: BlueskyView, shown: list[Entry]) -> list[Entry]:
    """Self-replies stay only when all above them is on the same page, as the real filter does it."""
    here = {entry.held.uri for entry in shown if entry.repost is None}

    def is_whole(held: Held) -> bool:
        parent = view.parent(held)
        return parent is None or (parent.uri in here and is_whole(parent))

    return [entry for entry in shown if entry.repost is not None or is_whole(entry.held)]


def _stands(entry: Entry, now: datetime) -> bool:
    return entry.repost is None or entry.repost.undone_at is None or now < entry.repost.undone_at


def _now(request: Request) -> datetime:
    now: datetime = request.scope["now"]
    return now


def _one(request: Request, name: str) -> str:
    text = request.query_params.get(name)
    if not text:
        raise Refused(400, "InvalidRequest", f'Error: Params must have the property "{name}"')
    return text


def _several(request: Request, name: str) -> list[str]:
    found = request.query_params.getlist(name)
    if not found:
        raise Refused(400, "InvalidRequest", f'Error: Params must have the property "{name}"')
    if len(found) > 25:
        raise Refused(400, "InvalidRequest", f"Error: {name} must not have more than 25 elements")
    return list(dict.fromkeys(found))


def _number(request: Request, name: str, usual: int, least: int, most: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return usual
    if not text.isdigit():
        raise Refused(400, "InvalidRequest", f"Error: {name} must be an integer")
    if not least <= int(text) <= most:
        word = f"greater than {most}" if int(text) > most else f"less than {least}"
        raise Refused(400, "InvalidRequest", f"Error: {name} can not be {word}")
    return int(text)


def _limit(request: Request, usual: int) -> int:
    return _number(request, "limit", usual, 1, 100)


def _cursor(at: datetime, name: str) -> str:
    return urlsafe_b64encode(f"{at.isoformat()} {name}".encode()).decode()


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        at, _, name = urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return datetime.fromisoformat(at), name
    except ValueError as broken:
        raise Refused(400, "InvalidRequest", "Malformed cursor") from broken


def _page(request: Request, rows: Sequence[Row], fits: Callable[[Row], bool]) -> tuple[list[Row], Json]:
    """One page of rows (newest first) that fit, and the cursor: an opaque count from the oldest, stable as rows arrive."""
    limit, cursor = _limit(request, 50), request.query_params.get("cursor")
    start = 0
    if cursor:
        _, name = _place(cursor)
        start = max(0, len(rows) - int(name)) if name.isdigit() else len(rows)
    page: list[Row] = []
    for number in range(start, len(rows)):
        if fits(rows[number]):
            page.append(rows[number])
            if len(page) == limit and number + 1 < len(rows):
                return page, {"cursor": _cursor(_now(request), str(len(rows) - number - 1))}
    return page, {}


def _tell(response: Response, left: Allowance) -> None:
    response.headers["RateLimit-Limit"] = str(left.limit)
    response.headers["RateLimit-Remaining"] = str(left.remaining)
    response.headers["RateLimit-Reset"] = str(int(left.reset_at.timestamp()))
    response.headers["RateLimit-Policy"] = f"{left.limit};w={left.seconds}"


async def _nothing(request: Request) -> Response:
    if request.url.path.startswith("/xrpc/"):
        return answer({"error": "MethodNotImplemented", "message": "Method Not Implemented"}, 501)
    return Response("Not Found", 404, media_type="text/plain")


__all__ = ["BlueskyOptions", "BlueskyServer", "failing", "not_found", "reaction_uri"]
