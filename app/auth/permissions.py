"""Who is at this browser, and what they may see: asked before anything is read, and again whenever it is read."""

import logging
from collections.abc import Mapping
from typing import Any

from starlette.requests import HTTPConnection

from app import runtime
from app.auth import revoked_sessions
from app.auth.identity import LOCAL, Identity, NotLetIn, display_name_of, groups_of, identify, is_organiser_of_all
from app.runtime import Runtime
from app.streamlit_internals import user_claims
from warehouse.errors import WarehouseError
from warehouse.settings import Group

log = logging.getLogger(__name__)

# What somebody must be, in the group looked at, to see a page. Whoever has no role sees none.
# The first that is open comes first.
ROLE_NEEDED = {
    "waiting": "groupworker",
    "across_groups": "groupworker",
    "this_week": "groupworker",
    "reaching_out": "groupworker",
    "what_works": "groupworker",
    "people_together": "groupworker",
    "rota": "groupworker",
    "dates": "groupworker",
    "weekly_mail": "organiser",
    "summary": "trustee",
    "how_it_is_going": "groupworker",
    "left_out": "groupworker",
    "what_the_numbers_mean": "trustee",
    "first_visit": "trustee",
    "exports": "organiser",
    "who_may": "organiser",
    "set_up": "organiser",
}
_FOR_ALL_GROUPS = ("set_up", "who_may")  # they change what holds for every group


class NotAllowed(WarehouseError):
    """Somebody asks for what they may not see. The message says nothing of what there is."""

    def __init__(self) -> None:
        super().__init__("This is not open to you: an organiser says who may see what.")


def current_identity() -> Identity:
    """Who is at this browser; the one local user where nobody signs in. Within a page's run. Raises NotLetIn."""
    process = runtime.current()
    if not process.settings.sign_in:
        return LOCAL
    return identity_from(process.claims(), process)


def identity_from(claims: Mapping[str, Any], process: Runtime) -> Identity:
    """Whose claims these are, where people sign in. Raises NotLetIn, also for a sign-in that its person ended."""
    who = identify(claims, process.settings.sign_in, process.clock())
    if revoked_sessions.is_revoked(process.settings, who):
        raise NotLetIn("nobody")
    return who


def sign_out(who: Identity) -> None:
    """This sign-in counts no more: in no tab, and not for whoever copied its cookie."""
    process = runtime.current()
    try:
        revoked_sessions.revoke(process.settings, who, process.clock())
    except OSError as error:
        log.warning("that somebody signed out cannot be written down: %s", error.strerror)


def is_signed_out(who: Identity) -> bool:
    """Did they end this sign-in?"""
    return revoked_sessions.is_revoked(runtime.current().settings, who)


def signed_in_name() -> str:
    """What the others call whoever signed in at this browser; "" where nobody did."""
    try:
        who = current_identity()
    except NotLetIn:
        return ""
    return "" if who == LOCAL else display_name_of(who, runtime.current().settings)


def require_identity() -> Identity:
    """As identity, for what is read: raises NotAllowed where nobody is signed in, or no longer."""
    try:
        return current_identity()
    except NotLetIn:
        raise NotAllowed from None


def groups_open_to(who: Identity, need: str) -> tuple[Group, ...]:
    """The groups in which they may see what `need` may see, as the settings are now."""
    if is_signed_out(who):
        return ()
    process = runtime.current()
    return groups_of(who, need, process.settings, process.clock())


def may_see_all_groups(who: Identity) -> bool:
    """May they see what concerns the whole installation, and so groups that are not theirs?"""
    return who == LOCAL or is_organiser_of_all(who, runtime.current().settings)


def may_see_page(who: Identity, view: str) -> bool:
    """Is there a group for which this page is open to them?"""
    if view in _FOR_ALL_GROUPS:
        return is_organiser_of_all(who, runtime.current().settings)
    return bool(groups_open_to(who, ROLE_NEEDED[view]))


def require_groups(who: Identity, need: str, group_ids: frozenset[str] = frozenset()) -> frozenset[str]:
    """The ids of the groups in which they may; those asked for must be among them. Raises NotAllowed."""
    open_to = frozenset(group.id for group in groups_open_to(who, need))
    if not open_to or not group_ids <= open_to:
        raise NotAllowed
    return open_to


def identity_of_request(connection: HTTPConnection, process: Runtime) -> Identity:
    """Who asks, by the cookie that Streamlit signed or by the proxy's header. Raises NotLetIn."""
    sign_in = process.settings.sign_in
    if sign_in.header:
        return identity_from({"email": connection.headers.get(sign_in.header)}, process)
    return identity_from(user_claims(connection.cookies, process.settings.dashboard_url), process)
