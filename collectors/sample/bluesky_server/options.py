"""How the sample Bluesky is set up, and what makes it up."""

from dataclasses import dataclass, field
from datetime import datetime

from collectors.sample.bluesky_server.known_posts import KnownPost, KnownPosts
from collectors.sample.bluesky_server.notifications import Notices
from collectors.sample.bluesky_server.requests import Ask, Refused
from collectors.sample.bluesky_server.views import Views
from collectors.sample.world import SampleAccount


@dataclass(frozen=True, slots=True)
class BlueskyOptions:
    """How the network is set up. The limits are Bluesky's own; the demo advertises higher ones."""

    requests_per_5_minutes: int = 3000
    logins_per_5_minutes: int = 30
    logins_per_day: int = 300
    passwords: dict[str, str] = field(default_factory=dict)  # handle or DID → app password
    blocks: frozenset[tuple[str, str]] = frozenset()  # pairs of DIDs, in either direction
    deactivated: dict[str, datetime] = field(default_factory=dict)  # DID → from when
    pins: dict[str, str] = field(default_factory=dict)  # DID → key of the pinned post
    is_search_open: bool = False  # search without signing in; closed in production
    look_back_hours: int = 36  # of Jetstream


@dataclass(frozen=True, slots=True)
class Network:
    """What the network holds, how it writes that, and what it hides from whom."""

    options: BlueskyOptions
    view: KnownPosts
    shapes: Views
    notices: Notices

    def is_blocked(self, one: SampleAccount | None, other: SampleAccount) -> bool:
        """Whether one of the two blocks the other. Strangers are not blocked."""
        if one is None:
            return False
        return (one.key, other.key) in self.options.blocks or (other.key, one.key) in self.options.blocks

    def is_gone(self, account: SampleAccount, now: datetime) -> bool:
        """Whether the account is deactivated."""
        return account.key in self.options.deactivated and self.options.deactivated[account.key] <= now

    def shows(self, held: KnownPost | None, ask: Ask) -> bool:
        """Whether a post is left in a list."""
        if held is None or not held.is_there(ask.now) or self.is_gone(held.author, ask.now):
            return False
        return not self.is_blocked(ask.viewer, held.author)

    def actor(self, ask: Ask) -> SampleAccount:
        """The account of the parameter `actor`; 400 where there is none."""
        account = self.view.actor(ask.one("actor"))
        if account is None or self.view.index.opened_at(account) > ask.now:
            raise Refused(400, "InvalidRequest", "Profile not found")
        if self.is_gone(account, ask.now):
            raise Refused(400, "AccountDeactivated", "Account is deactivated")
        return account

    def post(self, ask: Ask) -> KnownPost | None:
        """The post of the parameter `uri`, which may name its author by DID or handle."""
        uri = ask.one("uri")
        held = self.view.by_uri.get(uri)
        if held is None:
            name, _, rest = uri.removeprefix("at://").partition("/")
            account = self.view.actor(name)
            held = self.view.by_uri.get(f"at://{account.key}/{rest}") if account else None
        return held if held is not None and held.is_there(ask.now) and not self.is_gone(held.author, ask.now) else None
