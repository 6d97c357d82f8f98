"""Asks the networks about accounts: for the set-up page, and for `mutuals check`. Nothing is stored."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import typer
from rich.table import Table

from app.cli.options import AsJson, Config, DataDir, out
from app.errors import Stopped
from app.lookup import FoundAccount, FoundCapability, LookupProblem, LookupResult
from app.ui.words import t
from collectors import bluesky, mastodon
from collectors.fetch_types import BLUESKY, FetchFailed, Network, SeenAccount, SeenCapability
from collectors.pipeline.connections import Connections
from warehouse.settings import Group, Settings, load_settings


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


app = typer.Typer()


@app.command()
def check(config: Config = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Look up every account in the settings and try what each server allows. Stores nothing."""
    settings = load_settings(config, data_dir)
    if not settings.groups:
        raise Stopped(f"{settings.config}: there is no group yet; add one with: mutuals groups add")
    found = list(check_accounts(settings, settings.groups))
    if as_json:
        out.print_json(json.dumps([asdict(checked_account) for checked_account in found], default=str))
    else:
        table = Table(
            "Group", "Account", "What", "State", "Cure or reason", title="What can be seen", title_justify="left"
        )
        for checked_account in found:
            account = checked_account.account.handle if checked_account.account else checked_account.handle
            if checked_account.problem:
                table.add_row(
                    checked_account.group_id,
                    account,
                    "account",
                    "[red]not found[/]",
                    f"{checked_account.problem} {checked_account.cure or ''}",
                )
            for seen in checked_account.capabilities:
                style = {"open": "green", "closed": "red"}.get(seen.state, "yellow")
                reason_and_cure = " ".join(word for word in (seen.reason, seen.cure) if word)
                table.add_row(
                    checked_account.group_id, account, seen.capability, f"[{style}]{seen.state}[/]", reason_and_cure
                )
        out.print(table)
    raise typer.Exit(1 if any(checked_account.problem for checked_account in found) else 0)
