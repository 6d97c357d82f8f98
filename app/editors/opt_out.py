"""Opting somebody out: finding the account that an address means, and recording the opt-out. The collector does the rest."""

from uuid import UUID

from app import queries, runtime
from app.components.page_context import PageContext
from app.data import readers
from app.ui.words import t
from warehouse.casebook.refusals import OPT_OUT, TAKE_BACK, Refusal, load_refusals, record_refusal
from warehouse.privacy.subject import find_by_name
from warehouse.settings import Group
from warehouse.storage.keys import load_key


class UnknownAccount(Exception):
    """The address names no account that can be known here."""


class OwnAccount(Exception):
    """The address is one of the group's own accounts."""


def leave_out(here: PageContext, address: str) -> None:
    """Record that the account at an address is to be left out. Raises UnknownAccount, OwnAccount or CasebookError."""
    who = _whom(here, address)
    groups = runtime.current().settings.groups
    if who in {_whom(here, handle) for group in groups for handle in group.mastodon} | _bluesky(
        here, {handle.removeprefix("@").lower() for group in groups for handle in group.bluesky}
    ):
        raise OwnAccount
    record_refusal(readers.casebook_for(()), [Refusal(who, OPT_OUT, here.now)])


def count_opted_out() -> int:
    """How many accounts are opted out now."""
    last: dict[UUID, str] = {}
    for refusal in load_refusals(readers.casebook_for(())):
        if refusal.what in (OPT_OUT, TAKE_BACK):
            last[refusal.keyed_id] = refusal.what
    return sum(what == OPT_OUT for what in last.values())


def privacy_notice(group: Group) -> str:
    """The page to publish, as docs/privacy/notice.md has it, with this group's hashtags, accounts and days in it."""
    tags = " ".join(f"#{name}" for name in group.hashtags)
    accounts = t("left_out.or").join(f"@{name.removeprefix('@')}" for name in (*group.mastodon, *group.bluesky))
    return t(
        "left_out.notice_page",
        tags=t("left_out.notice_tags", tags=tags) if tags else "",
        accounts=accounts or "[@us]",
        days=group.retention_days,
    )


def _whom(here: PageContext, address: str) -> UUID:
    subject = find_by_name(load_key(runtime.current().settings.data_dir), address)
    if subject is not None:
        return subject.keyed_id
    for account_id in _bluesky(here, {address.strip().removeprefix("@").lower()}):
        return account_id
    raise UnknownAccount


def _bluesky(here: PageContext, handles: set[str]) -> set[UUID]:
    """The keyed ids of these Bluesky handles, as far as they are held by name."""
    accounts = queries.collection.bluesky_accounts(here.reader, here.now)
    return {
        UUID(str(account_id)) for account_id in accounts.loc[accounts["handle"].str.lower().isin(handles), "account_id"]
    }
