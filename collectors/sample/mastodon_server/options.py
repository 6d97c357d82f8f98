"""How one Mastodon-API server of the sample world is set up, and what makes it up."""

from dataclasses import dataclass, field

from collectors.sample.mastodon_server import instance
from collectors.sample.mastodon_server.entities import Entities
from collectors.sample.mastodon_server.ids import Flavour
from collectors.sample.mastodon_server.known_posts import KnownPosts
from collectors.sample.mastodon_server.notifications import Notifications


@dataclass(frozen=True, slots=True)
class Token:
    """What an access token allows. `account` None: an app token, which is nobody."""

    account: str | None
    scopes: tuple[str, ...] = ("read",)
    app_scopes: tuple[str, ...] = ()  # of the application it was made for, where they are more


@dataclass(frozen=True, slots=True)
class MastodonOptions:
    """How one server is set up. The limits are Mastodon's own; the demo advertises higher ones."""

    flavour: Flavour = "mastodon"
    requests_per_5_minutes: int = 300
    paged_per_15_minutes: int = 300
    is_closed: bool = False  # the whole API wants a user: 401
    needs_token: bool | None = None  # nearly everything wants a user's token; None: as the software does (GoToSocial)
    tag_feed: str = "public"  # public, authenticated or disabled; not public = 422 without a user
    tag_feed_local: str = "public"
    rules: tuple[str, ...] = instance.DEFAULT_RULES
    tokens: dict[str, Token] = field(default_factory=dict)
    holds_back_days: int = 30  # mentions by accounts younger than this are held back by the notification policy
    shorter_pages: int = 0  # so many fewer items than asked for, though more follow
    fetches_replies: bool = False  # for users: missing replies arrive some seconds after a thread was read (4.5)
    keeps_deleted: frozenset[str] = frozenset()  # remote posts whose deletion never arrived here
    quote_states: dict[str, str] = field(default_factory=dict)  # quoting post's key → pending, revoked, …

    @property
    def wants_token(self) -> bool:
        """Whether strangers are turned away nearly everywhere."""
        return self.flavour == "gotosocial" if self.needs_token is None else self.needs_token


@dataclass(frozen=True, slots=True)
class Site:
    """One server: its set-up, what it holds, and how it writes that."""

    options: MastodonOptions
    view: KnownPosts
    entities: Entities
    notifications: Notifications
