"""One frozen dataclass per stored table: the only shape in which rows reach the warehouse.

A class's fields are the table's columns, in order (tests/warehouse/storage/test_rows.py compares them with the migrations).
Times are aware UTC datetimes here and naive UTC TIMESTAMPs in DuckDB; `columns.py` converts.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Group:
    """Grain: group. Mirrored from mutuals.toml at every cycle, so that the models know zones and promises."""

    table: ClassVar[str] = "stored.groups"

    group_id: str
    name: str
    timezone: str
    promise_hours: int
    collecting_since_at: datetime | None


@dataclass(frozen=True, slots=True)
class GroupAccount:
    """Grain: group × account. role is 'group' (the group's own account) or 'team' (answers from it count as the group's)."""

    table: ClassVar[str] = "stored.group_accounts"

    group_id: str
    account_id: UUID
    network: str
    role: str


@dataclass(frozen=True, slots=True)
class Account:
    """Grain: account. The one table that holds handles and account addresses."""

    table: ClassVar[str] = "stored.accounts"

    account_id: UUID
    network: str
    handle: str | None
    address: str | None
    is_bot: bool
    is_refusing: bool
    is_agreeing: bool
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class FirstContact:
    """Grain: group × account: the keyed date of first contact, kept when text has gone."""

    table: ClassVar[str] = "stored.first_contacts"

    group_id: str
    account_id: UUID
    post_id: UUID
    contacted_at: datetime


@dataclass(frozen=True, slots=True)
class AccountSnapshot:
    """Grain: group's own account × reading. Null followers: hidden."""

    table: ClassVar[str] = "stored.account_snapshots"

    group_id: str
    account_id: UUID
    network: str
    observed_at: datetime
    followers_count: int | None
    following_count: int | None
    posts_count: int | None


@dataclass(frozen=True, slots=True)
class Post:
    """Grain: post."""

    table: ClassVar[str] = "stored.posts"

    post_id: UUID
    network: str
    author_id: UUID
    created_at: datetime
    indexed_at: datetime | None
    first_seen_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    verified_at: datetime
    language: str | None
    is_reply: bool
    parent_id: UUID | None
    root_id: UUID
    quoted_id: UUID | None
    has_content_warning: bool
    has_poll: bool
    media_count: int
    alt_text_count: int
    is_link_only: bool
    is_hidden: bool
    is_imported: bool


@dataclass(frozen=True, slots=True)
class PostText:
    """Grain: post. What retention and erasure remove first."""

    table: ClassVar[str] = "stored.post_texts"

    post_id: UUID
    created_at: datetime
    text: str
    content_warning: str | None


@dataclass(frozen=True, slots=True)
class PostAddress:
    """Grain: post × server. uri is null where it would show the handle of somebody who prefers not to be copied."""

    table: ClassVar[str] = "stored.post_addresses"

    post_id: UUID
    created_at: datetime
    network: str
    server: str
    server_post_id: str
    uri: str | None
    link: str | None


@dataclass(frozen=True, slots=True)
class PostTag:
    """Grain: post × tag (lower case). Of posts in scope only."""

    table: ClassVar[str] = "stored.post_tags"

    post_id: UUID
    created_at: datetime
    tag: str


@dataclass(frozen=True, slots=True)
class PostScope:
    """Grain: post × group × why: own, reply, mention, quote, hashtag, thread."""

    table: ClassVar[str] = "stored.post_scope"

    group_id: str
    post_id: UUID
    why: str
    created_at: datetime
    local_date: date
    local_hour: int
    local_weekday: int


@dataclass(frozen=True, slots=True)
class Observation:
    """Grain: post × server × reading. Appended when a count changed, plus a daily heartbeat."""

    table: ClassVar[str] = "stored.observations"

    post_id: UUID
    server: str
    observed_at: datetime
    replies_count: int
    boosts_count: int
    likes_count: int
    quotes_count: int | None
    boosters_followers_count: int | None
    is_boosters_partial: bool


@dataclass(frozen=True, slots=True)
class Interaction:
    """Grain: post × keyed account × kind (boost, quote, reply). Never likes. For distinct counts only."""

    table: ClassVar[str] = "stored.interactions"

    post_id: UUID
    account_id: UUID
    kind: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """Grain: post. What the rules said of its text, decided in memory before storing."""

    table: ClassVar[str] = "stored.verdicts"

    post_id: UUID
    created_at: datetime
    detector_version: str
    language: str | None
    is_checked: bool
    score: float
    is_queue: bool
    is_count: bool
    is_thanks: bool
    rule_ids: tuple[str, ...]
    support_asked: str | None
    support_given: str | None


@dataclass(frozen=True, slots=True)
class ThreadRead:
    """Grain: post × server: did we read the whole thread below it, and when?"""

    table: ClassVar[str] = "stored.thread_reads"

    post_id: UUID
    root_id: UUID
    created_at: datetime
    server: str
    attempted_at: datetime
    is_ok: bool
    reason: str | None
    read_at: datetime | None
    replies_reported: int | None
    replies_fetched: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """Grain: post × server × kind (refresh, thread, boosters, quotes): when to look again."""

    table: ClassVar[str] = "stored.due"

    post_id: UUID
    group_id: str
    network: str
    server: str
    server_post_id: str
    kind: str
    created_at: datetime
    next_at: datetime
    last_at: datetime | None
    unchanged_count: int
    moved_up_at: datetime | None
    missed_count: int
    missed_at: datetime | None
    counts_total: int | None = None
    replies_count: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Grain: source (group × network × server × feed): where collecting stands."""

    table: ClassVar[str] = "stored.sources"

    source_id: str
    group_id: str
    network: str
    server: str
    kind: str
    target: str
    next_at: datetime
    last_ok_at: datetime | None
    failures_count: int
    is_backfilled: bool
    cursor: str | None
    overlap_day_at: datetime | None
    overlap_week_at: datetime | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Grain: source × run: what we saw, and what we did not."""

    table: ClassVar[str] = "stored.coverage"

    run_id: str
    source_id: str
    group_id: str
    network: str
    server: str
    kind: str
    started_at: datetime
    finished_at: datetime
    from_at: datetime | None
    to_at: datetime | None
    pages_count: int
    items_count: int
    dropped_count: int
    quarantined_count: int
    is_complete: bool
    reason: str | None
    bytes_count: int | None = None  # of a drain: what went over the line; None: not counted
    kept_count: int | None = None  # posts that passed the gate


@dataclass(frozen=True, slots=True)
class Capability:
    """Grain: server × capability. state: open, closed, needs token, unknown."""

    table: ClassVar[str] = "stored.capabilities"

    network: str
    server: str
    capability: str
    state: str
    reason: str | None
    cure: str | None
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Grain: item that could not be read. A keyed hash of its id and a reason, never its text."""

    table: ClassVar[str] = "stored.quarantine"

    source_id: str
    item_key: UUID
    reason: str
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class TopicCount:
    """Grain: group × topic tag × server × local date: counts only."""

    table: ClassVar[str] = "stored.topic_counts"

    group_id: str
    tag: str
    server: str
    local_date: date
    posts_count: int


@dataclass(frozen=True, slots=True)
class TopicSeen:
    """Grain: topic tag × post, keyed, for 8 days: so that a post is not counted twice."""

    table: ClassVar[str] = "stored.topic_seen"

    group_id: str
    tag: str
    post_key: UUID
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """Grain: group × request: the casebook's current state, replaced at every cycle."""

    table: ClassVar[str] = "stored.decisions"

    group_id: str
    post_id: UUID
    is_request: bool | None
    support_asked: str | None
    outcome: str | None
    outcome_at: datetime | None
    outcome_reason: str | None
    claimed_by: str | None
    claimed_at: datetime | None
    snoozed_until_at: datetime | None
    changed_at: datetime
    claimed_until_at: datetime | None = None  # a claim lapses by itself
    snoozed_at: datetime | None = None
    looked_after_at: datetime | None = None  # somebody asked how they are now, wherever
    flag: str | None = None  # of an answer: 'misleading', 'hostile', 'needs a signpost'


@dataclass(frozen=True, slots=True)
class Import:
    """Grain: import: a file of numbers that a group brought."""

    table: ClassVar[str] = "stored.imports"

    import_id: str
    group_id: str
    file_key: UUID
    imported_at: datetime
    lines_count: int


@dataclass(frozen=True, slots=True)
class ImportedCount:
    """Grain: import × place × what × item: counts from a place without an API."""

    table: ClassVar[str] = "stored.imported_counts"

    import_id: str
    group_id: str
    place: str
    what: str  # 'post' or 'tally'
    local_date: date
    item_key: UUID
    likes_count: int | None = None
    boosts_count: int | None = None
    replies_count: int | None = None
    followers_count: int | None = None
    asks_count: int | None = None
    answered_count: int | None = None


@dataclass(frozen=True, slots=True)
class OptOut:
    """Grain: keyed account: so that what was refused is not collected again."""

    table: ClassVar[str] = "stored.opt_outs"

    account_id: UUID
    opted_out_at: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    """Grain: keyed account, post, or name of an account: so that what was erased is not collected again."""

    table: ClassVar[str] = "stored.erased"

    keyed_id: UUID
    kind: str
    erased_at: datetime


@dataclass(frozen=True, slots=True)
class Duty:
    """Grain: duty (duties.py). When it was last done, and how many it removed or checked."""

    table: ClassVar[str] = "stored.duties"

    duty: str
    done_at: datetime
    removed_count: int | None


@dataclass(frozen=True, slots=True)
class Cycle:
    """Grain: cycle. Written with everything else in the cycle's one transaction."""

    table: ClassVar[str] = "stored.cycles"

    run_id: str
    started_at: datetime
    stored_at: datetime
    works_count: int
    posts_count: int
    is_changed: bool
