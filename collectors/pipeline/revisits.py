"""When to look at a held post again: what a reading, a miss or a failure means for the notes in stored.due."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from collectors.fetch_types import Batch, SeenPost, Work
from collectors.gate.consent import Action, GatedPost
from collectors.pipeline.cycle_state import CycleState, Key
from collectors.pipeline.refresh_schedule import after_miss, first_refresh_at, next_refresh, thread_interval
from warehouse.ingest.store import Rows
from warehouse.settings import Group
from warehouse.storage.collector_state import HeldPost
from warehouse.storage.rows import Due, Observation

_Note = Callable[[Due], None]
_THREAD_PAUSE = timedelta(minutes=5)  # a thread that keeps moving is read this often at most
_REFUSED_FOR = timedelta(hours=6)
_PUT_OFF_FOR = timedelta(hours=6)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def after_reading(
    state: CycleState,
    work: Work,
    passed: Iterable[GatedPost],
    out: Rows,
    held_posts: Mapping[str, HeldPost],
    group: Group,
    now: datetime,
) -> None:
    """Change the notes because these posts were just read. Nothing new: no note changes."""
    rows_of = {row.post_id: row for row in out.posts}
    queued = {row.post_id for row in out.verdicts if row.is_queue or not row.is_checked}
    address_of = {row.server_post_id: row.post_id for row in out.post_addresses}
    notes, note = state.notes, state.note
    homes = {handle.rpartition("@")[2].lower() for handle in group.mastodon}
    others = {server.lower() for server in group.tag_servers} - homes
    for one in passed:
        if one.action is Action.BARE:
            continue
        post, post_id = one.post, address_of[one.post.server_post_id]
        if _is_looked_after_elsewhere(state, post, post_id, homes, others):
            continue
        is_own = "own" in one.why or (post.server_post_id in held_posts and held_posts[post.server_post_id].is_own)
        root = rows_of[post_id].root_id
        is_card = one.action is not Action.STORE and not is_own
        is_new, is_answered = _refresh(notes, note, work, post, post_id, is_own=is_own, is_card=is_card, now=now)
        if is_own:
            _people(notes, note, work, post, post_id, now)
        is_old = now - post.created_at > timedelta(days=group.retention_days)
        if (
            root == post_id
            and (post_id, post.server, "thread") not in notes
            and not is_old
            and (post.replies_count or not is_own or post_id in queued)
        ):
            note(_first(work, post, post_id, "thread", now, now))
            if post_id in queued:
                state.open_roots.add(post_id)
        elif work.kind != "thread" and (is_answered or (is_new and root != post_id)):
            _hurry(notes, note, root, post.server, now)
    if work.kind == "refresh":
        _put_off(notes, note, work, held_posts, now)
    elif work.kind == "thread":
        _read_threads(notes, note, work, held_posts, now)
    elif work.kind in ("boosters", "quotes"):
        for known in work.posts:
            key = (
                (held_posts[known.server_post_id].post_id, work.server, work.kind)
                if known.server_post_id in held_posts
                else None
            )
            if key is not None and key in notes:
                note(replace(notes[key], next_at=_NEVER, last_at=now, missed_count=0, missed_at=None))


def _is_looked_after_elsewhere(
    state: CycleState, post: SeenPost, post_id: UUID, homes: set[str], others: set[str]
) -> bool:
    """Counts and threads come from one server: the group's own where it knows the post, else where it was found."""
    if post.server in homes or post.network != "mastodon":
        for server in others if post.network == "mastodon" else ():
            for kind in ("refresh", "thread"):
                due = state.notes.get((post_id, server, kind))
                if due is not None and due.next_at != _NEVER:
                    state.note(replace(due, next_at=_NEVER))
        return False
    return any((post_id, home, "refresh") in state.notes for home in homes)


def _refresh(
    notes: Mapping[Key, Due],
    note: _Note,
    work: Work,
    post: SeenPost,
    post_id: UUID,
    *,
    is_own: bool,
    is_card: bool,
    now: datetime,
) -> tuple[bool, bool]:
    """Note when the counts are read again. Returns (is new, the number of replies moved).

    Of a card no count is kept but that of replies, without which nobody could say whether it was answered.
    """
    total = post.replies_count
    if not is_card:
        total += post.boosts_count + post.likes_count + (post.quotes_count or 0)
    known = notes.get((post_id, post.server, "refresh"))
    if known is None:
        next_at = first_refresh_at(post.created_at, now)
        note(_first(work, post, post_id, "refresh", next_at, now, total, post.replies_count))
        return True, False
    is_moved = known.counts_total != total
    if is_moved or known.next_at <= now:
        again = next_refresh(known, is_changed=is_moved, is_own=is_own, now=now)
        note(replace(again, counts_total=total, replies_count=post.replies_count))
    return False, known.replies_count is not None and known.replies_count != post.replies_count


def _people(notes: Mapping[Key, Due], note: _Note, work: Work, post: SeenPost, post_id: UUID, now: datetime) -> None:
    """Boosters and quotes of the group's own posts are read when their number has moved."""
    for kind, count in (("boosters", post.boosts_count), ("quotes", post.quotes_count or 0)):
        known = notes.get((post_id, post.server, kind))
        if known is None and count:
            note(_first(work, post, post_id, kind, now, now, count))
        elif known is not None and known.counts_total != count:
            note(replace(known, next_at=now if count else _NEVER, counts_total=count))


def _hurry(notes: Mapping[Key, Due], note: _Note, root: UUID, server: str, now: datetime) -> None:
    """Something moved in a conversation: read it now, if it was not read a moment ago."""
    known = notes.get((root, server, "thread"))
    if known is not None and known.last_at is not None:
        soon = max(now, known.last_at + _THREAD_PAUSE)
        if soon < known.next_at:
            note(replace(known, next_at=soon))


def _put_off(
    notes: Mapping[Key, Due], note: _Note, work: Work, held_posts: Mapping[str, HeldPost], now: datetime
) -> None:
    """What came back unreadable, or too old to be kept, is not asked for again and again until it goes."""
    for known in work.posts:
        one = held_posts.get(known.server_post_id)
        due = notes.get((one.post_id, work.server, "refresh")) if one is not None else None
        if due is not None and due.next_at <= now:
            note(replace(due, next_at=now + _PUT_OFF_FOR, last_at=now))


def _read_threads(
    notes: Mapping[Key, Due], note: _Note, work: Work, held_posts: Mapping[str, HeldPost], now: datetime
) -> None:
    for known in work.posts:
        if known.server_post_id not in held_posts:
            continue
        due = notes.get((held_posts[known.server_post_id].post_id, work.server, "thread"))
        if due is not None:
            every = thread_interval(now - due.created_at, is_open=False)
            next_at = now + every if every else _NEVER
            note(replace(due, next_at=next_at, last_at=now, missed_count=0, missed_at=None))


def after_missing(
    state: CycleState, work: Work, batch: Batch, held_posts: Mapping[str, HeldPost], now: datetime
) -> None:
    """Posts the server says are not there: look again; those it says so of twice, an hour apart, are deleted."""
    for name in (*batch.missing, *batch.refused):
        due = state.notes.get((held_posts[name].post_id, work.server, work.kind)) if name in held_posts else None
        if due is None:
            continue
        if name in batch.refused:
            state.note(replace(due, next_at=now + _REFUSED_FOR, last_at=now))
            continue
        again, is_gone = after_miss(due, now)
        state.note(replace(again, next_at=_NEVER) if is_gone else again)
        if is_gone:
            state.gone.add(due.post_id)


def after_withdrawal(state: CycleState, batch: Batch, held_posts: Mapping[str, HeldPost]) -> None:
    """Held posts that the server itself says are not public any more go at once: that is no miss, it is an answer."""
    state.gone |= {held_posts[name].post_id for name in batch.withdrawn if name in held_posts}


def after_failure(state: CycleState, work: Work, held_posts: Mapping[str, HeldPost], retry_at: datetime) -> None:
    """Work about held posts that failed is tried again later."""
    for known in work.posts:
        one = held_posts.get(known.server_post_id)
        due = state.notes.get((one.post_id, work.server, work.kind)) if one is not None else None
        if due is not None:
            state.note(replace(due, next_at=retry_at))


def booster_reach(
    state: CycleState,
    batch: Batch,
    work: Work,
    held_posts: Mapping[str, HeldPost],
    now: datetime,
    last_stored: Callable[[HeldPost], Observation | None],
) -> Rows:
    """The sum of the boosters' followers, beside the post's last counts. Who they are is not kept."""
    out = Rows()
    if work.kind != "boosters":
        return out
    for known in work.posts:
        one = held_posts.get(known.server_post_id)
        if one is None:
            continue
        read = (row for row in reversed(state.out.observations) if row.post_id == one.post_id)
        last = next((row for row in read if row.server == work.server), None)
        last = last or last_stored(one)
        if last is None:
            continue
        counts = [seen.followers_count for seen in batch.interactions if seen.server_post_id == known.server_post_id]
        known_counts = [count for count in counts if count is not None]
        out.observations.append(
            replace(
                last,
                observed_at=now,
                boosters_followers_count=sum(known_counts) if known_counts or not counts else None,
                is_boosters_partial=batch.is_interactions_partial or len(known_counts) < len(counts),
            )
        )
    return out


def _first(
    work: Work,
    post: SeenPost,
    post_id: UUID,
    kind: str,
    next_at: datetime,
    now: datetime,
    total: int | None = None,
    replies: int | None = None,
) -> Due:
    return Due(
        post_id=post_id,
        group_id=work.group_id,
        network=post.network,
        server=post.server,
        server_post_id=post.server_post_id,
        kind=kind,
        created_at=post.created_at,
        next_at=next_at,
        last_at=now if kind == "refresh" else None,
        unchanged_count=0,
        moved_up_at=None,
        missed_count=0,
        missed_at=None,
        counts_total=total,
        replies_count=replies,
    )
