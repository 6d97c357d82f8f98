"""What a token may do, asked of its server before it is used: one that may do more than read is not used at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from collectors.seen import FetchFailed

if TYPE_CHECKING:
    from collectors.mastodon.client import Client

READ_ONLY = (
    "Make a new one with the scopes read:accounts read:statuses read:notifications and no other, put it in place of this one, "
    "and delete this one where you made it (on Mastodon: Preferences, Development)."
)
LOOK_YOURSELF = "Look where you made it (on Mastodon: Preferences, Development) that it has read scopes only."
_NAME = re.compile(r"[a-z][a-z_:]{0,39}")


def scopes_of(client: Client) -> frozenset[str] | None:
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


def beyond_reading(scopes: Iterable[str]) -> list[str]:
    """Those that allow more than to read, as far as they can be shown."""
    return sorted(one for one in scopes if one not in ("read", "profile") and not one.startswith("read:"))[:5]


def _named(told: Any) -> frozenset[str]:
    listed = told.split() if isinstance(told, str) else told if isinstance(told, list) else []
    return frozenset(one if _NAME.fullmatch(one) else "something unknown" for one in listed if isinstance(one, str))
