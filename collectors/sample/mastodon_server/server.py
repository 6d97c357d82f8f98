"""One Mastodon-API server of the sample world, as anybody on the network sees it: doors, limits and routes."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from collectors.sample.limits import Allowance, Window
from collectors.sample.mastodon_server import instance, people, posts
from collectors.sample.mastodon_server.entities import Entities
from collectors.sample.mastodon_server.ids import Ids
from collectors.sample.mastodon_server.known_posts import KnownPosts
from collectors.sample.mastodon_server.notifications import Notifications
from collectors.sample.mastodon_server.options import MastodonOptions, Site, Token
from collectors.sample.mastodon_server.requests import (
    BAD_SCOPE,
    BAD_TOKEN,
    LOGIN_NEEDED,
    PAGING,
    Ask,
    Refused,
    answer,
    failing,
    tell,
)
from collectors.sample.world_index import WorldIndex

__all__ = ["MastodonOptions", "MastodonServer", "Token", "failing"]

Handler = Callable[[Site, Ask], Response]


def instance_v2(site: Site, _: Ask) -> Response:
    """/api/v2/instance."""
    options = site.options
    feeds = options.tag_feed, options.tag_feed_local
    return answer(instance.v2(site.view.domain, options.flavour, options.rules, *feeds))


def instance_v1(site: Site, _: Ask) -> Response:
    """/api/v1/instance."""
    return answer(instance.v1(site.view.domain, site.options.flavour, site.options.rules))


def verify_app(_: Site, ask: Ask) -> Response:
    """Which app the token belongs to."""
    if ask.token is None:
        raise Refused(401, BAD_TOKEN)
    body = {"id": "1", "name": "Sample app", "website": None}
    return answer({**body, "scopes": [*(ask.token.app_scopes or ask.token.scopes)]})


def token_info(_: Site, ask: Ask) -> Response:
    """What the token allows, as Doorkeeper says it."""
    if ask.token is None:
        raise Refused(401, BAD_TOKEN)
    body = {"resource_owner_id": ask.token.account, "scope": list(ask.token.scopes), "expires_in": None}
    return answer({**body, "application": {"uid": "sample"}, "created_at": int(ask.now.timestamp())})


OPEN: dict[str, Handler] = {"/api/v1/instance": instance_v1, "/api/v2/instance": instance_v2}
READS: dict[str, Handler] = {
    "/api/v1/accounts": people.many_accounts,
    "/api/v1/accounts/lookup": people.lookup,
    "/api/v1/accounts/verify_credentials": people.verify_user,
    "/api/v1/accounts/{id}": people.one_account,
    "/api/v1/accounts/{id}/statuses": people.account_statuses,
    "/api/v1/statuses": posts.many_statuses,
    "/api/v1/statuses/{id}": posts.one_status,
    "/api/v1/statuses/{id}/context": posts.context,
    "/api/v1/statuses/{id}/reblogged_by": posts.boosters,
    "/api/v1/timelines/tag/{tag}": posts.tag,
    "/api/v1/notifications": posts.notifications,
    "/api/v2/notifications": posts.grouped_notifications,
    "/api/v1/apps/verify_credentials": verify_app,
    "/oauth/token/info": token_info,
}
MISSING = {
    "mastodon": (),
    "gotosocial": ("/api/v1/statuses", "/api/v1/accounts", "/api/v2/notifications", "/oauth/token/info"),
    "takahe": (
        "/api/v2/instance",
        "/api/v1/statuses",
        "/api/v1/accounts",
        "/api/v2/notifications",
        "/oauth/token/info",
        "/api/v1/apps/verify_credentials",
    ),
}
ONLY_POST = {  # addresses that take a POST only: 405, where an unknown one is 404
    "mastodon": (),
    "gotosocial": ("/api/v1/statuses", "/api/v1/accounts"),
    "takahe": ("/api/v1/statuses",),
}


class MastodonServer:
    """The app of one server domain. `user_token()` and `app_token()` give what signs a client in."""

    def __init__(self, domain: str, index: WorldIndex, ids: Ids, options: MastodonOptions | None = None) -> None:
        self.domain = domain
        self.options = options or MastodonOptions()
        view = KnownPosts(domain, index, ids, self.options.keeps_deleted)
        entities = Entities(view, self.options.quote_states)
        self.site = Site(self.options, view, entities, Notifications(view, self.options.holds_back_days))
        self.tokens = dict(self.options.tokens)
        self._all = Window(self.options.requests_per_5_minutes, 300)
        self._paged = Window(self.options.paged_per_15_minutes, 900)
        self._router = Starlette(routes=self._routes())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        await self._router(scope, receive, send)

    def user_token(self, account: str, scopes: tuple[str, ...] = ("read",)) -> str:
        """A new access token of a local account (its key)."""
        if not self.site.view.is_local(self.site.view.index.accounts[account]):
            raise ValueError(f"{account} does not live on {self.domain}")
        return self._token(Token(account, scopes))

    def app_token(self, scopes: tuple[str, ...] = ("read",)) -> str:
        """A new token of an app without a user."""
        return self._token(Token(None, scopes))

    def _token(self, token: Token) -> str:
        text = f"{'user' if token.account else 'app'}-token-{len(self.tokens)}"
        self.tokens[text] = token
        return text

    def status_id(self, key: str) -> str:
        """This server's own id of a post of the world."""
        return self.site.view.by_key[key].id

    def account_id(self, key: str) -> str:
        """This server's own id of an account of the world."""
        return self.site.view.account_ids[key]

    def _routes(self) -> list[Route]:
        flavour = self.options.flavour
        gets = {path: handler for path, handler in (OPEN | READS).items() if path not in MISSING[flavour]}
        routes = [
            Route(path, self._guarded(handler, is_open=path in OPEN), methods=["GET"]) for path, handler in gets.items()
        ]
        routes += [Route(path, _not_allowed) for path in ONLY_POST[flavour]]
        routes.append(Route("/oauth/token", self.oauth, methods=["POST"]))
        routes.append(Route("/{rest:path}", _html_nothing if flavour == "takahe" else _nothing))
        return routes

    def _guarded(self, handler: Handler, *, is_open: bool) -> Callable[[Request], Awaitable[Response]]:
        in_seconds = self.options.flavour == "gotosocial"

        async def guarded(request: Request) -> Response:
            bearer = request.headers.get("authorization")
            token = self.tokens.get(bearer.removeprefix("Bearer ")) if bearer else None
            left = self._spend(request, token, bearer)
            try:
                if left.is_over:
                    raise Refused(429, "Too many requests")
                if bearer and token is None:
                    challenge = f'Bearer realm="Doorkeeper", error="invalid_token", error_description="{BAD_TOKEN}"'
                    raise Refused(401, BAD_TOKEN, {"WWW-Authenticate": challenge})
                if not is_open:
                    self._admit(token)
                response = handler(self.site, self._asked(request, token))
            except Refused as refused:
                response = answer({"error": refused.error}, refused.status, refused.headers)
            tell(response, left, in_seconds=in_seconds)
            fresh = "private, no-store" if bearer else "max-age=15, public, stale-while-revalidate=30"
            response.headers["Cache-Control"] = fresh if response.status_code == 200 else "private, no-store"
            response.headers["Vary"] = "Authorization, Origin"
            return response

        return guarded

    def _asked(self, request: Request, token: Token | None) -> Ask:
        account = self.site.view.index.accounts[token.account] if token and token.account else None
        return Ask(request, request.scope["now"], token, account)

    def _spend(self, request: Request, token: Token | None, bearer: str | None) -> Allowance:
        """Count the request: by token or address, paged ones also by user or address. The scarcest window is told."""
        now = request.scope["now"]
        address = request.client.host if request.client else ""
        found = self._all.take(bearer or address if token else address, now)
        if any(request.query_params.get(name) for name in PAGING):
            paged = self._paged.take(token.account if token and token.account else address, now)
            found = min(found, paged, key=lambda one: (not one.is_over, one.remaining))
        return found

    def _admit(self, token: Token | None) -> None:
        """The door: a token must be for reading; closed servers and some software want a user's."""
        if token is not None and not any(scope.startswith(("read", "profile")) for scope in token.scopes):
            raise Refused(403, BAD_SCOPE)
        is_user = token is not None and token.account is not None
        if self.options.is_closed and not is_user:
            raise Refused(401, LOGIN_NEEDED)
        if self.options.wants_token and not is_user:
            words = (
                "Unauthorized: token not supplied"
                if self.options.flavour == "gotosocial"
                else "identity_token_required"
            )
            raise Refused(401, words)

    async def oauth(self, request: Request) -> Response:
        """A token for an app, from its client credentials. (A user's is made in a browser.)"""
        if "client_credentials" not in (await request.body()).decode():
            return answer({"error": "invalid_grant", "error_description": "The grant is invalid"}, 400)
        created = int(request.scope["now"].timestamp())
        token = {"access_token": self.app_token(), "token_type": "Bearer", "scope": "read", "created_at": created}
        return answer(token)


async def _nothing(_: Request) -> Response:
    return answer({"error": "Not Found"}, 404)


async def _html_nothing(_: Request) -> Response:
    return HTMLResponse("<!doctype html><title>404</title><h1>Not Found</h1>", 404)


async def _not_allowed(_: Request) -> Response:
    return Response("405 method not allowed", 405, media_type="text/plain")
