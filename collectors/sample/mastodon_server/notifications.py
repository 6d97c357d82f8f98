"""What a user is told: mentions (private and direct ones too), likes, boosts and quotes, single and in groups."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from collectors.sample.mastodon_server.entities import Entities
from collectors.sample.mastodon_server.entity_parts import iso
from collectors.sample.mastodon_server.ids import rank
from collectors.sample.mastodon_server.known_posts import KnownPosts, Page, Status
from collectors.sample.world import SampleAccount
from collectors.sample.world_index import earlier

GROUPED = ("favourite", "reblog")


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification of one user."""

    id: str
    rank: int
    kind: str  # mention, favourite, reblog, quote
    at: datetime
    gone_at: datetime | None
    by: SampleAccount
    status: Status
    is_held_back: bool


class Notifications:
    """The notifications of the users of one server, made when first asked for."""

    def __init__(self, view: KnownPosts, holds_back_days: int) -> None:
        self.view = view
        self.young = timedelta(days=holds_back_days)
        self._of: dict[str, list[Notice]] = {}

    def of(self, user: SampleAccount) -> list[Notice]:
        """All that the user ever gets, oldest first."""
        if user.key not in self._of:
            events = sorted(self._events(user), key=lambda event: (event[1], event[2], event[0]))
            self._of[user.key] = list(self._numbered(events))
        return self._of[user.key]

    def _numbered(self, events: list[tuple[Any, ...]]) -> Iterator[Notice]:
        last = 0
        for kind, at, _, gone_at, by, status in events:
            last = max(last + 1, int(at.timestamp() * 100))
            held_back = kind == "mention" and at - self.view.index.opened_at(by) < self.young
            yield Notice(str(last), last, kind, at, gone_at, by, status, held_back)

    def _events(self, user: SampleAccount) -> Iterator[tuple[Any, ...]]:
        view = self.view
        for status in view.by_key.values():
            post = status.post
            if post.author == user.key:
                yield from self._reactions(user, status)
            elif user.key in post.mentions:
                yield "mention", status.from_at, post.key, status.gone_at, status.author, status
            elif post.quote_of in view.by_key and view.by_key[post.quote_of].author.key == user.key:
                yield "quote", status.from_at, post.key, status.gone_at, status.author, status

    def _reactions(self, user: SampleAccount, status: Status) -> Iterator[tuple[Any, ...]]:
        kinds = {"like": "favourite", "boost": "reblog"}
        for one in self.view.index.reactions_of.get(status.post.key, ()):
            by = self.view.index.accounts.get(one.account)
            if by is not None and by.key != user.key and one.account in self.view.account_ids:
                yield kinds[one.kind], one.at, one.account, earlier(one.undone_at, status.gone_at), by, status

    def page(
        self,
        user: SampleAccount,
        page: Page,
        now: datetime,
        wanted: set[str],
        unwanted: set[str],
        *,
        with_held_back: bool,
    ) -> list[Notice]:
        """One page, newest first."""
        newest, oldest = (rank("mastodon", text) if text else None for text in (page.max_id, page.since_id))
        upward = rank("mastodon", page.min_id) if page.min_id else None
        fitting = [
            one
            for one in self.of(user)
            if one.at <= now
            and (one.gone_at is None or now < one.gone_at)
            and (with_held_back or not one.is_held_back)
            and (not wanted or one.kind in wanted)
            and one.kind not in unwanted
            and (newest is None or one.rank < newest)
            and (oldest is None or one.rank > oldest)
            and (upward is None or one.rank > upward)
        ]
        if upward is not None:
            return fitting[: page.limit][::-1]
        return fitting[::-1][: page.limit]

    def written(self, one: Notice, entities: Entities, now: datetime, user: SampleAccount) -> dict[str, Any]:
        """A Notification."""
        body = {
            "id": one.id,
            "type": one.kind,
            "created_at": iso(one.at),
            "group_key": _group_key(one),
            "account": entities.account(one.by, now),
            "status": entities.status(one.status, now, user),
        }
        return body | ({"filtered": True} if one.is_held_back else {})

    def grouped(self, found: list[Notice], entities: Entities, now: datetime, user: SampleAccount) -> dict[str, Any]:
        """The answer of /api/v2/notifications: likes and boosts of one post stand together."""
        groups: dict[str, list[Notice]] = {}
        for one in found:
            groups.setdefault(_group_key(one), []).append(one)
        accounts = {one.by.key: one.by for one in found}
        statuses = {one.status.id: one.status for one in found}
        return {
            "accounts": [entities.account(one, now) for one in accounts.values()],
            "statuses": [entities.status(one, now, user) for one in statuses.values()],
            "notification_groups": [self._group(key, members) for key, members in groups.items()],
        }

    def _group(self, key: str, members: list[Notice]) -> dict[str, Any]:
        newest = members[0]
        return {
            "group_key": key,
            "notifications_count": len(members),
            "type": newest.kind,
            "most_recent_notification_id": newest.rank,
            "page_min_id": members[-1].id,
            "page_max_id": newest.id,
            "latest_page_notification_at": iso(newest.at),
            "sample_account_ids": [self.view.account_ids[one.by.key] for one in members[:8]],
            "status_id": newest.status.id,
        }


def _group_key(one: Notice) -> str:
    if one.kind not in GROUPED:
        return f"ungrouped-{one.id}"
    return f"{one.kind}-{one.status.id}-{int(one.at.timestamp()) // 43_200}"
