"""Whose posts are the group's own, and who is on its team, by the key under which each network knows them."""

from collections.abc import Mapping

from collectors.fetch_types import Network
from warehouse.settings import Group


def own_account_keys(group: Group, dids: Mapping[str, str]) -> list[tuple[Network, str]]:
    """The group's own accounts: (network, SeenAccount.key). Bluesky handles not yet looked up are left out."""
    return [*_mastodon(group.mastodon), *_bluesky(group.bluesky, dids)]


def team_account_keys(group: Group, dids: Mapping[str, str]) -> list[tuple[Network, str]]:
    """The team's accounts. An address with an @ in the middle is Mastodon's, any other Bluesky's."""
    return [
        *_mastodon(tuple(one for one in group.team if "@" in one.lstrip("@"))),
        *_bluesky(bluesky_team_handles(group), dids),
    ]


def bluesky_team_handles(group: Group) -> tuple[str, ...]:
    """The team's Bluesky handles."""
    return tuple(one for one in group.team if "@" not in one.lstrip("@"))


def _mastodon(handles: tuple[str, ...]) -> list[tuple[Network, str]]:
    return [("mastodon", handle.lstrip("@").lower()) for handle in handles]


def _bluesky(handles: tuple[str, ...], dids: Mapping[str, str]) -> list[tuple[Network, str]]:
    return [("bluesky", dids[handle.lstrip("@")]) for handle in handles if handle.lstrip("@") in dids]
