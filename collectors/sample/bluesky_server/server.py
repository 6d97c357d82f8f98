"""Bluesky in one app: the AppView that anybody may read, the PDS with its sessions, and Jetstream."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from collectors.sample.bluesky_server import feeds, people, posts
from collectors.sample.bluesky_server.jetstream import Jetstream
from collectors.sample.bluesky_server.known_posts import KnownPosts
from collectors.sample.bluesky_server.login import Login
from collectors.sample.bluesky_server.notifications import Notices
from collectors.sample.bluesky_server.options import BlueskyOptions, Network
from collectors.sample.bluesky_server.requests import Ask, Refused, answer, failing, tell
from collectors.sample.bluesky_server.views import Views
from collectors.sample.limits import Window
from collectors.sample.world import SampleAccount
from collectors.sample.world_index import WorldIndex

__all__ = ["BlueskyOptions", "BlueskyServer", "failing"]

Handler = Callable[[Network, Ask], Response]
QUERIES: dict[str, Handler] = {
    "app.bsky.actor.getProfile": people.get_profile,
    "app.bsky.actor.getProfiles": people.get_profiles,
    "app.bsky.notification.listNotifications": people.list_notifications,
    "com.atproto.identity.resolveHandle": people.resolve_handle,
    "app.bsky.feed.getAuthorFeed": feeds.get_author_feed,
    "app.bsky.feed.getPosts": posts.get_posts,
    "app.bsky.feed.getPostThread": posts.get_post_thread,
    "app.bsky.feed.getQuotes": posts.get_quotes,
    "app.bsky.feed.getLikes": posts.get_likes,
    "app.bsky.feed.getRepostedBy": posts.get_reposted_by,
    "app.bsky.feed.searchPosts": posts.search_posts,
    "com.atproto.repo.getRecord": posts.get_record,
}


class BlueskyServer:
    """The app. `app_password()` gives what signs an account in."""

    def __init__(self, index: WorldIndex, options: BlueskyOptions | None = None) -> None:
        self.options = options or BlueskyOptions()
        view = KnownPosts(index)
        self.network = Network(self.options, view, Views(view), Notices(view))
        self.login = Login(self.network)
        self.jetstream = Jetstream(view, self.options.look_back_hours)
        self._window = Window(self.options.requests_per_5_minutes, 300)
        self._router = Starlette(routes=self._routes())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        await self._router(scope, receive, send)

    def app_password(self, name: str) -> str:
        """The app password of an account (handle or DID)."""
        return self.login.app_password(name)

    def expire_sessions(self, *, with_refresh: bool = False) -> None:
        """All access tokens run out; with_refresh: the refresh tokens too."""
        self.login.sessions.expire(with_refresh=with_refresh)

    def uri(self, key: str) -> str:
        """The at:// address of a post of the world."""
        return self.network.view.by_key[key].uri

    def _routes(self) -> list[Route | WebSocketRoute]:
        queries = [Route(f"/xrpc/{name}", self._guarded(handler), methods=["GET"]) for name, handler in QUERIES.items()]
        login = self.login
        return [
            *queries,
            Route("/xrpc/com.atproto.server.getSession", self._guarded(login.get_session), methods=["GET"]),
            Route("/xrpc/com.atproto.server.describeServer", self._guarded(login.describe_server), methods=["GET"]),
            Route("/xrpc/com.atproto.server.createSession", login.create_session, methods=["POST"]),
            Route("/xrpc/com.atproto.server.refreshSession", login.refresh_session, methods=["POST"]),
            Route("/xrpc/_health", lambda _: answer({"version": "0.4.900"})),
            WebSocketRoute("/xrpc/network.bsky.jetstream.subscribeEvents", self.jetstream.subscribe),
            Route("/{rest:path}", _nothing, methods=["GET", "POST"]),
        ]

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            now = request.scope["now"]
            left = self._window.take(request.client.host if request.client else "", now)
            try:
                if left.is_over:
                    raise Refused(429, "RateLimitExceeded", "Rate Limit Exceeded")
                response = handler(self.network, Ask(request, now, self._viewer(request)))
            except Refused as refused:
                response = answer({"error": refused.error, "message": refused.message}, refused.status)
            tell(response, left)
            return response

        return guarded

    def _viewer(self, request: Request) -> SampleAccount | None:
        """Whose access token it is. A run-out one is 400, not 401."""
        header = request.headers.get("authorization")
        if header is None:
            return None
        did = self.login.sessions.who(header.removeprefix("Bearer "))
        if did is None:
            is_old = header.removeprefix("Bearer ") in self.login.sessions.expired
            raise Refused(400, *(EXPIRED if is_old else INVALID))
        return self.network.view.index.accounts[did]


EXPIRED = ("ExpiredToken", "Token has expired")
INVALID = ("InvalidToken", "Token could not be verified")


async def _nothing(request: Request) -> Response:
    if request.url.path.startswith("/xrpc/"):
        return answer({"error": "MethodNotImplemented", "message": "Method Not Implemented"}, 501)
    return Response("Not Found", 404, media_type="text/plain")
