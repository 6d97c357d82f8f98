"""Posts, their threads and who boosted them, the tag feed, notifications."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from starlette.responses import Response

from collectors.sample.mastodon_server import threads
from collectors.sample.mastodon_server.known_posts import Page, Status, cut
from collectors.sample.mastodon_server.notifications import Notice
from collectors.sample.mastodon_server.options import Site
from collectors.sample.mastodon_server.requests import LOGIN_NEEDED, NOT_FOUND, Ask, Refused, answer
from collectors.sample.world import SampleAccount

FETCH_SECONDS = 3


def shown(site: Site, ask: Ask) -> Status:
    """The post of the path. Gone and not for you look the same: 404."""
    status = site.view.by_id.get(ask.path("id"))
    if status is None or not status.is_there(ask.now) or not site.view.is_visible(status, ask.viewer):
        raise Refused(404, NOT_FOUND)
    return status


def one_status(site: Site, ask: Ask) -> Response:
    """statuses/:id."""
    return answer(site.entities.status(shown(site, ask), ask.now, ask.viewer))


def many_statuses(site: Site, ask: Ask) -> Response:
    """statuses?id[]=: up to 20; unknown and hidden ones are left out without a word."""
    found = (site.view.by_id.get(number) for number in ask.ids(20))
    rows = [one for one in found if one and one.is_there(ask.now) and site.view.is_visible(one, ask.viewer)]
    return answer([site.entities.status(one, ask.now, ask.viewer) for one in rows])


def context(site: Site, ask: Ask) -> Response:
    """statuses/:id/context, with the software's caps. Signed in, 4.5 starts fetching what is missing and says so."""
    status = shown(site, ask)
    above, below = threads.context(site.view, status, ask.viewer, ask.now)
    headers: dict[str, str] = {}
    if site.options.fetches_replies and ask.viewer is not None:
        coming = site.view.fetch_missing(status, ask.now, ask.now + timedelta(seconds=FETCH_SECONDS))
        if coming:
            headers["Mastodon-Async-Refresh"] = (
                f'id="context:{status.id}:refresh", retry={FETCH_SECONDS}, result_count=0'
            )
    body = {
        "ancestors": [site.entities.status(one, ask.now, ask.viewer) for one in above],
        "descendants": [site.entities.status(one, ask.now, ask.viewer) for one in below],
    }
    return answer(body, headers=headers)


def boosters(site: Site, ask: Ask) -> Response:
    """statuses/:id/reblogged_by: accounts, newest boost first; paged by the boosts' ids."""
    rows, page = site.view.boosts_of.get(shown(site, ask).post.key, []), ask.page(40, 80)
    found = cut(rows, page, site.view, ask.now, lambda _: True)
    headers = ask.links(found, page.limit, "since_id", ends_when_short=True)
    return answer([site.entities.account(boost.author, ask.now) for boost in found], headers=headers)


def page_of(
    site: Site, ask: Ask, rows: list[Status], fits: Callable[[Status], bool], *, ends_when_short: bool
) -> Response:
    """One page of a list of posts, with its Link header."""
    page = ask.page(20, 40)
    limit = max(1, page.limit - site.options.shorter_pages)
    found = cut(rows, Page(limit, page.max_id, page.since_id, page.min_id), site.view, ask.now, fits)
    headers = ask.links(found, limit, "min_id", ends_when_short=ends_when_short)
    return answer([site.entities.status(one, ask.now, ask.viewer) for one in found], headers=headers)


def tag(site: Site, ask: Ask) -> Response:
    """timelines/tag/:tag: public posts only. A closed feed is 422 for strangers; its local part may be open."""
    view, local, remote = site.view, ask.is_true("local"), ask.is_true("remote")
    access = site.options.tag_feed_local if local else site.options.tag_feed
    if access == "disabled" or (access == "authenticated" and ask.viewer is None):
        raise Refused(422, LOGIN_NEEDED)
    names = [ask.path("tag"), *ask.query.getlist("any[]")]
    known = [name.lower() for name in names if name.lower() in view.by_tag]
    if not any(view.by_tag[name][0].from_at <= ask.now for name in known) and view.flavour == "gotosocial":
        raise Refused(404, "Not Found")
    needed, refused = ({name.lower() for name in ask.query.getlist(part)} for part in ("all[]", "none[]"))
    only_media = ask.is_true("only_media")

    def fits(status: Status) -> bool:
        is_local = view.is_local(status.author)
        if (local and not is_local) or (remote and is_local) or (only_media and not status.post.media_alts):
            return False
        tags = {one.lower() for one in status.post.tags} if needed or refused else set()
        return needed <= tags and not refused & tags

    return page_of(site, ask, _merged([view.by_tag[name] for name in known]), fits, ends_when_short=False)


def _merged(lists: Sequence[list[Status]]) -> list[Status]:
    """Several tags as one list."""
    if len(lists) == 1:
        return lists[0]
    return sorted({status.id: status for rows in lists for status in rows}.values(), key=lambda status: status.rank)


def notifications(site: Site, ask: Ask) -> Response:
    """notifications: a user's, newest first. Held-back ones only with include_filtered."""
    user = ask.user("read:notifications")
    found, headers = _noticed(site, ask, user)
    written = [site.notifications.written(one, site.entities, ask.now, user) for one in found]
    return answer(written, headers=headers)


def grouped_notifications(site: Site, ask: Ask) -> Response:
    """/api/v2/notifications: groups, and their accounts and posts beside them."""
    user = ask.user("read:notifications")
    found, headers = _noticed(site, ask, user)
    return answer(site.notifications.grouped(found, site.entities, ask.now, user), headers=headers)


def _noticed(site: Site, ask: Ask, user: SampleAccount) -> tuple[list[Notice], dict[str, str]]:
    page = ask.page(40, 80)
    found = site.notifications.page(
        user,
        page,
        ask.now,
        set(ask.query.getlist("types[]")),
        set(ask.query.getlist("exclude_types[]")),
        with_held_back=ask.is_true("include_filtered"),
    )
    return found, ask.links(found, page.limit, "min_id", ends_when_short=False)
