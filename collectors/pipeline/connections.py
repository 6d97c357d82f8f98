"""The networks' clients and budgets, made from the settings on first use."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Protocol

from collectors import bluesky, mastodon
from collectors.fetch_types import BLUESKY, Batch, Network, SeenAccount, Work
from collectors.pipeline.rate_budget import Budget, Limit
from warehouse.settings import Group, Settings

_VERSION = version("mutuals")


class Reader(Protocol):
    """What the cycle needs of a connected network: to look up an account and to carry out one piece of work."""

    def resolve(self, handle: str) -> SeenAccount:
        """Whom this handle names. Raises FetchFailed."""

    def fetch(self, work: Work) -> Batch:
        """What one piece of work brings. Raises FetchFailed."""


@dataclass(frozen=True, slots=True)
class _Connected:
    resolve: Callable[[str], SeenAccount]
    fetch: Callable[[Work], Batch]


@dataclass(slots=True)
class Connections:
    """Clients and budgets of one collector process. Clients live as long as it does; one thread uses one server."""

    settings: Settings
    now: Callable[[], datetime]
    pause: Callable[[float], None] = time.sleep
    budgets: dict[str, Budget] = field(default_factory=dict)
    _clients: dict[tuple[str, str, str], Reader] = field(default_factory=dict)
    _closing: list[Callable[[], None]] = field(default_factory=list)

    def budget(self, network: Network, server: str) -> Budget:
        """The one budget of a server."""
        if server not in self.budgets:
            self.budgets[server] = Budget(server, self._limits(network, server), self.now)
        return self.budgets[server]

    def client(self, network: Network, server: str, group: Group) -> Reader:
        """A client for this group's work on this server, made on first use."""
        key = (network, server, group.id)
        if key not in self._clients:
            self._clients[key] = self._connect(network, server, group)
        return self._clients[key]

    def close(self) -> None:
        """Let go of all connections."""
        self._clients.clear()
        for close in self._closing:
            close()
        self._closing.clear()

    def signed_in(self) -> frozenset[str]:
        """group/server pairs for which a token or an app password is there."""
        secrets = self.settings.secrets
        pairs = {
            f"{group.id}/{handle.rsplit('@', 1)[-1].lower()}"
            for group in self.settings.groups
            for handle in group.mastodon
            if handle.lstrip("@").lower() in secrets.mastodon_tokens
        }
        pairs |= {
            f"{group.id}/{BLUESKY}"
            for group in self.settings.groups
            for handle in group.bluesky
            if handle in secrets.bluesky_passwords
        }
        return frozenset(pairs)

    def _limits(self, network: Network, server: str) -> tuple[Limit, ...]:
        if network == "bluesky":
            return (Limit(self.settings.bluesky.requests_per_hour // 12, timedelta(minutes=5)),)
        known = self.settings.server(server)
        return (
            Limit(known.requests_per_5_minutes, timedelta(minutes=5)),
            Limit(known.paged_per_15_minutes, timedelta(minutes=15), is_paged=True),
        )

    def mastodon(self, server: str, group: Group) -> mastodon.Client:
        """A fresh Mastodon client for this group's work on this server."""
        budget = self.budget("mastodon", server)
        client = mastodon.connect(
            self.settings.server(server),
            token=self._token(server, group),
            user_agent=self._agent(),
            spend=budget.spend,
            limits=budget.report,
            now=self.now,
            sleep=self.pause,
        )
        self._closing.append(client.http.close)
        return client

    def bluesky(self, group: Group) -> bluesky.Client:
        """A fresh Bluesky client for this group, signed in where there is an app password for one of its accounts."""
        settings, budget = self.settings, self.budget("bluesky", BLUESKY)
        handle = next((one for one in group.bluesky if one in settings.secrets.bluesky_passwords), None)
        client = bluesky.connect(
            settings.bluesky,
            handle=handle,
            password=settings.secrets.bluesky_passwords[handle] if handle else None,
            session_file=settings.data_dir / "sessions" / f"{group.id}.bluesky" if handle else None,
            user_agent=self._agent(),
            spend=budget.spend,
            limits=budget.report,
            now=self.now,
            hashtags=group.hashtags,
        )
        self._closing.append(client.close)
        return client

    def _connect(self, network: Network, server: str, group: Group) -> Reader:
        if network == "mastodon":
            one = self.mastodon(server, group)
            return _Connected(lambda handle: mastodon.resolve(one, handle), lambda work: mastodon.fetch(one, work))
        other = self.bluesky(group)
        return _Connected(lambda handle: bluesky.resolve(other, handle), lambda work: bluesky.fetch(other, work))

    def _agent(self) -> str:
        contact = self.settings.contact_url or "self-help group dashboard; reads public posts only"
        return f"Mutuals/{_VERSION} (+{contact})"

    def _token(self, server: str, group: Group) -> str | None:
        """A token speaks for one account: it is used only for the group whose account lives there."""
        at_home = (one.lstrip("@").lower() for one in group.mastodon if one.lower().endswith(f"@{server}"))
        return next(
            (
                self.settings.secrets.mastodon_tokens[one]
                for one in at_home
                if one in self.settings.secrets.mastodon_tokens
            ),
            None,
        )
