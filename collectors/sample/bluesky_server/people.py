"""Who somebody is and what they are told: profiles, handles, notifications."""

from starlette.responses import Response

from collectors.sample.bluesky_server.ids import iso
from collectors.sample.bluesky_server.options import Network
from collectors.sample.bluesky_server.requests import Ask, Refused, answer


def get_profile(network: Network, ask: Ask) -> Response:
    """app.bsky.actor.getProfile."""
    return answer(network.shapes.detailed(network.actor(ask), ask.now))


def get_profiles(network: Network, ask: Ask) -> Response:
    """app.bsky.actor.getProfiles: up to 25; missing ones are left out."""
    now = ask.now
    found = (network.view.actor(name) for name in ask.several("actors"))
    shown = [one for one in found if one and not network.is_gone(one, now) and network.view.index.opened_at(one) <= now]
    return answer({"profiles": [network.shapes.detailed(one, now) for one in shown]})


def resolve_handle(network: Network, ask: Ask) -> Response:
    """com.atproto.identity.resolveHandle."""
    account = network.view.by_handle.get(ask.one("handle").lower())
    if account is None:
        raise Refused(400, "InvalidRequest", "Unable to resolve handle")
    return answer({"did": account.key})


def list_notifications(network: Network, ask: Ask) -> Response:
    """app.bsky.notification.listNotifications: the signed-in account's."""
    user, now = ask.viewer, ask.now
    if user is None:
        raise Refused(401, "AuthMissing", "Authentication Required")
    reasons = set(ask.query.getlist("reasons"))
    rows = network.notices.of(user)
    page, cursor = ask.page(rows, lambda one: one.at <= now and (not reasons or one.reason in reasons))
    body = [network.notices.written(one, network.shapes, now) for one in page if network.notices.is_there(one, now)]
    return answer({"notifications": body, "priority": False, "seenAt": iso(now)} | cursor)
