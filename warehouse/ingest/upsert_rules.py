"""How the rows of each stored table are laid over what is there: what is first is kept, what is last moves on."""

from warehouse.ingest.upsert import UpsertRule
from warehouse.storage import rows

GROUPS = UpsertRule(
    rows.Group,
    key=("group_id",),
    rules={"collecting_since_at": "coalesce(old.collecting_since_at, new.collecting_since_at)"},
    told="old.timezone",
)
GROUP_ACCOUNTS = UpsertRule(rows.GroupAccount, key=("group_id", "account_id"))
ACCOUNTS = UpsertRule(
    rows.Account,
    key=("account_id",),
    rules={
        "network": "old",
        # a post found by hashtag alone comes without its author's name; that takes no name away. A no does.
        "handle": "case when not new.is_refusing then coalesce(new.handle, old.handle) end",
        "address": "case when not new.is_refusing then coalesce(new.address, old.address) end",
        "first_seen_at": "least(old.first_seen_at, new.first_seen_at)",
    },
    fresh="new.last_seen_at >= old.last_seen_at",
    quiet=frozenset({"first_seen_at", "last_seen_at"}),
    told="old.is_refusing",
)
FIRST_CONTACTS = UpsertRule(
    rows.FirstContact,
    key=("group_id", "account_id"),
    fresh="new.contacted_at < old.contacted_at",
    told="old.post_id",
)
ACCOUNT_SNAPSHOTS = UpsertRule(
    rows.AccountSnapshot, key=("group_id", "account_id", "observed_at"), bound="observed_at", is_append_only=True
)
POSTS = UpsertRule(
    rows.Post,
    key=("post_id",),
    bound="created_at",
    rules={
        "network": "old",
        "author_id": "old",
        "indexed_at": "coalesce(old.indexed_at, new.indexed_at)",
        "first_seen_at": "least(old.first_seen_at, new.first_seen_at)",
        "edited_at": "greatest(old.edited_at, new.edited_at)",
        # gone stays gone, unless a server shows the post again later
        "deleted_at": """case when new.deleted_at is not null then coalesce(old.deleted_at, new.deleted_at)
                              when new.verified_at <= old.deleted_at then old.deleted_at end""",
        # a feed that shows a post without what stands above it takes nothing back
        "parent_id": "coalesce(new.parent_id, old.parent_id)",
        "root_id": "case when new.root_id = new.post_id then old.root_id else new.root_id end",
        "quoted_id": "coalesce(new.quoted_id, old.quoted_id)",
        "is_imported": "old",
    },
    fresh="new.verified_at >= old.verified_at",
    quiet=frozenset({"first_seen_at", "verified_at"}),
    told="old.root_id",
    is_stepwise=True,
)
POST_TEXTS = UpsertRule(rows.PostText, key=("post_id",), bound="created_at")
POST_ADDRESSES = UpsertRule(
    rows.PostAddress,
    key=("post_id", "server"),
    bound="created_at",
    rules={
        "network": "old",
        "uri": "coalesce(new.uri, old.uri)",
        "link": "case when new.uri is null and old.uri is not null then old.link else new.link end",
    },
)
POST_TAGS = UpsertRule(rows.PostTag, key=("post_id", "tag"), bound="created_at", is_append_only=True)
POST_SCOPE = UpsertRule(rows.PostScope, key=("post_id", "group_id", "why"), bound="created_at", is_append_only=True)
OBSERVATIONS = UpsertRule(
    rows.Observation,
    key=("post_id", "server", "observed_at"),
    bound="observed_at",
    # two pieces of work can read a post at one moment, one of them the boosters: what each tells, and the larger number
    rules={
        **{name: f"greatest(old.{name}, new.{name})" for name in ("replies_count", "boosts_count", "likes_count")},
        "quotes_count": "greatest(old.quotes_count, new.quotes_count)",
        "boosters_followers_count": "greatest(old.boosters_followers_count, new.boosters_followers_count)",
        "is_boosters_partial": """case when new.boosters_followers_count > coalesce(old.boosters_followers_count, -1)
                                       then new.is_boosters_partial else old.is_boosters_partial end""",
    },
)
INTERACTIONS = UpsertRule(rows.Interaction, key=("post_id", "account_id", "kind"), is_append_only=True)
VERDICTS = UpsertRule(rows.Verdict, key=("post_id",), bound="created_at")
THREAD_READS = UpsertRule(
    rows.ThreadRead,
    key=("post_id", "server"),
    bound="created_at",
    rules={
        "read_at": "greatest(old.read_at, new.read_at)",
        "replies_reported": "coalesce(new.replies_reported, old.replies_reported)",
        "replies_fetched": "coalesce(new.replies_fetched, old.replies_fetched)",
    },
    fresh="new.attempted_at >= old.attempted_at",
)
DUE = UpsertRule(rows.Due, key=("post_id", "server", "kind"), bound="created_at")
SOURCES = UpsertRule(rows.Source, key=("source_id",))
COVERAGE = UpsertRule(rows.Coverage, key=("run_id", "source_id"), bound="started_at")
CAPABILITIES = UpsertRule(
    rows.Capability, key=("network", "server", "capability"), fresh="new.checked_at >= old.checked_at"
)
QUARANTINE = UpsertRule(
    rows.Quarantine,
    key=("source_id", "item_key"),
    rules={
        "first_seen_at": "least(old.first_seen_at, new.first_seen_at)",
        "last_seen_at": "greatest(old.last_seen_at, new.last_seen_at)",
    },
)
TOPIC_SEEN = UpsertRule(rows.TopicSeen, key=("group_id", "tag", "post_key"), is_append_only=True)
TOPIC_COUNTS = UpsertRule(
    rows.TopicCount,
    key=("group_id", "tag", "server", "local_date"),
    rules={"posts_count": "old.posts_count + new.posts_count"},
    is_stepwise=True,
)
DECISIONS = UpsertRule(
    rows.Decision,
    key=("group_id", "post_id"),
    fresh="new.changed_at >= old.changed_at",
    quiet=frozenset({"changed_at"}),
)
OPT_OUTS = UpsertRule(rows.OptOut, key=("account_id",), is_append_only=True)
ERASED = UpsertRule(rows.Erased, key=("keyed_id", "kind"), is_append_only=True)
DUTIES = UpsertRule(rows.Duty, key=("duty",), fresh="new.done_at >= old.done_at")
CYCLES = UpsertRule(rows.Cycle, key=("run_id",))
