"""What the networks say of an address that somebody typed. The command line hands `LookUp` in: pages ask no network."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """An account that a network knows under the address somebody typed."""

    network: Literal["mastodon", "bluesky"]
    server: str  # carers.example; bluesky
    handle: str  # user@host or a Bluesky handle, without a leading @
    name: str = ""  # the display name
    about: str = ""  # the profile text, plain
    followers_count: int | None = None  # None: hidden
    posts_count: int | None = None
    url: str | None = None
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class FoundCapability:
    """One thing that can or cannot be seen there. state: open, closed, needs token, unknown."""

    network: Literal["mastodon", "bluesky"]
    server: str
    capability: str
    state: Literal["open", "closed", "needs token", "unknown"]
    reason: str | None = None
    cure: str | None = None


@dataclass(frozen=True, slots=True)
class LookupProblem:
    """Something typed that did not work, in words for a person, with what to do about it."""

    field: Literal["mastodon", "bluesky"]
    message: str
    cure: str


@dataclass(frozen=True, slots=True)
class LookupResult:
    """All that `look_up` found. Never an exception for a wrong handle or a server that is down: those are problems."""

    accounts: tuple[FoundAccount, ...] = ()
    capabilities: tuple[FoundCapability, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()  # (server, one of its rules)
    problems: tuple[LookupProblem, ...] = ()


AccountLookup = Callable[
    [str | None, str | None], LookupResult
]  # (Mastodon address, Bluesky handle), as typed and tidied
