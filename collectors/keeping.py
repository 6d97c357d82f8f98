"""From what was fetched to what is stored: gate, normalise, store, prepare, and the notes for the next cycle.

Everything here runs inside the cycle's one transaction per turn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from duckdb import DuckDBPyConnection

from collectors import follow_up, gate, normalise
from collectors.plan import after_failure, after_feed
from collectors.seen import Batch, FetchFailed, Network, Work
from warehouse import agenda, prepare, rows
from warehouse.retain import delete_posts
from warehouse.store import Rows, Touched, store

if TYPE_CHECKING:
    from collectors.cycle import Collecting, Fetched, Outcome
    from warehouse.settings import Group

_PARENTS_WITHIN = timedelta(days=60)  # how much older than a batch the posts it answers are looked for
_CLOSED_FOR = timedelta(hours=6)
_BROKEN_FOR = timedelta(minutes=15)
_Place = tuple[str, Network, str]  # group, network, server
_FEEDS = ("profile", "own", "mentions", "hashtag", "topic", "drain")


def settle(con: DuckDBPyConnection, collecting: Collecting, now: datetime) -> Touched:
    """Bring groups, teams and people's decisions into the warehouse before anything is read."""
    key, out = collecting.key, Rows()
    for group in collecting.settings.groups:
        out.groups.append(rows.Group(group.id, group.name, group.timezone, group.promise_hours, None))
        own, team = _own_keys(collecting, group), _team_keys(collecting, group)
        for role, keys in (("group", own), ("team", team)):
            out.group_accounts.extend(
                rows.GroupAccount(group.id, normalise.account_id(key, network, one), network, role)
                for network, one in keys
            )
    out.accounts.extend(
        normalise.account(seen, normalise.account_id(key, seen.network, seen.key), True, now)
        for seen in collecting.resolved
    )
    collecting.resolved.clear()
    out.decisions.extend(collecting.casebook.decisions(now))
    touched = store(con, out)
    _prepare(con, touched, now)
    return touched


@dataclass(slots=True)
class Turn:
    """One turn of a cycle: everything is judged in memory first, then stored at once.

    DuckDB charges by the statement, so what the warehouse holds is asked for once a turn; what one piece of work brings
    is laid over it for the next (a reply is judged after the post that it answers).
    """

    out: Rows = field(default_factory=Rows)
    held: dict[_Place, dict[str, agenda.HeldPost]] = field(default_factory=dict)
    notes: dict[follow_up.Key, rows.Due] = field(default_factory=dict)
    gone: set[UUID] = field(default_factory=set)


def keep(
    con: DuckDBPyConnection, collecting: Collecting, fetched: list[Fetched], outcome: Outcome, now: datetime
) -> Touched:
    """Store everything that was fetched in this turn."""
    if not fetched:
        return Touched()
    sources = agenda.sources(con)
    refused = agenda.refused(con)
    turn = Turn(held=_held(con, fetched))
    turn.notes = agenda.due_of(con, *_noted(turn, now))
    for one in fetched:
        known = sources.get(one.work.source_id)
        if one.batch is None:
            assert one.failure is not None  # noqa: S101 Fetched carries one or the other
            out = _failed(con, turn, one, one.failure, known, now)
            if one.failure.kind != "closed":  # a closed door is said once, among the capabilities
                outcome.failures.append(f"{one.work.source_id}: {one.failure.reason}")
        else:
            out = _kept(con, collecting, turn, one, one.batch, known, refused, now)
            outcome.posts_count += len(out.posts)
        out.coverage.append(_coverage(one, outcome, out))
        turn.out.extend(out)
    touched = store(con, turn.out)
    if turn.gone:
        touched.update(delete_posts(con, turn.gone, now))
    _prepare(con, touched, now)
    read = {
        held.root_id
        for one in fetched
        if one.work.kind == "thread"
        for known_post in one.work.posts
        if (held := turn.held[_place(one.work)].get(known_post.server_post_id)) is not None
    }
    follow_up.threads(con, touched.roots | read, now)
    return touched


def record_cycle(con: DuckDBPyConnection, outcome: Outcome, started_at: datetime, now: datetime) -> None:
    """One row per cycle; and from the first one on, a group counts as collected."""
    store(
        con,
        Rows(
            cycles=[
                rows.Cycle(
                    outcome.run_id, started_at, now, outcome.works_count, outcome.posts_count, outcome.is_changed
                )
            ]
        ),
    )
    con.execute(
        "update stored.groups set collecting_since_at = $now where collecting_since_at is null"
        " and group_id in (select group_id from stored.coverage where is_complete)",
        {"now": now.replace(tzinfo=None)},
    )


def _prepare(con: DuckDBPyConnection, touched: Touched, now: datetime) -> None:
    """Once a turn, for all that was stored in it; nothing changed, nothing to do."""
    if touched.posts or touched.roots or touched.group_days:
        prepare.prepare(con, touched, now)


def _kept(
    con: DuckDBPyConnection,
    collecting: Collecting,
    turn: Turn,
    one: Fetched,
    batch: Batch,
    source: rows.Source | None,
    refused: agenda.Refused,
    now: datetime,
) -> Rows:
    work, key = one.work, collecting.key
    group = _group(collecting, work.group_id)
    out = Rows()
    if work.kind == "topic":
        out.extend(_topic(con, batch, work, group, key, now))
    else:
        out.extend(_posts(con, collecting, turn, batch, work, group, refused, now))
    if batch.account is not None:
        out.extend(_profile(batch, work, key, now))
    out.extend(normalise.quarantine(batch.quarantined, work.source_id, key=key, now=now))
    out.capabilities.extend(
        rows.Capability(seen.network, seen.server, seen.capability, seen.state, seen.reason, seen.cure, now)
        for seen in batch.capabilities
    )
    if work.kind in _FEEDS:
        poll = timedelta(seconds=collecting.settings.poll_seconds)
        out.sources.append(
            after_feed(work, source, is_complete=batch.is_complete, cursor=batch.cursor, now=now, poll=poll)
        )
    return out


def _posts(
    con: DuckDBPyConnection,
    collecting: Collecting,
    turn: Turn,
    batch: Batch,
    work: Work,
    group: Group,
    refused: agenda.Refused,
    now: datetime,
) -> Rows:
    key = collecting.key
    own = frozenset(one for network, one in _own_keys(collecting, group) if network == work.network)
    team = frozenset(one for network, one in _team_keys(collecting, group) if network == work.network)
    oldest_kept = now - timedelta(days=group.retention_days)
    seen = [post for post in batch.posts if post.author.key in own or post.created_at >= oldest_kept]
    held = turn.held[_place(work)]
    known = {name: gate.Held(one.post_id, one.root_id, one.is_own, one.parent_id) for name, one in held.items()}
    ids = {post.author.key: normalise.account_id(key, work.network, post.author.key) for post in seen}
    scope = gate.Scope(
        group_id=group.id,
        own_keys=own,
        team_keys=team,
        hashtags=frozenset(tag.lower() for tag in group.hashtags),
        opted_out_keys=frozenset(name for name, this in ids.items() if this in refused.opted_out),
        erased_keys=frozenset(name for name, this in ids.items() if this in refused.erased),
    )
    anchor = work.posts[0].server_post_id if work.kind == "thread" and work.posts else None
    quoted = {
        post.quoted_uri: normalise.post_id(key, work.network, post.quoted_uri) for post in seen if post.quoted_uri
    }
    own_quoted = agenda.own_posts(con, group.id, quoted.values()) if quoted else set()
    passed, dropped = gate.judge(
        seen, scope, known, anchor=anchor, own_uris=[uri for uri, this in quoted.items() if this in own_quoted]
    )
    passed = [one for one in passed if normalise.post_id(key, work.network, one.post.uri) not in refused.erased]
    batch.private_count += dropped + len(batch.posts) - len(seen)
    out = normalise.posts(
        passed, known, key=key, group_id=group.id, zone=ZoneInfo(group.timezone), team_keys=own | team, now=now
    )
    kept = {row.post_id: row for row in out.posts}
    for one in passed:
        row = kept[normalise.post_id(key, work.network, one.post.uri)]
        name, before = one.post.server_post_id, held.get(one.post.server_post_id)
        is_own = "own" in one.why or (before is not None and before.is_own)
        held[name] = agenda.HeldPost(name, row.post_id, row.root_id, row.parent_id, row.created_at, is_own)
    out.extend(normalise.threads(batch, work, held, now))
    out.extend(normalise.interactions(batch, work, known, key=key, now=now))
    out.extend(follow_up.boosters_followers(con, batch, work, held, now))
    out.due.extend(follow_up.after_reading(turn.notes, work, passed, out, held, group, now))
    dues, gone = follow_up.after_missing(turn.notes, work, batch, held, now)
    out.due.extend(dues)
    turn.gone |= gone
    return out


def _place(work: Work) -> _Place:
    return work.group_id, work.network, work.server


def _held(con: DuckDBPyConnection, fetched: list[Fetched]) -> dict[_Place, dict[str, agenda.HeldPost]]:
    """What the warehouse holds of the posts that were read, asked about, or answered: one question per group and server."""
    wanted: dict[_Place, set[str]] = {}
    oldest: dict[_Place, datetime] = {}
    for one in fetched:
        place = _place(one.work)
        posts = one.batch.posts if one.batch is not None and one.work.kind != "topic" else []
        names = wanted.setdefault(place, set())
        names |= {known.server_post_id for known in one.work.posts} | {post.server_post_id for post in posts}
        names |= {post.parent_server_post_id for post in posts if post.parent_server_post_id}
        times = [known.created_at for known in one.work.posts] + [post.created_at for post in posts]
        oldest[place] = min([*times, oldest.get(place, one.finished_at)])
    return {
        place: agenda.held(con, *place, names, oldest[place] - _PARENTS_WITHIN) if names else {}
        for place, names in wanted.items()
    }


def _noted(turn: Turn, now: datetime) -> tuple[set[UUID], datetime]:
    """Of which posts the notes are wanted, and how old they can be."""
    held = [one for place in turn.held.values() for one in place.values()]
    oldest = min((one.created_at for one in held), default=now)
    return {one.post_id for one in held} | {one.root_id for one in held}, oldest - _PARENTS_WITHIN


def _topic(con: DuckDBPyConnection, batch: Batch, work: Work, group: Group, key: bytes, now: datetime) -> Rows:
    """A topic tag: how many posts, nothing about any of them. The keyed hash only guards against counting twice."""
    out = Rows()
    keyed = {normalise.post_id(key, work.network, post.uri): post for post in batch.posts}
    fresh = {this: post for this, post in keyed.items() if now - post.created_at < timedelta(days=8)}
    seen = agenda.topic_seen(con, group.id, work.target, fresh)
    zone = ZoneInfo(group.timezone)
    for this, post in fresh.items():
        if this not in seen:
            out.topic_seen.append(rows.TopicSeen(group.id, work.target, this, now))
            local_date = post.created_at.astimezone(zone).date()
            out.topic_counts.append(rows.TopicCount(group.id, work.target, work.server, local_date, 1))
    return out


def _profile(batch: Batch, work: Work, key: bytes, now: datetime) -> Rows:
    seen = batch.account
    assert seen is not None  # noqa: S101 the caller asked
    this = normalise.account_id(key, seen.network, seen.key)
    snapshot = rows.AccountSnapshot(
        work.group_id, this, seen.network, now, seen.followers_count, seen.following_count, seen.posts_count
    )
    return Rows(accounts=[normalise.account(seen, this, True, now)], account_snapshots=[snapshot])


def _failed(
    con: DuckDBPyConnection, turn: Turn, one: Fetched, failure: FetchFailed, source: rows.Source | None, now: datetime
) -> Rows:
    work, out = one.work, Rows()
    retry_at = failure.retry_at or now + (_CLOSED_FOR if failure.kind == "closed" else _BROKEN_FOR)
    if work.kind in _FEEDS:
        out.sources.append(after_failure(work, source, retry_at, now))
    else:
        held = turn.held[_place(work)]
        out.due.extend(follow_up.after_failure(turn.notes, work, held, retry_at))
        if work.kind == "thread" and failure.kind != "limited":
            for known in work.posts:
                if known.server_post_id in held:
                    agenda.thread_failed(con, held[known.server_post_id].root_id, work.server, failure.reason, now)
    if failure.kind == "closed" and failure.capability:
        out.capabilities.append(
            rows.Capability(work.network, work.server, failure.capability, "closed", failure.reason, failure.cure, now)
        )
    return out


def _coverage(one: Fetched, outcome: Outcome, out: Rows) -> rows.Coverage:
    """What the run has seen of this source so far: one source can be several pieces of work in a run."""
    work, batch = one.work, one.batch or Batch(is_complete=False)
    before = outcome.coverage.get(work.source_id)
    reason = one.failure.reason if one.failure else batch.reason
    row = rows.Coverage(
        run_id=outcome.run_id,
        source_id=work.source_id,
        group_id=work.group_id,
        network=work.network,
        server=work.server,
        kind=work.kind,
        started_at=before.started_at if before else one.started_at,
        finished_at=one.finished_at,
        from_at=_outer(min, batch.from_at, before.from_at if before else None),
        to_at=_outer(max, batch.to_at, before.to_at if before else None),
        pages_count=batch.pages_count + (before.pages_count if before else 0),
        items_count=batch.items_count + (before.items_count if before else 0),
        dropped_count=batch.private_count + (before.dropped_count if before else 0),
        quarantined_count=len(out.quarantine) + (before.quarantined_count if before else 0),
        is_complete=one.failure is None and batch.is_complete and _was_complete(before, work),
        reason=reason or (before.reason if before and not _was_complete(before, work) else None),
    )
    outcome.coverage[work.source_id] = row
    return row


def _outer(choose: Callable[..., datetime], one: datetime | None, other: datetime | None) -> datetime | None:
    told = [at for at in (one, other) if at is not None]
    return choose(told) if told else None


def _was_complete(before: rows.Coverage | None, work: Work) -> bool:
    """Of a feed only its last run counts (a back-fill that went on is not a gap); of posts, every piece."""
    return before is None or before.is_complete or work.kind in _FEEDS


def _group(collecting: Collecting, group_id: str) -> Group:
    return next(group for group in collecting.settings.groups if group.id == group_id)


def _own_keys(collecting: Collecting, group: Group) -> list[tuple[str, str]]:
    return _mastodon_keys(group.mastodon) + _dids(collecting, group.bluesky)


def _team_keys(collecting: Collecting, group: Group) -> list[tuple[str, str]]:
    """Team handles with an @ in the middle are Mastodon addresses, others Bluesky handles."""
    mastodon = tuple(one for one in group.team if "@" in one.lstrip("@"))
    bluesky = tuple(one for one in group.team if "@" not in one.lstrip("@"))
    return _mastodon_keys(mastodon) + _dids(collecting, bluesky)


def _mastodon_keys(handles: tuple[str, ...]) -> list[tuple[str, str]]:
    return [("mastodon", handle.lstrip("@").lower()) for handle in handles]


def _dids(collecting: Collecting, handles: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        ("bluesky", collecting.dids[handle.lstrip("@")]) for handle in handles if handle.lstrip("@") in collecting.dids
    ]
