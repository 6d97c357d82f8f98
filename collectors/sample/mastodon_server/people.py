"""Accounts and their posts: /api/v1/accounts/…"""

from starlette.responses import Response

from collectors.sample.mastodon_server.known_posts import Status
from collectors.sample.mastodon_server.options import Site
from collectors.sample.mastodon_server.posts import page_of
from collectors.sample.mastodon_server.requests import NOT_FOUND, Ask, Refused, answer
from collectors.sample.world import SampleAccount


def known(site: Site, ask: Ask) -> SampleAccount:
    """The account of the path, if this server knows it by now."""
    account = site.view.accounts.get(ask.path("id"))
    if account is None or not site.view.knows(account, ask.now):
        raise Refused(404, NOT_FOUND)
    return account


def verify_user(site: Site, ask: Ask) -> Response:
    """The token's own account, with its source."""
    user = ask.user("profile")
    written = site.entities.account(user, ask.now)
    return answer({**written, "source": {"note": user.note, "fields": [], "privacy": "public"}})


def lookup(site: Site, ask: Ask) -> Response:
    """accounts/lookup?acct=: only accounts that this server already knows."""
    name = ask.query.get("acct", "").lower().lstrip("@")
    found = site.view.by_handle.get(name if "@" in name else f"{name}@{site.view.domain}")
    if found is None or not site.view.knows(found, ask.now):
        raise Refused(404, NOT_FOUND)
    return answer(site.entities.account(found, ask.now))


def one_account(site: Site, ask: Ask) -> Response:
    """accounts/:id."""
    return answer(site.entities.account(known(site, ask), ask.now))


def many_accounts(site: Site, ask: Ask) -> Response:
    """accounts?id[]=: up to 40; unknown ones are left out."""
    found = (site.view.accounts.get(number) for number in ask.ids(40))
    shown = [one for one in found if one is not None and site.view.knows(one, ask.now)]
    return answer([site.entities.account(one, ask.now) for one in shown])


def account_statuses(site: Site, ask: Ask) -> Response:
    """accounts/:id/statuses: public and unlisted ones, and boosts.

    A user also sees what mentions them, and all of their own, private and direct ones too.
    """
    account = known(site, ask)
    if ask.is_true("pinned"):
        return answer([])
    no_replies, no_boosts, only_media = map(ask.is_true, ("exclude_replies", "exclude_reblogs", "only_media"))
    tagged = ask.query.get("tagged", "").lower()

    def fits(status: Status) -> bool:
        if status.boosted is not None:
            return not (no_boosts or only_media or tagged)
        if no_replies and _answers_others(site, status):
            return False
        if (only_media and not status.post.media_alts) or (tagged and tagged not in map(str.lower, status.post.tags)):
            return False
        return site.view.is_visible(status, ask.viewer)

    return page_of(site, ask, site.view.by_author.get(account.key, []), fits, ends_when_short=True)


def _answers_others(site: Site, status: Status) -> bool:
    """A reply to somebody else; going on with one's own thread is none."""
    if status.post.reply_to is None:
        return False
    parent = site.view.by_key.get(status.post.reply_to)
    return parent is None or parent.author.key != status.author.key
