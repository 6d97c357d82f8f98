"""A connected Mastodon-API server: the client, one guarded way to ask it, and what it says of itself."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mastodon import Mastodon, MastodonError

from collectors.fetch_types import FetchFailed
from collectors.mastodon.errors import explain_failure, explain_not_json
from collectors.mastodon.http import CONNECT_SECONDS, READ_SECONDS, Http
from collectors.mastodon.parse import Reading
from warehouse.settings import Server

READ_ONLY = (
    "Make a new one with the scopes read:accounts read:statuses read:notifications and no other, put it in place of this one, "
    "and delete this one where you made it (on Mastodon: Preferences, Development)."
)
LOOK_YOURSELF = "Look where you made it (on Mastodon: Preferences, Development) that it has read scopes only."
_HOST = re.compile(r"(?=.*[a-z])[a-z0-9][a-z0-9.-]*\.[a-z0-9-]*[a-z][a-z0-9-]*", re.IGNORECASE)
_SCOPE = re.compile(r"[a-z][a-z_:]{0,39}")
_QUOTES_SINCE = 7  # api_versions.mastodon of 4.5.0, which brought quotes


class Api(Mastodon):
    """Mastodon.py, without its question about timelines before each tag feed: the answer of the feed itself tells."""

    def timeline_is_available(self, *_args: object, **_kwargs: object) -> bool:
        """Always asked by `timeline_hashtag`; on servers without /api/v2/instance it would cost a request per page."""
        return True

    def token_info(self) -> Any:
        """What the server says of our token. Mastodon.py has no call for it."""
        return self._Mastodon__api_request("GET", "/oauth/token/info")  # type: ignore[attr-defined]

    def app_info(self) -> Any:
        """What the server says of the application that our token was made for."""
        return self._Mastodon__api_request("GET", "/api/v1/apps/verify_credentials")  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What a server says of itself. `domain` completes its accounts' handles; it may differ from the host asked."""

    domain: str
    version: str | None = None
    software: str | None = None  # 'mastodon' (and its forks), else None: not known to be
    rules: tuple[str, ...] = ()
    api_version: int = 0

    @property
    def has_quotes(self) -> bool:
        """Whether the server can list who quoted a post."""
        return self.api_version >= _QUOTES_SINCE


@dataclass(slots=True)
class Answer:
    """One answer: the JSON as it came, the library's page to follow, and the next page's cursor (None: no more)."""

    raw: Any
    page: Any
    next_id: str | None


@dataclass(slots=True)
class Client:
    """One server, one thread. What it learns (domain, account ids, missing endpoints) it keeps as long as it lives."""

    server: Server
    api: Api
    http: Http
    has_token: bool
    now: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    known_facts: ServerFacts | None = None
    account_ids: dict[str, str] = field(default_factory=dict)
    has_grouped_notifications: bool = True
    has_batch: bool = True
    topic_heads: dict[str, frozenset[str]] = field(default_factory=dict)  # source_id → ids on its last head page
    token_scopes: frozenset[str] | None = None  # None: there is no token, or the server does not say
    token_refused: str = ""  # why the token that we were given is not used

    def ask(self, capability: str, call: Callable[[], Any]) -> Answer:
        """Make one call of the library. Raises FetchFailed, whatever went wrong."""
        try:
            page = call()
        except MastodonError as error:
            raise explain_failure(
                error,
                capability=capability,
                has_token=self.has_token,
                resets_at=self.http.resets_at,
                now=self.now(),
            ) from None  # the library's message may hold the page
        return Answer(self.http.answer, page, _next_id(page))

    def ask_list(self, capability: str, call: Callable[[], Any]) -> tuple[list[Any], Answer]:
        """As `ask`, for an answer that must be a list."""
        answer = self.ask(capability, call)
        if not isinstance(answer.raw, list):
            raise explain_not_json(capability)
        return answer.raw, answer

    def ask_object(self, capability: str, call: Callable[[], Any]) -> dict[str, Any]:
        """As `ask`, for an answer that must be an object, and not one that tells of an error."""
        raw = self.ask(capability, call).raw
        if not isinstance(raw, dict) or (set(raw) <= {"error", "error_description"}):
            raise explain_not_json(capability)
        return raw

    def pages(self, capability: str, first: Callable[[str | None], Any], cursor: str | None = None) -> Iterator[Answer]:
        """The page at `cursor` (None: the head) and those after it, asked for only as they are wanted."""
        answer = self.ask(capability, lambda: first(cursor))
        while True:
            yield answer
            if answer.next_id is None:
                return
            page = answer.page
            answer = self.ask(capability, lambda: self.api.fetch_next(page))  # noqa: B023 called at once

    def facts(self) -> ServerFacts:
        """What the server says of itself, asked once. Raises FetchFailed when the server is down."""
        if self.known_facts is None:
            self.known_facts = self._ask_facts()
            if self.has_token:
                self._mind_token()
        return self.known_facts

    def _mind_token(self) -> None:
        """A token that may write is put aside: what cannot be done by mistake or by a thief need not be feared."""
        self.token_scopes = token_scopes_of(self)
        if more := scopes_beyond_reading(self.token_scopes or ()):
            self.token_refused = f"the token may do more than read ({', '.join(more)}), so it is not used"
            self.api.access_token, self.has_token = None, False

    def reading(self) -> Reading:
        """What the parsers need to know of this server."""
        facts = self.facts()
        # Mastodon's web app has shown a post under /statuses/<id> since 2016 (config/routes/web_app.rb, features/ui),
        # and leads visitors on from there. Other software does not.
        web = self.api.api_base_url if facts.software == "mastodon" else None
        return Reading(self.server.name, facts.domain, web)

    def _ask_facts(self) -> ServerFacts:
        for call in (self.api.instance_v2, self.api.instance_v1):
            try:
                return _read_facts(self.ask_object("server", call), self.server.name)
            except FetchFailed as error:
                if error.kind in ("down", "limited"):
                    raise
        return ServerFacts(self.server.name)


def connect(
    server: Server,
    *,
    token: str | None,
    user_agent: str,
    spend: Callable[[bool], None],
    limits: Callable[[int | None, datetime | None], None],
    now: Callable[[], datetime],
    sleep: Callable[[float], None] = time.sleep,
) -> Client:
    """A client for one server and one thread. Sends nothing yet. `token` is a read-only user token, or None."""
    url = server.url or f"https://{server.name}"
    http = Http(url, spend=spend, limits=limits, now=now)
    api = Api(
        access_token=token,
        api_base_url=url,
        session=http,
        user_agent=user_agent,
        request_timeout=(CONNECT_SECONDS, READ_SECONDS),  # type: ignore[arg-type]  # requests takes the pair
        ratelimit_method="throw",  # "wait" can block for ever
        version_check_mode="none",
    )
    return Client(server, api, http, token is not None, now, sleep)


def _next_id(page: Any) -> str | None:
    following = getattr(page, "_pagination_next", None)
    max_id = following.get("max_id") if isinstance(following, dict) else None
    return None if max_id is None else str(max_id)


def _read_facts(raw: dict[str, Any], name: str) -> ServerFacts:
    hosts = (raw.get("account_domain"), raw.get("domain"), raw.get("uri"))
    plain = (host.removeprefix("https://").rstrip("/").lower() for host in hosts if isinstance(host, str))
    domain = next((host for host in plain if _HOST.fullmatch(host)), name)
    version = raw.get("version") if isinstance(raw.get("version"), str) else None
    api_version = _inside(raw, "api_versions", "mastodon")
    rules = raw.get("rules")
    return ServerFacts(
        domain=domain,
        version=version,
        software="mastodon" if _is_mastodon(raw, version) else None,
        rules=tuple(
            rule["text"]
            for rule in (rules if isinstance(rules, list) else [])
            if isinstance(rule, dict) and isinstance(rule.get("text"), str)
        ),
        api_version=api_version if isinstance(api_version, int) else 0,
    )


def _is_mastodon(raw: dict[str, Any], version: str | None) -> bool:
    """Mastodon and its forks have a version like 4.5.2 or 4.5.2+glitch; others name themselves or count from 0."""
    named = (version or "").lower()
    is_other = any(
        name in named for name in ("gotosocial", "takahe", "pleroma", "akkoma", "pixelfed", "sharkey", "compat")
    )
    is_numbered = re.match(r"[2-9]\.\d+\.\d+", named) is not None
    return is_numbered and not is_other and "account_domain" not in raw


def _inside(raw: Any, *names: str) -> Any:
    for name in names:
        raw = raw.get(name) if isinstance(raw, dict) else None
    return raw


def token_scopes_of(client: Client) -> frozenset[str] | None:
    """The scopes of the client's token. None: this server does not say. Raises FetchFailed when it is down or limits us.

    Doorkeeper, which Mastodon uses, tells a token's own at /oauth/token/info; Mastodon 4.3 and others tell those of its
    application, which are no fewer (docs.joinmastodon.org/methods/apps/#verify_credentials).
    """
    for call in (client.api.token_info, client.api.app_info):
        try:
            told = client.ask_object("token", call)
        except FetchFailed as error:
            if error.kind in ("down", "limited"):
                raise
            continue
        if scopes := _named(told.get("scope") or told.get("scopes")):
            return scopes
    return None


def scopes_beyond_reading(scopes: Iterable[str]) -> list[str]:
    """Those that allow more than to read, as far as they can be shown."""
    return sorted(one for one in scopes if one not in ("read", "profile") and not one.startswith("read:"))[:5]


def _named(told: Any) -> frozenset[str]:
    listed = told.split() if isinstance(told, str) else told if isinstance(told, list) else []
    return frozenset(one if _SCOPE.fullmatch(one) else "something unknown" for one in listed if isinstance(one, str))
