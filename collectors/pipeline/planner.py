"""What is due now: state and clock in, a list of work out. Pure.

Feeds are read every few polls, with a longer look back each day and week; posts and threads when refresh_schedule.py says.
Threads with an open request come first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from collectors import text_folding
from collectors.fetch_types import BLUESKY, Kind, KnownPost, Network, Work
from warehouse.settings import Group, Settings
from warehouse.storage.rows import Due, Source

REFRESH_BATCH: Mapping[str, int] = {"mastodon": 20, "bluesky": 25}

# How often a feed is looked at, in polls of settings.poll_seconds (five minutes unless configured).
_POLLS: Mapping[Kind, int] = {
    "profile": 12,
    "own": 1,
    "mentions": 1,
    "hashtag": 3,  # on Bluesky through search: its maintainer asks for restraint, at most 4 an hour
    "topic": 12,
    "drain": 3,
}
# What a volunteer waits for goes first.
_ORDER: tuple[Kind, ...] = (
    "profile", "own", "mentions", "thread", "hashtag", "refresh", "boosters", "quotes", "drain", "topic",
)  # fmt: skip
_OVERLAP_DAY = (timedelta(days=1), timedelta(hours=48))  # how often, how far back
_OVERLAP_WEEK = (timedelta(days=7), timedelta(days=7))
_BACKFILL_PAGES = 25  # a run; the next run goes on from the cursor
_HASHTAG_BACKFILL = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class State:
    """What the warehouse knows that the plan depends on."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    due: tuple[Due, ...] = ()  # next_at <= now only
    heads: Mapping[str, frozenset[str]] = field(default_factory=dict)  # group/network/server → newest server_post_ids
    uris: Mapping[str, str] = field(default_factory=dict)  # server_post_id → uri, for the due ones
    open_roots: frozenset[UUID] = frozenset()  # conversations in which somebody waits: read before the others


def plan(settings: Settings, state: State, now: datetime, *, signed_in: frozenset[str] = frozenset()) -> list[Work]:
    """Everything that is due, most urgent first.

    `signed_in` names servers ("bluesky" or a Mastodon server, prefixed by the group: "riverside/bluesky") for which a
    token or app password is there.
    """
    work = [
        one
        for group in settings.groups
        for source in planned_sources(group, settings, signed_in)
        for one in _feed(source, state, now)
    ]
    work += _posts_due(state, {group.id for group in settings.groups})
    return sorted(work, key=lambda one: _ORDER.index(one.kind))


def planned_sources(group: Group, settings: Settings, signed_in: frozenset[str]) -> list[Work]:
    """Every feed that is read for a group, as work in its plainest form."""
    found: list[Work] = []

    def add(network: Network, server: str, kind: Kind, target: str) -> None:
        found.append(Work(f"{group.id}/{network}/{server}/{kind}/{target}", group.id, network, server, kind, target))

    for handle in group.mastodon:
        server = handle.rsplit("@", 1)[-1].lower()
        add("mastodon", server, "profile", handle)
        add("mastodon", server, "own", handle)
        if f"{group.id}/{server}" in signed_in:
            add("mastodon", server, "mentions", handle)
    homes = [handle.rsplit("@", 1)[-1].lower() for handle in group.mastodon]
    for server in group.tag_servers or tuple(dict.fromkeys(homes)):
        for tag in group.hashtags:
            add("mastodon", server, "hashtag", text_folding.fold_tag(tag))
        for tag in group.topics:
            add("mastodon", server, "topic", text_folding.fold_tag(tag))
    for handle in group.bluesky:
        add("bluesky", BLUESKY, "profile", handle)
        add("bluesky", BLUESKY, "own", handle)
        if f"{group.id}/{BLUESKY}" in signed_in:
            add("bluesky", BLUESKY, "mentions", handle)
            for tag in group.hashtags:
                add("bluesky", BLUESKY, "hashtag", text_folding.fold_tag(tag))
            for tag in group.topics:
                add("bluesky", BLUESKY, "topic", text_folding.fold_tag(tag))
        if settings.bluesky.jetstream:
            add("bluesky", BLUESKY, "drain", handle)
    return found


def _feed(source: Work, state: State, now: datetime) -> Iterable[Work]:
    """The work a feed has now: the head, a longer look back, or the next piece of its history."""
    known = state.sources.get(source.source_id)
    if known is not None and known.next_at > now:
        return
    source = replace(source, known=state.heads.get(f"{source.group_id}/{source.network}/{source.server}", frozenset()))
    if source.kind in ("profile", "drain"):
        yield replace(source, cursor=known.cursor if known else None)
    elif known is None or not known.is_backfilled:
        since = now - _HASHTAG_BACKFILL if source.kind in ("hashtag", "topic") else None
        cursor = known.cursor if known else None
        yield replace(source, mode="backfill", since=since, cursor=cursor, page_limit=_BACKFILL_PAGES)
    else:
        yield _look_back(source, known, now) or replace(source, cursor=known.cursor)


def _look_back(source: Work, known: Source, now: datetime) -> Work | None:
    """Posts that a server fetched later take an id from their own time, so a cursor misses them for good: re-read."""
    if source.kind not in ("own", "hashtag"):
        return None
    for last_at, (every, back) in (
        (known.overlap_week_at, _OVERLAP_WEEK),
        (known.overlap_day_at, _OVERLAP_DAY),
    ):
        if last_at is None or now - last_at >= every:
            return replace(source, mode="overlap", since=now - back)
    return None


def _posts_due(state: State, group_ids: set[str]) -> list[Work]:
    work: list[Work] = []
    batches: dict[tuple[str, str, str], list[Due]] = {}
    for due in sorted(state.due, key=lambda one: (one.post_id not in state.open_roots, one.next_at)):
        if due.group_id not in group_ids:
            continue
        if due.kind == "refresh":
            batches.setdefault((due.group_id, due.network, due.server), []).append(due)
        else:
            work.append(_about(due.kind, [due], state))
    for (_, network, _), dues in batches.items():
        size = REFRESH_BATCH[network]
        work += [_about("refresh", dues[start : start + size], state) for start in range(0, len(dues), size)]
    return work


def _about(kind: str, dues: list[Due], state: State) -> Work:
    first = dues[0]
    source_id = f"{first.group_id}/{first.network}/{first.server}/{kind}/"
    known = tuple(KnownPost(due.server_post_id, state.uris.get(due.server_post_id), due.created_at) for due in dues)
    return Work(source_id, first.group_id, first.network, first.server, kind, "", posts=known)  # type: ignore[arg-type]


def after_feed(
    work: Work,
    source: Source | None,
    *,
    is_complete: bool,
    cursor: str | None,
    now: datetime,
    poll: timedelta = timedelta(minutes=5),
    retry_at: datetime | None = None,
) -> Source:
    """The source's state after a run that worked. `poll` is the shortest time between two looks at a feed.

    `retry_at`: something cut the run short, and it is tried again then.
    """
    is_backfilled = (source is not None and source.is_backfilled) or work.mode != "backfill" or is_complete
    week, day = (source.overlap_week_at, source.overlap_day_at) if source else (None, None)
    if work.mode == "backfill" and is_complete:
        week, day = now, now
    elif work.mode == "overlap" and work.since is not None:
        day = now
        week = now if now - work.since >= _OVERLAP_WEEK[1] else week
    return Source(
        source_id=work.source_id,
        group_id=work.group_id,
        network=work.network,
        server=work.server,
        kind=work.kind,
        target=work.source_id.split("/", 4)[-1],  # as the group wrote it; the work may carry the DID behind it
        # A back-fill goes on from its cursor at once; without one there is nothing to go on from, so it waits.
        next_at=retry_at or (now + poll * _POLLS[work.kind] if is_backfilled or cursor is None else now),
        last_ok_at=now,
        failures_count=0,
        is_backfilled=is_backfilled,
        cursor=cursor,
        overlap_day_at=day,
        overlap_week_at=week,
    )


def after_failure(work: Work, source: Source | None, retry_at: datetime, now: datetime) -> Source:
    """The source's state after a run that did not."""
    base = source or after_feed(work, None, is_complete=False, cursor=work.cursor, now=now)
    last_ok_at = source.last_ok_at if source else None
    return replace(base, next_at=retry_at, last_ok_at=last_ok_at, failures_count=base.failures_count + 1)
