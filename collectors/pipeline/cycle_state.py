"""What a cycle knows and has found so far: judged in state, stored at the end at once.

DuckDB charges by the statement, so what the warehouse holds is asked for once a turn, and what one piece of work brings is
laid over it for the next: a reply is judged after the post that it answers, and a thread that a new request makes due is
read in the same cycle.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from duckdb import DuckDBPyConnection

from collectors.fetch_types import KNOWN_FOR, Network, Work
from collectors.pipeline.planner import State
from collectors.pipeline.refresh_schedule import OPEN_FOR
from warehouse.ingest.store import Rows
from warehouse.storage import collector_state
from warehouse.storage.collector_state import HeldPost, Refused
from warehouse.storage.rows import Coverage, Due, Observation, Post, Source

Place = tuple[str, Network, str]  # group, network, server
Key = tuple[UUID, str, str]  # post, server, kind
_PARENTS_WITHIN = timedelta(days=60)  # how much older than a batch the posts it answers are looked for


def server_of(work: Work) -> Place:
    """Where a piece of work looks."""
    return work.group_id, work.network, work.server


@dataclass(slots=True)
class CycleState:
    """One cycle's state. `changed` and the like say what of it must be written down."""

    refused: Refused
    heads: Mapping[str, frozenset[str]]
    sources: dict[str, Source]
    notes: dict[Key, Due]
    uris: dict[str, str]
    said_no: set[UUID] = field(default_factory=set)  # of the past, and of this cycle
    held: dict[Place, dict[str, HeldPost]] = field(default_factory=dict)
    out: Rows = field(default_factory=Rows)
    coverage: dict[str, Coverage] = field(default_factory=dict)  # source_id → what this cycle saw of it so far
    changed_notes: set[Key] = field(default_factory=set)
    changed_sources: set[str] = field(default_factory=set)
    gone: set[UUID] = field(default_factory=set)
    open_roots: set[UUID] = field(default_factory=set)  # of the due threads, those in which somebody waits
    mentions: dict[UUID, frozenset[UUID]] = field(default_factory=dict)  # post → whom its words name
    withheld: set[UUID] = field(default_factory=set)  # posts that their authors do not show to everybody
    read_roots: set[UUID] = field(default_factory=set)
    unread_roots: list[tuple[UUID, str, str]] = field(default_factory=list)  # root, server, why it could not be read

    def plan_state(self, now: datetime) -> State:
        """What the plan depends on."""
        due = tuple(note for note in self.notes.values() if note.next_at <= now)
        return State(self.sources, due, self.heads, self.uris, frozenset(self.open_roots))

    def note(self, due: Due) -> None:
        """Change when a post is looked at again."""
        key = (due.post_id, due.server, due.kind)
        self.notes[key] = due
        self.changed_notes.add(key)

    def settle_source(self, source: Source) -> None:
        """Change where a feed stands."""
        self.sources[source.source_id] = source
        self.changed_sources.add(source.source_id)

    def rows(self) -> Rows:
        """Everything to be stored. A post read several times in the cycle is stored as it was read last."""
        out = replace(self.out)
        posts: dict[UUID, Post] = {row.post_id: row for row in self.out.posts}
        readings: dict[tuple[UUID, str], Observation] = {}
        for row in self.out.observations:
            before = readings.get((row.post_id, row.server))
            readings[row.post_id, row.server] = row if before is None else _both(before, row)
        out.posts, out.observations = list(posts.values()), list(readings.values())
        out.due = [self.notes[key] for key in sorted(self.changed_notes, key=_in_order)]
        out.sources = [self.sources[source_id] for source_id in sorted(self.changed_sources)]
        out.coverage = list(self.coverage.values())
        return out


def _in_order(key: Key) -> tuple[int, str, str]:
    post_id, server, kind = key
    return post_id.int, server, kind


def load_state(con: DuckDBPyConnection, now: datetime) -> CycleState:
    """What the warehouse knows at the start of a cycle."""
    due = collector_state.load_due(con, now)
    oldest = min((one.created_at for one in due), default=now)
    threads = [one.post_id for one in due if one.kind == "thread"]
    refused = collector_state.load_refused(con)
    return CycleState(
        refused=refused,
        said_no=set(refused.said_no),
        heads=collector_state.load_heads(con, now - KNOWN_FOR),
        sources=collector_state.load_sources(con),
        notes={(one.post_id, one.server, one.kind): one for one in due},
        uris=collector_state.load_uris(con, [one.post_id for one in due], oldest),
        open_roots=set(collector_state.load_open_roots(con, threads, now - OPEN_FOR)) if threads else set(),
    )


@dataclass(frozen=True, slots=True)
class NamedPosts:
    """The posts that a piece of work names: as the server names them (parents included), when they were written, keyed."""

    work: Work
    names: list[str]
    times: list[datetime]
    ids: list[UUID]


def load_held_posts(con: DuckDBPyConnection, state: CycleState, named: Iterable[NamedPosts]) -> None:
    """Learn what the warehouse holds of these posts, and when they are to be looked at again: one question per server."""
    wanted: dict[Place, set[str]] = {}
    oldest: dict[Place, datetime] = {}
    ids: set[UUID] = set()
    for one in named:
        place = server_of(one.work)
        wanted.setdefault(place, set()).update(one.names)
        ids.update(one.ids)
        if one.times:
            oldest[place] = min([*one.times, oldest.get(place, one.times[0])])
    for place, since in oldest.items():
        known = state.held.setdefault(place, {})
        found = collector_state.find_held_posts(con, *place, wanted[place] - set(known), since - _PARENTS_WITHIN)
        known.update(found)
        ids.update(held.post_id for held in found.values())
        ids.update(held.root_id for held in found.values())
    for place in wanted:
        state.held.setdefault(place, {})
    if ids:
        for key, due in collector_state.due_of_posts(con, ids, min(oldest.values()) - _PARENTS_WITHIN).items():
            state.notes.setdefault(key, due)


def _both(before: Observation, after: Observation) -> Observation:
    if after.boosters_followers_count is not None or before.boosters_followers_count is None:
        return after
    return replace(
        after,
        boosters_followers_count=before.boosters_followers_count,
        is_boosters_partial=before.is_boosters_partial,
    )
