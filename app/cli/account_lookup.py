"""Asks the networks about accounts: for the set-up page, and for `mutuals check`. Nothing is stored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.lookup import FoundAccount, FoundCapability, LookupProblem, LookupResult
from app.ui.words import t
from collectors import bluesky, mastodon
from collectors.fetch_types import BLUESKY, FetchFailed, Network, SeenAccount, SeenCapability
from collectors.pipeline.connections import Connections
from warehouse.settings import Group, Settings


@dataclass(frozen=True, slots=True)
class Checked:
    """What `mutuals check` found out about one account."""

    group_id: str
    network: Network
    handle: str
    account: SeenAccount | None
    capabilities: tuple[SeenCapability, ...]
    problem: str | None
    cure: str | None
    rules: tuple[tuple[str, str], ...] = ()


def look_up_with(settings: Callable[[], Settings]) -> Callable[[str | None, str | None], LookupResult]:
    """The set-up page's look_up: (Mastodon address, Bluesky handle) → what the networks say. Never raises for a fault."""

    def look_up(mastodon_address: str | None, bluesky_handle: str | None) -> LookupResult:
        group = Group(
            id="new",
            name="new",
            mastodon=(mastodon_address,) if mastodon_address else (),
            bluesky=(bluesky_handle,) if bluesky_handle else (),
        )
        checked = list(check_accounts(settings(), [group]))
        return LookupResult(
            accounts=tuple(
                _found(checked_account.account, checked_account)
                for checked_account in checked
                if checked_account.account is not None
            ),
            capabilities=tuple(
                FoundCapability(seen.network, seen.server, seen.capability, seen.state, seen.reason, seen.cure)
                for checked_account in checked
                for seen in checked_account.capabilities
            ),
            rules=tuple(rule for checked_account in checked for rule in checked_account.rules),
            problems=tuple(
                LookupProblem(
                    checked_account.network, checked_account.problem, checked_account.cure or t("set_up.try_again")
                )
                for checked_account in checked
                if checked_account.problem
            ),
        )

    return look_up


def check_accounts(settings: Settings, groups: Iterable[Group]) -> Iterable[Checked]:
    """Resolve every account of these groups and try what its server allows, one after the other."""
    networks = Connections(settings, lambda: datetime.now(UTC))
    try:
        for group in groups:
            for handle in group.mastodon:
                yield _check_mastodon(networks, group, handle)
            for handle in group.bluesky:
                yield _check_bluesky(networks, group, handle)
    finally:
        networks.close()


def _check_mastodon(networks: Connections, group: Group, handle: str) -> Checked:
    server = handle.rsplit("@", 1)[-1].lower()
    client = networks.mastodon(server, group)
    try:
        account = mastodon.resolve(client, handle)
        tag = group.hashtags[0] if group.hashtags else None
        capabilities = tuple(mastodon.probe(client, handle, tag))
        rules = tuple((server, rule) for rule in mastodon.facts(client).rules)
    except FetchFailed as failure:
        return Checked(group.id, "mastodon", handle, None, (), failure.reason, failure.cure)
    return Checked(group.id, "mastodon", handle, account, capabilities, None, None, rules)


def _check_bluesky(networks: Connections, group: Group, handle: str) -> Checked:
    client = networks.bluesky(group)
    try:
        account = bluesky.resolve(client, handle)
        capabilities = tuple(bluesky.probe(client, account.key))
    except FetchFailed as failure:
        return Checked(group.id, "bluesky", handle, None, (), failure.reason, failure.cure)
    return Checked(group.id, "bluesky", handle, account, capabilities, None, None)


def _found(account: SeenAccount | None, checked_account: Checked) -> FoundAccount:
    assert account is not None  # noqa: S101 the caller asked
    return FoundAccount(
        network=checked_account.network,
        server=BLUESKY if checked_account.network == "bluesky" else checked_account.handle.rsplit("@", 1)[-1].lower(),
        handle=account.handle,
        name=account.name,
        followers_count=account.followers_count,
        posts_count=account.posts_count,
        url=account.url,
        is_bot=account.is_bot,
    )
