"""From what was fetched to rows in state: gate, normalise, and the notes of when to look again. Nothing is stored here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from duckdb import DuckDBPyConnection

from collectors import text_folding
from collectors.fetch_types import Batch, FetchFailed, SeenPost, Work
from collectors.gate import consent, group_accounts, keyed_rows
from collectors.pipeline import revisits
from collectors.pipeline.context import Collector, Fetched, Outcome
from collectors.pipeline.cycle_state import CycleState, server_of
from collectors.pipeline.planner import after_failure, after_feed
from warehouse.ingest.store import Rows
from warehouse.settings import Group
from warehouse.storage import collector_state, rows
from warehouse.storage.collector_state import HeldPost

_CLOSED_FOR = timedelta(hours=6)
_BROKEN_FOR = timedelta(minutes=15)
_FEEDS = ("profile", "own", "mentions", "hashtag", "topic", "drain")


def evaluate_batches(
    con: DuckDBPyConnection,
    collector: Collector,
    state: CycleState,
    fetched: list[Fetched],
    outcome: Outcome,
    now: datetime,
) -> None:
    """Judge what a turn brought and lay it into the state. `con` is only read from."""
    for one in fetched:
        quarantined = kept = 0
        if one.batch is None:
            assert one.failure is not None  # noqa: S101 Fetched carries one or the other
            _failed(state, one, one.failure, now)
            if one.failure.kind != "closed":  # a closed door is said once, among the capabilities
                outcome.failures.append(f"{one.work.source_id}: {one.failure.reason}")
        else:
            out = _kept(con, collector, state, one.work, one.batch, now)
            kept = len(out.posts)
            outcome.posts_count += kept
            quarantined = len(out.quarantine)
            state.out.extend(out)
        state.coverage[one.work.source_id] = _coverage(one, state, outcome.run_id, quarantined, kept)


def _kept(
    con: DuckDBPyConnection, collector: Collector, state: CycleState, work: Work, batch: Batch, now: datetime
) -> Rows:
    key = collector.key
    group = _group(collector, work.group_id)
    out = Rows()
    if work.kind == "topic":
        out.extend(_topic(con, batch, work, group, key, now))
    else:
        out.extend(_posts(con, collector, state, batch, work, group, now))
    if batch.account is not None:
        out.extend(_profile(batch, work, key, now))
    out.extend(keyed_rows.quarantine_rows(batch.quarantined, work.source_id, key=key, now=now))
    out.capabilities.extend(
        rows.Capability(seen.network, seen.server, seen.capability, seen.state, seen.reason, seen.cure, now)
        for seen in batch.capabilities
    )
    if work.kind in _FEEDS:
        poll = timedelta(seconds=collector.settings.poll_seconds)
        source = state.sources.get(work.source_id)
        state.settle_source(
            after_feed(
                work,
                source,
                is_complete=batch.is_complete,
                cursor=batch.cursor,
                now=now,
                poll=poll,
                retry_at=_retry_at(batch.stopped_by, now) if batch.stopped_by else None,
            )
        )
    return out


def _posts(
    con: DuckDBPyConnection,
    collector: Collector,
    state: CycleState,
    batch: Batch,
    work: Work,
    group: Group,
    now: datetime,
) -> Rows:
    key = collector.key
    own = frozenset(
        one for network, one in group_accounts.own_account_keys(group, collector.dids) if network == work.network
    )
    team = frozenset(
        one for network, one in group_accounts.team_account_keys(group, collector.dids) if network == work.network
    )
    oldest_kept = now - timedelta(days=group.retention_days)
    seen = [post for post in batch.posts if post.author.key in own or post.created_at >= oldest_kept]
    held_posts = state.held[server_of(work)]
    ids = {post.author.key: keyed_rows.account_id(key, work.network, post.author.key) for post in seen}
    seen = [_with_an_earlier_no(post, ids[post.author.key], state) for post in seen]
    scope = consent.Scope(
        group_id=group.id,
        own_keys=own,
        team_keys=team,
        hashtags=frozenset(text_folding.fold_tag(one) for one in group.hashtags),
        opted_out_keys=frozenset(name for name, row_id in ids.items() if row_id in state.refused.opted_out),
        erased_keys=frozenset(name for name, row_id in ids.items() if row_id in state.refused.erased),
    )
    anchor = work.posts[0].server_post_id if work.kind == "thread" and work.posts else None
    quoted = {
        post.quoted_uri: keyed_rows.post_id(key, work.network, post.quoted_uri) for post in seen if post.quoted_uri
    }
    own_quoted = collector_state.load_own_posts(con, group.id, quoted.values()) if quoted else set()
    if quoted:
        own_quoted |= {one.post_id for one in held_posts.values() if one.is_own}  # read in this very cycle
    passed, dropped = consent.apply_gate(
        seen, scope, held_posts, anchor=anchor, own_uris=[uri for uri, row_id in quoted.items() if row_id in own_quoted]
    )
    passed = [one for one in passed if keyed_rows.post_id(key, work.network, one.post.uri) not in state.refused.erased]
    batch.private_count += dropped + len(batch.posts) - len(seen)
    out = keyed_rows.post_rows(
        passed, held_posts, key=key, group_id=group.id, zone=ZoneInfo(group.timezone), team_keys=own | team, now=now
    )
    state.withheld |= {
        keyed_rows.post_id(key, work.network, one.post.uri)
        for one in passed
        if one.post.is_refused and "own" not in one.why
    }
    for one in passed:
        if named := one.post.mentioned_keys - own:
            state.mentions[keyed_rows.post_id(key, work.network, one.post.uri)] = frozenset(
                keyed_rows.account_id(key, work.network, name) for name in named
            )
    kept = {row.post_id: row for row in out.posts}
    for one in passed:
        row = kept[keyed_rows.post_id(key, work.network, one.post.uri)]
        name, before = one.post.server_post_id, held_posts.get(one.post.server_post_id)
        is_own = "own" in one.why or (before is not None and before.is_own)
        is_aside = one.why == ("thread",) or (one.why == ("held",) and before is not None and before.is_aside)
        is_tagged = one.why == ("hashtag",) or (one.why == ("held",) and before is not None and before.is_tagged)
        held_posts[name] = collector_state.HeldPost(
            name, row.post_id, row.root_id, row.parent_id, row.created_at, is_own, is_aside, is_tagged
        )
    out.extend(keyed_rows.thread_rows(batch, work, held_posts, now))
    out.extend(keyed_rows.interaction_rows(batch, work, held_posts, key=key, now=now))

    def last_stored(post: HeldPost) -> rows.Observation | None:
        return collector_state.last_observation(con, post.post_id, work.server, post.created_at)

    out.extend(revisits.booster_reach(state, batch, work, held_posts, now, last_stored))
    state.uris.update({row.server_post_id: row.uri for row in out.post_addresses if row.uri})
    revisits.after_reading(state, work, passed, out, held_posts, group, now)
    revisits.after_missing(state, work, batch, held_posts, now)
    revisits.after_withdrawal(state, batch, held_posts)
    if work.kind == "thread":
        state.read_roots |= {
            held_posts[one.server_post_id].root_id for one in work.posts if one.server_post_id in held_posts
        }
    return out


def _with_an_earlier_no(post: SeenPost, author_id: UUID, state: CycleState) -> SeenPost:
    """Only an account's own server says of it that it refuses; that another one is silent takes no refusal back."""
    author = post.author
    if author.is_refusing:
        state.said_no.add(author_id)
    elif not author.is_no_told and author_id in state.said_no:
        return replace(post, author=replace(author, is_refusing=True))
    return post


def _topic(con: DuckDBPyConnection, batch: Batch, work: Work, group: Group, key: bytes, now: datetime) -> Rows:
    """A topic tag: how many posts, nothing about any of them. The keyed hash only guards against counting twice."""
    out = Rows()
    keyed = {keyed_rows.post_id(key, work.network, post.uri): post for post in batch.posts}
    fresh = {row_id: post for row_id, post in keyed.items() if now - post.created_at < timedelta(days=8)}
    seen = collector_state.load_topic_seen(con, group.id, work.target, fresh)
    zone = ZoneInfo(group.timezone)
    for row_id, post in fresh.items():
        if row_id not in seen:
            out.topic_seen.append(rows.TopicSeen(group.id, work.target, row_id, now))
            local_date = post.created_at.astimezone(zone).date()
            out.topic_counts.append(rows.TopicCount(group.id, work.target, work.server, local_date, 1))
    return out


def _profile(batch: Batch, work: Work, key: bytes, now: datetime) -> Rows:
    seen = batch.account
    assert seen is not None  # noqa: S101 the caller asked
    row_id = keyed_rows.account_id(key, seen.network, seen.key)
    snapshot = rows.AccountSnapshot(
        work.group_id, row_id, seen.network, now, seen.followers_count, seen.following_count, seen.posts_count
    )
    return Rows(accounts=[keyed_rows.account_row(seen, row_id, True, now)], account_snapshots=[snapshot])


def _retry_at(failure: FetchFailed, now: datetime) -> datetime:
    return failure.retry_at or now + (_CLOSED_FOR if failure.kind == "closed" else _BROKEN_FOR)


def _failed(state: CycleState, one: Fetched, failure: FetchFailed, now: datetime) -> None:
    work = one.work
    retry_at = _retry_at(failure, now)
    if work.kind in _FEEDS:
        state.settle_source(after_failure(work, state.sources.get(work.source_id), retry_at, now))
    else:
        held_posts = state.held[server_of(work)]
        revisits.after_failure(state, work, held_posts, retry_at)
        if work.kind == "thread" and failure.kind != "limited":
            state.unread_roots += [
                (held_posts[known.server_post_id].root_id, work.server, failure.reason)
                for known in work.posts
                if known.server_post_id in held_posts
            ]
    if failure.kind == "closed" and failure.capability:
        state.out.capabilities.append(
            rows.Capability(work.network, work.server, failure.capability, "closed", failure.reason, failure.cure, now)
        )


def _coverage(one: Fetched, state: CycleState, run_id: str, quarantined: int, kept: int) -> rows.Coverage:
    """What the run has seen of this source so far: one source can be several pieces of work in a run."""
    work, batch = one.work, one.batch or Batch(is_complete=False)
    before = state.coverage.get(work.source_id)
    reason = one.failure.reason if one.failure else batch.reason
    return rows.Coverage(
        run_id=run_id,
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
        quarantined_count=quarantined + (before.quarantined_count if before else 0),
        is_complete=one.failure is None and batch.is_complete and _was_complete(before, work),
        reason=reason or (before.reason if before and not _was_complete(before, work) else None),
        bytes_count=batch.bytes_count + ((before.bytes_count or 0) if before else 0) if work.kind == "drain" else None,
        kept_count=kept + ((before.kept_count or 0) if before else 0),
    )


def _outer(choose: Callable[..., datetime], one: datetime | None, other: datetime | None) -> datetime | None:
    times = [at for at in (one, other) if at is not None]
    return choose(times) if times else None


def _was_complete(before: rows.Coverage | None, work: Work) -> bool:
    """Of a feed only its last run counts (a back-fill that went on is not a gap); of posts, every piece."""
    return before is None or before.is_complete or work.kind in _FEEDS


def _group(collector: Collector, group_id: str) -> Group:
    return next(group for group in collector.settings.groups if group.id == group_id)
