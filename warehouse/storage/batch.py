"""What goes into the warehouse, and what of it changed."""

from dataclasses import dataclass, field, fields
from datetime import date
from uuid import UUID

from warehouse.storage import rows


@dataclass(slots=True)
class Rows:
    """Rows to store, one list per table. The order of the lists says nothing; several rows for one thing are merged."""

    groups: list[rows.Group] = field(default_factory=list)
    group_accounts: list[rows.GroupAccount] = field(default_factory=list)
    accounts: list[rows.Account] = field(default_factory=list)
    first_contacts: list[rows.FirstContact] = field(default_factory=list)
    account_snapshots: list[rows.AccountSnapshot] = field(default_factory=list)
    posts: list[rows.Post] = field(default_factory=list)
    post_texts: list[rows.PostText] = field(default_factory=list)
    post_addresses: list[rows.PostAddress] = field(default_factory=list)
    post_tags: list[rows.PostTag] = field(default_factory=list)
    post_scope: list[rows.PostScope] = field(default_factory=list)
    observations: list[rows.Observation] = field(default_factory=list)
    interactions: list[rows.Interaction] = field(default_factory=list)
    verdicts: list[rows.Verdict] = field(default_factory=list)
    thread_reads: list[rows.ThreadRead] = field(default_factory=list)
    due: list[rows.Due] = field(default_factory=list)
    sources: list[rows.Source] = field(default_factory=list)
    coverage: list[rows.Coverage] = field(default_factory=list)
    capabilities: list[rows.Capability] = field(default_factory=list)
    quarantine: list[rows.Quarantine] = field(default_factory=list)
    topic_counts: list[rows.TopicCount] = field(default_factory=list)
    topic_seen: list[rows.TopicSeen] = field(default_factory=list)
    decisions: list[rows.Decision] = field(default_factory=list)
    opt_outs: list[rows.OptOut] = field(default_factory=list)
    erased: list[rows.Erased] = field(default_factory=list)
    duties: list[rows.Duty] = field(default_factory=list)
    cycles: list[rows.Cycle] = field(default_factory=list)

    def extend(self, other: "Rows") -> None:
        """Add another batch's rows to these."""
        for one in fields(self):
            getattr(self, one.name).extend(getattr(other, one.name))


@dataclass(slots=True)
class Touched:
    """What a store changed: whose prepared rows must be made anew. Empty: nothing happened.

    `group_days` are (group_id, local date); `roots` conversations, after a move the old and the new one; `counted` others,
    in which nothing moved but counts of the group's own posts; `posts` single posts, those too that were merely seen again
    (their verified_at moved).
    """

    group_days: set[tuple[str, date]] = field(default_factory=set)
    roots: set[UUID] = field(default_factory=set)
    counted: set[UUID] = field(default_factory=set)
    posts: set[UUID] = field(default_factory=set)

    def update(self, other: "Touched") -> None:
        """Add what another store changed."""
        self.group_days |= other.group_days
        self.roots |= other.roots
        self.counted = (self.counted | other.counted) - self.roots
        self.posts |= other.posts

    def __bool__(self) -> bool:
        return bool(self.group_days or self.roots or self.counted or self.posts)
