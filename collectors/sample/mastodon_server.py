"""One Mastodon-API server of the sample world, as anybody on the network sees it."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from collectors.sample import mastodon_instance, mastodon_threads
from collectors.sample.index import Index
from collectors.sample.limits import Allowance, Window
from collectors.sample.mastodon_entities import Entities, iso
from collectors.sample.mastodon_ids import Flavour, Ids
from collectors.sample.mastodon_notifications import Notifications
from collectors.sample.mastodon_view import Page, Status, View, cut
from collectors.sample.world import SampleAccount

PAGING = ("page", "min_id", "max_id", "since_id")
LOGIN_NEEDED = "This method requires an authenticated user"
BAD_TOKEN = "The access token is invalid"  # noqa: S105 - what the server says, not a secret
BAD_SCOPE = "This action is outside the authorized scopes"
NOT_FOUND = "Record not found"


@dataclass(frozen=True, slots=True)
class Token:
    """What an access token allows. `account` None: an app token, which is nobody."""

    account: str | None
    scopes: tuple[str, ...] = ("read",)


@dataclass(frozen=True, slots=True)
class MastodonOptions:
    """How one server is set up."""

    flavour: Flavour = "mastodon"
    requests_per_5_minutes: int = 300
    paged_per_15_minutes: int = 300
    is_closed: bool = False  # the whole API wants a user: 401
    tag_feed: str = "public"  # public, authenticated or disabled; not public = 422 without a user
    tag_feed_local: str = "public"
    rules: tuple[str, ...] = mastodon_instance.DEFAULT_RULES
    tokens: dict[str, Token] = field(default_factory=dict)
    holds_back_days: int = 30  # mentions by accounts younger than this are held back by the notification policy
    shorter_pages: int = 0  # so many fewer items than asked for, though more follow
    keeps_deleted: frozenset[str] = frozenset()  # remote posts whose deletion never arrived here
    quote_states: dict[str, str] = field(default_factory=dict)  # quoting post's key → pending, revoked, …


class Refused(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, error: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.headers = headers or {}


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON as Mastodon sends it."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, status, headers, "application/json; charset=utf-8")


def failing(status: int, _: Scope) -> Response:
    """The server's own answer with a status: JSON where Mastodon itself speaks, HTML where its proxy does."""
    words = {
        400: "Bad request",
        401: BAD_TOKEN,
        403: "This action is not allowed",
        404: NOT_FOUND,
        410: "Gone",
        422: "Validation failed",
        429: "Too many requests",
        503: "There was a temporary problem serving your request, please try again",
    }
    if status in words:
        headers = {}
        if status == 429:
            headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0"}
            now: datetime = _["now"]
            headers["X-RateLimit-Reset"] = iso(Window(0, 300).take("", now).reset_at)
        return answer({"error": words[status]}, status, headers)
    return HTMLResponse(f"<html><body><h1>{status}</h1><p>nginx</p></body></html>", status)


class MastodonServer:
    """The app of one server domain. `app` is what uvicorn runs."""

    def __init__(self, domain: str, index: Index, ids: Ids, options: MastodonOptions | None = None) -> None:
        self.domain = domain
        self.options = options or MastodonOptions()
        self.flavour = self.options.flavour
        self.view = View(domain, index, ids, self.options.keeps_deleted)
        self.entities = Entities(self.view, self.options.quote_states)
        self.tokens = dict(self.options.tokens)
        self.notifications = Notifications(self.view, self.options.holds_back_days)
        self.windows = {
            False: Window(self.options.requests_per_5_minutes, 300),
            True: Window(self.options.paged_per_15_minutes, 900),
        }
        self._router = Starlette(routes=self._routes())

    # the outside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        await self._router(scope, receive, send)

    def user_token(self, account: str, scopes: tuple[str, ...] = ("read",)) -> str:
        """A new access token of a local account (its key)."""
        if not self.view.is_local(self.view.index.accounts[account]):
            raise ValueError(f"{account} does not live on {self.domain}")
        token = f"user-{len(self.tokens)}-{account}"
        self.tokens[token] = Token(account, scopes)
        return token

    def app_token(self, scopes: tuple[str, ...] = ("read",)) -> str:
        """A new token of an app without a user."""
        token = f"app-{len(self.tokens)}"
        self.tokens[token] = Token(None, scopes)
        return token

    def _routes(self) -> list[Route]:
        gets: dict[str, Callable[[Request], Response]] = {
            "/api/v1/instance": self.instance_v1,
            "/api/v1/accounts/lookup": self.lookup,
            "/api/v1/accounts/verify_credentials": self.verify_user,
            "/api/v1/accounts/{id}": self.one_account,
            "/api/v1/accounts/{id}/statuses": self.account_statuses,
            "/api/v1/statuses/{id}": self.one_status,
            "/api/v1/statuses/{id}/context": self.context,
            "/api/v1/statuses/{id}/reblogged_by": self.boosters,
            "/api/v1/timelines/tag/{tag}": self.tag,
            "/api/v1/notifications": self.notifications_v1,
            "/api/v1/apps/verify_credentials": self.verify_app,
        }
        if self.flavour != "takahe":
            gets["/api/v2/instance"] = self.instance_v2
        if self.flavour == "mastodon":
            gets["/api/v1/accounts"] = self.many_accounts
            gets["/api/v1/statuses"] = self.many_statuses
            gets["/api/v2/notifications"] = self.notifications_v2
        routes = [Route(path, self._guarded(handler, path), methods=["GET"]) for path, handler in gets.items()]
        if self.flavour != "mastodon":
            routes += [Route(path, _not_allowed) for path in ("/api/v1/statuses", "/api/v1/accounts")]
        routes.append(Route("/oauth/token", self.oauth, methods=["POST"]))
        routes.append(Route("/{rest:path}", self._guarded(_nothing, "")))
        return routes

    def _guarded(self, handler: Callable[[Request], Response], path: str) -> Callable[[Request], Awaitable[Response]]:
        is_open = path in ("/api/v1/instance", "/api/v2/instance", "")

        async def guarded(request: Request) -> Response:
            left: Allowance | None = None
            try:
                left = self._spend(request)
                if not is_open:
                    self._admit(request)
                response = handler(request)
            except Refused as refused:
                response = answer({"error": refused.error}, refused.status, refused.headers)
            _tell(response, left)
            if "authorization" not in request.headers and response.status_code == 200:
                response.headers["Cache-Control"] = "max-age=15, public, stale-while-revalidate=30"
            else:
                response.headers["Cache-Control"] = "private, no-store"
            return response

        return guarded

    def _spend(self, request: Request) -> Allowance:
        """Count the request; the window with the least left is the one that is told."""
        key = request.headers.get("authorization") or (request.client.host if request.client else "")
        now = _now(request)
        found = self.windows[False].take(key, now)
        if any(name in request.query_params for name in PAGING):
            paged = self.windows[True].take(key, now)
            found = min(found, paged, key=lambda one: (not one.is_over, one.remaining))
        if found.is_over:
            headers = {"X-RateLimit-Limit": str(found.limit), "X-RateLimit-Remaining": "0"}
            raise Refused(429, "Too many requests", {**headers, "X-RateLimit-Reset": iso(found.reset_at)})
        return found

    def _admit(self, request: Request) -> None:
        """The first door: a bad token is refused everywhere; closed servers and GoToSocial want a user."""
        token = self._token(request)
        if token is not None and not any(scope.startswith("read") for scope in token.scopes):
            raise Refused(403, BAD_SCOPE)
        if self.flavour == "gotosocial" and token is None:
            raise Refused(401, "Unauthorized: token not supplied")
        if self.options.is_closed and (token is None or token.account is None):
            raise Refused(401, LOGIN_NEEDED)

    def _token(self, request: Request) -> Token | None:
        header = request.headers.get("authorization")
        if header is None:
            return None
        token = self.tokens.get(header.removeprefix("Bearer "))
        if token is None:
            challenge = f'Bearer realm="Doorkeeper", error="invalid_token", error_description="{BAD_TOKEN}"'
            raise Refused(401, BAD_TOKEN, {"WWW-Authenticate": challenge})
        return token

    def _viewer(self, request: Request) -> SampleAccount | None:
        token = self._token(request)
        return self.view.index.accounts[token.account] if token and token.account else None

    def _user(self, request: Request, scope: str) -> SampleAccount:
        token = self._token(request)
        if token is None:
            raise Refused(401, BAD_TOKEN)
        if "read" not in token.scopes and scope not in token.scopes:
            raise Refused(403, BAD_SCOPE)
        viewer = self._viewer(request)
        if viewer is None:
            raise Refused(422, LOGIN_NEEDED)
        return viewer

    # the server itself

    def instance_v2(self, _: Request) -> Response:
        """/api/v2/instance."""
        options = self.options
        body = mastodon_instance.v2(self.domain, self.flavour, options.rules, options.tag_feed, options.tag_feed_local)
        return answer(body)

    def instance_v1(self, _: Request) -> Response:
        """/api/v1/instance."""
        return answer(mastodon_instance.v1(self.domain, self.flavour, self.options.rules))

    async def oauth(self, request: Request) -> Response:
        """A token for an app, from its client credentials. (A user's is made in a browser.)"""
        body = (await request.body()).decode()
        if "client_credentials" not in body:
            return answer({"error": "invalid_grant"}, 400)
        token = self.app_token()
        created = int(_now(request).timestamp())
        return answer({"access_token": token, "token_type": "Bearer", "scope": "read", "created_at": created})

    def verify_app(self, request: Request) -> Response:
        """Who the token's app is."""
        token = self._token(request)
        if token is None:
            raise Refused(401, BAD_TOKEN)
        return answer({"id": "1", "name": "Sample app", "website": None, "scopes": list(token.scopes)})

    # accounts

    def _account(self, request: Request) -> SampleAccount:
        account = self.view.accounts.get(request.path_params["id"])
        if account is None or not self.view.knows(account, _now(request)):
            raise Refused(404, NOT_FOUND)
        return account

    def verify_user(self, request: Request) -> Response:
        """The token's own account, with its source."""
        user = self._user(request, "profile")
        written = self.entities.account(user, _now(request))
        return answer({**written, "source": {"note": user.note, "fields": [], "privacy": "public"}})

    def lookup(self, request: Request) -> Response:
        """accounts/lookup?acct=: only accounts that this server already knows."""
        name = request.query_params.get("acct", "").lower().lstrip("@")
        key = name if "@" in name else f"{name}@{self.domain}"
        now = _now(request)
        found = self.view.index.accounts.get(key) or next(
            (one for one in self.view.index.accounts.values() if one.handle.lower() == key), None
        )
        if found is None or not self.view.knows(found, now):
            raise Refused(404, NOT_FOUND)
        return answer(self.entities.account(found, now))

    def one_account(self, request: Request) -> Response:
        """accounts/:id."""
        return answer(self.entities.account(self._account(request), _now(request)))

    def many_accounts(self, request: Request) -> Response:
        """accounts?id[]=: up to 40; unknown ones are left out."""
        wanted = _many(request, 40)
        now = _now(request)
        found = (self.view.accounts.get(number) for number in wanted)
        return answer([self.entities.account(one, now) for one in found if one and self.view.knows(one, now)])

    def account_statuses(self, request: Request) -> Response:
        """accounts/:id/statuses: public and unlisted ones, and boosts; a user also sees what mentions them."""
        account, viewer, now = self._account(request), self._viewer(request), _now(request)
        if _is_true(request, "pinned"):
            return answer([])
        no_replies, no_boosts = _is_true(request, "exclude_replies"), _is_true(request, "exclude_reblogs")
        only_media, tagged = _is_true(request, "only_media"), request.query_params.get("tagged", "").lower()

        def fits(status: Status) -> bool:
            if not status.is_there(now):
                return False
            if status.boosted is not None:
                return not (no_boosts or only_media or tagged)
            post = status.post
            if no_replies and post.reply_to is not None:
                parent = self.view.by_key.get(post.reply_to)
                if parent is None or parent.author.key != account.key:
                    return False
            if (only_media and not post.media_alts) or (tagged and tagged not in map(str.lower, post.tags)):
                return False
            return self.view.is_visible(status, viewer)

        rows = self.view.by_author.get(account.key, [])
        return self._page(request, rows, fits, viewer, ends_when_short=True)

    # posts

    def _status(self, request: Request) -> Status:
        status = self.view.by_id.get(request.path_params["id"])
        if status is None or not status.is_there(_now(request)):
            raise Refused(404, NOT_FOUND)
        if not self.view.is_visible(status, self._viewer(request)):
            raise Refused(404, NOT_FOUND)
        return status

    def one_status(self, request: Request) -> Response:
        """statuses/:id."""
        return answer(self.entities.status(self._status(request), _now(request), self._viewer(request)))

    def many_statuses(self, request: Request) -> Response:
        """statuses?id[]=: up to 20; unknown and hidden ones are left out without a word."""
        now, viewer = _now(request), self._viewer(request)
        found = (self.view.by_id.get(number) for number in _many(request, 20))
        shown = [one for one in found if one and one.is_there(now) and self.view.is_visible(one, viewer)]
        return answer([self.entities.status(one, now, viewer) for one in shown])

    def context(self, request: Request) -> Response:
        """statuses/:id/context, with Mastodon's caps for people who are not signed in."""
        status, viewer, now = self._status(request), self._viewer(request), _now(request)
        above, below = mastodon_threads.context(self.view, status, viewer, now)
        body = {
            "ancestors": [self.entities.status(one, now, viewer) for one in above],
            "descendants": [self.entities.status(one, now, viewer) for one in below],
        }
        return answer(body)

    def boosters(self, request: Request) -> Response:
        """statuses/:id/reblogged_by: accounts, newest boost first; paged by the boosts' ids."""
        status, now = self._status(request), _now(request)
        rows = self.view.boosts_of.get(status.post.key, [])
        page = _wanted(request, 40, 80)
        found = cut(rows, page, self.view, lambda boost: boost.is_there(now))
        headers = _links(request, found, page.limit, "since_id", ends_when_short=True)
        return answer([self.entities.account(boost.author, now) for boost in found], headers=headers)

    # feeds

    def tag(self, request: Request) -> Response:
        """timelines/tag/:tag: public posts only. A closed feed is 422 for strangers; the local part may be open."""
        viewer, now = self._viewer(request), _now(request)
        local, remote = _is_true(request, "local"), _is_true(request, "remote")
        access = self.options.tag_feed_local if local else self.options.tag_feed
        if access == "disabled" or (access == "authenticated" and viewer is None):
            raise Refused(422, LOGIN_NEEDED)
        names = [request.path_params["tag"], *request.query_params.getlist("any[]")]
        known = [name.lower() for name in names if name.lower() in self.view.by_tag]
        if not known and self.flavour == "gotosocial":
            raise Refused(404, "Not Found: tag was not useable or listable")
        rows = self.view.by_tag[known[0]] if len(known) == 1 else self._merged(known)
        needed = {name.lower() for name in request.query_params.getlist("all[]")}
        refused = {name.lower() for name in request.query_params.getlist("none[]")}
        only_media = _is_true(request, "only_media")

        def fits(status: Status) -> bool:
            if not status.is_there(now) or (only_media and not status.post.media_alts):
                return False
            is_local = self.view.is_local(status.author)
            if (local and not is_local) or (remote and is_local):
                return False
            tags = {tag.lower() for tag in status.post.tags} if needed or refused else set()
            return needed <= tags and not refused & tags

        return self._page(request, rows, fits, viewer, ends_when_short=False)

    def _merged(self, tags: Sequence[str]) -> list[Status]:
        found = {status.id: status for tag in tags for status in self.view.by_tag[tag]}
        return sorted(found.values(), key=lambda status: status.rank)

    def _page(
        self,
        request: Request,
        rows: list[Status],
        fits: Callable[[Status], bool],
        viewer: SampleAccount | None,
        *,
        ends_when_short: bool,
    ) -> Response:
        page, now = _wanted(request, 20, 40), _now(request)
        shorter = self.options.shorter_pages
        asked = Page(max(1, page.limit - shorter), page.max_id, page.since_id, page.min_id)
        found = cut(rows, asked, self.view, fits)
        headers = _links(request, found, asked.limit, "min_id", ends_when_short=ends_when_short)
        return answer([self.entities.status(one, now, viewer) for one in found], headers=headers)

    # notifications

    def notifications_v1(self, request: Request) -> Response:
        """notifications: a user's, newest first. Held-back ones only with include_filtered."""
        user, now = self._user(request, "read:notifications"), _now(request)
        found, headers = self._noticed(request, user, now)
        return answer([self.notifications.written(one, self.entities, now, user) for one in found], headers=headers)

    def notifications_v2(self, request: Request) -> Response:
        """Grouped notifications: groups, and their accounts and posts beside them."""
        user, now = self._user(request, "read:notifications"), _now(request)
        found, headers = self._noticed(request, user, now)
        return answer(self.notifications.grouped(found, self.entities, now, user), headers=headers)

    def _noticed(self, request: Request, user: SampleAccount, now: datetime) -> tuple[list[Any], dict[str, str]]:
        page = _wanted(request, 40, 80)
        wanted = set(request.query_params.getlist("types[]"))
        unwanted = set(request.query_params.getlist("exclude_types[]"))
        found = self.notifications.page(
            user, page, now, wanted, unwanted, with_held_back=_is_true(request, "include_filtered")
        )
        return found, _links(request, found, page.limit, "min_id", ends_when_short=False)


def _now(request: Request) -> datetime:
    now: datetime = request.scope["now"]
    return now


def _is_true(request: Request, name: str) -> bool:
    """Rails takes everything for true but these."""
    return request.query_params.get(name, "false").lower() not in ("", "0", "f", "false", "off", "no")


def _many(request: Request, most: int) -> list[str]:
    wanted = list(dict.fromkeys(request.query_params.getlist("id[]") or request.query_params.getlist("id")))
    if len(wanted) > most:
        raise Refused(422, "Validation failed: too many ids")
    return wanted


def _wanted(request: Request, usual: int, most: int) -> Page:
    asked = request.query_params.get("limit", "")
    digits = asked.lstrip("-")
    limit = min(int(digits), most) if digits.isdigit() else usual
    names = ("max_id", "since_id", "min_id")
    return Page(limit, *(request.query_params.get(name) or None for name in names))


def _links(request: Request, found: Sequence[Any], limit: int, back: str, *, ends_when_short: bool) -> dict[str, str]:
    """The Link header. Feeds offer a next page while there is anything; lists of an account only after a full page."""
    if not found:
        return {}
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in PAGING]
    base = str(request.url.replace(query=""))

    def url(name: str, value: str) -> str:
        return f"{base}?{urlencode([*kept, (name, value)])}"

    links = []
    if not ends_when_short or len(found) >= limit:
        links.append(f'<{url("max_id", found[-1].id)}>; rel="next"')
    links.append(f'<{url(back, found[0].id)}>; rel="prev"')
    return {"Link": ", ".join(links)}


def _tell(response: Response, left: Allowance | None) -> None:
    if left is not None:
        response.headers["X-RateLimit-Limit"] = str(left.limit)
        response.headers["X-RateLimit-Remaining"] = str(left.remaining)
        response.headers["X-RateLimit-Reset"] = iso(left.reset_at)


def _nothing(_: Request) -> Response:
    return answer({"error": "Not Found"}, 404)


async def _not_allowed(_: Request) -> Response:
    return Response("405 method not allowed", 405, media_type="text/plain")
