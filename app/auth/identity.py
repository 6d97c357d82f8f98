"""What a sign-in says of somebody → who it is, and what they may see. Pure: no session, no file, no clock.

Roles are worked out anew each time they are asked for, from the settings as they are then: they can be taken away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from warehouse.settings import Group, Role, Settings
from warehouse.settings.schema import NOBODY, ROLES, SignIn
from warehouse.settings.validators.people import normalise_address

_CLOCKS_DIFFER = timedelta(minutes=5)


class NotLetIn(Exception):
    """This sign-in opens nothing. `reason` names the text that says why: sign_in.<reason>."""

    def __init__(self, reason: str, address: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.address = address  # of the person at this browser, where it is known


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody at a browser."""

    address: str  # the e-mail address, in small letters; "" is the one local user where nobody signs in
    said: frozenset[str] = frozenset()  # name=value: what the provider says of them
    until: datetime | None = None  # when this sign-in ends; None: the proxy sees to it
    sign_in: str = field(default="", compare=False)  # which sign-in it was, as a hash that names nobody


LOCAL = Identity("")


def identify(claims: Mapping[str, Any], sign_in: SignIn, now: datetime) -> Identity:
    """Who signed in. Raises NotLetIn: nobody did, too long ago, elsewhere, for another program, or without a checked address.

    The provider's library checks signature, issuer and audience when somebody signs in; what it left in the cookie is checked
    here again, because the settings may have changed since.
    """
    address = normalise_address(str(claims.get("email") or ""))
    if sign_in.header:
        if not address:
            raise NotLetIn("nobody")
        return Identity(address)
    if not claims.get("is_logged_in"):
        raise NotLetIn("nobody")
    audience = claims.get("aud")
    if sign_in.client_id not in (audience if isinstance(audience, list) else [audience]):
        raise NotLetIn("elsewhere")
    if str(claims.get("iss", "")).rstrip("/") != sign_in.provider:
        raise NotLetIn("elsewhere")
    until = _until(claims.get("iat"), sign_in, now)
    if not address:
        raise NotLetIn("no_address")
    if claims.get("email_verified") is not True and not (sign_in.trust_email and "email_verified" not in claims):
        raise NotLetIn("unchecked", address)
    return Identity(address, frozenset(_said(claims)), until, _sign_in(claims))


def roles_by_group(who: Identity, settings: Settings) -> dict[str, str]:
    """Group id → role, the widest where there are several; nothing of a group in which somebody has none."""
    ids = [group.id for group in settings.groups]
    if who == LOCAL:
        return dict.fromkeys(ids, ROLES[-1]) if not settings.sign_in else {}
    found: dict[str, str] = {}
    shut_out = set[str]()
    for one in settings.roles:
        if _is_meant(one, who):
            for group_id in one.groups or ids:
                if one.role == NOBODY:
                    shut_out.add(group_id)
                else:
                    found[group_id] = max(found.get(group_id, one.role), one.role, key=ROLES.index)
    return {group_id: role for group_id, role in found.items() if group_id not in shut_out}


def _is_meant(one: Role, who: Identity) -> bool:
    return who.address == one.who or one.claim in who.said


def groups_of(who: Identity, need: str, settings: Settings, now: datetime) -> tuple[Group, ...]:
    """The groups in which somebody may see what `need`, one of ROLES, may see. None of them once the sign-in has ended."""
    if who.until is not None and now >= who.until:
        return ()
    held = roles_by_group(who, settings)
    return tuple(
        group for group in settings.groups if group.id in held and ROLES.index(held[group.id]) >= ROLES.index(need)
    )


def is_organiser_of_all(who: Identity, settings: Settings) -> bool:
    """May somebody add groups and say who sees what? Also where there is no group yet."""
    if who == LOCAL:
        return not settings.sign_in
    held = [one for one in settings.roles if _is_meant(one, who)]
    is_shut_out = any(one.role == NOBODY for one in held)
    return not is_shut_out and any(one.role == "organiser" and not one.groups for one in held)


def display_name_of(who: Identity, settings: Settings) -> str:
    """What the others call somebody who signed in: as mutuals.toml says, else their address, which is nobody else's."""
    text = next((one.name for one in settings.roles if one.name and one.who == who.address), "")
    return text or next((one.name for one in settings.people if one.mail.lower() == who.address), who.address)


def _until(issued: object, sign_in: SignIn, now: datetime) -> datetime:
    if not isinstance(issued, int | float) or isinstance(issued, bool):
        raise NotLetIn("elsewhere")
    try:
        at = datetime.fromtimestamp(issued, UTC)
    except (ValueError, OverflowError, OSError):
        raise NotLetIn("elsewhere") from None
    until = at + timedelta(hours=sign_in.hours)
    if not at - _CLOCKS_DIFFER <= now < until:
        raise NotLetIn("ended")
    return until


def _sign_in(claims: Mapping[str, Any]) -> str:
    """Differs for every sign-in: the nonce is drawn by lot."""
    text = "\n".join(str(claims.get(name, "")) for name in ("iss", "sub", "iat", "nonce"))
    return sha256(text.encode()).hexdigest()


def _said(claims: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """Every claim as name=value: each of a list, and those inside others as outer.inner=value."""
    for key, value in claims.items():
        if isinstance(value, Mapping):
            yield from _said(value, f"{before}{key}.")
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                yield f"{before}{key}={one}"
