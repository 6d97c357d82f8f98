-- The stored tables: what the collectors bring, one row per grain, only whitelisted columns.
-- Every *_at is a UTC TIMESTAMP (naive: DuckDB needs pytz to hand a TIMESTAMPTZ to Python, and nothing installs it).
-- No keys, no unique constraints, no indexes: the same statements run on DuckLake, and a text key costs 7 s per 10,000 rows.
create schema if not exists stored;
create schema if not exists prepared;
create schema if not exists frozen;

-- Grain: group. Mirrored from mutuals.toml at every cycle, so that the models know zones and promises.
create table stored.groups (
    group_id varchar not null,
    name varchar not null,
    timezone varchar not null,
    promise_hours integer not null,
    collecting_since_at timestamp                 -- first completed cycle for this group
);

-- Grain: group × account. role is 'group' (the group's own account) or 'team' (answers from it count as the group's).
create table stored.group_accounts (
    group_id varchar not null,
    account_id uuid not null,
    network varchar not null,
    role varchar not null
);

-- Grain: account. The one table that holds handles and account addresses.
create table stored.accounts (
    account_id uuid not null,
    network varchar not null,
    handle varchar,                               -- null once opted out or erased
    address varchar,                              -- DID or actor URI
    is_bot boolean not null,
    is_refusing boolean not null,                 -- an explicit no (DEFINITIONS: consent gate)
    is_agreeing boolean not null,                 -- a yes to search (Mastodon indexable or discoverable; Bluesky by default)
    first_seen_at timestamp not null,
    last_seen_at timestamp not null
);

-- Grain: group × account: the keyed date of first contact, kept when text has gone.
create table stored.first_contacts (
    group_id varchar not null,
    account_id uuid not null,
    post_id uuid not null,
    contacted_at timestamp not null
);

-- Grain: group's own account × reading. Null followers: hidden.
create table stored.account_snapshots (
    group_id varchar not null,
    account_id uuid not null,
    network varchar not null,
    observed_at timestamp not null,
    followers_count bigint,
    following_count bigint,
    posts_count bigint
);

-- Grain: post.
create table stored.posts (
    post_id uuid not null,
    network varchar not null,
    author_id uuid not null,
    created_at timestamp not null,                -- the first claim we read; later claims are ignored
    indexed_at timestamp,                         -- when the network took it in (Bluesky)
    first_seen_at timestamp not null,
    edited_at timestamp,
    deleted_at timestamp,
    verified_at timestamp not null,               -- last time a server showed it to us
    language varchar,
    is_reply boolean not null,
    parent_id uuid,                               -- nearest held ancestor
    root_id uuid not null,                        -- topmost held post of the conversation (itself when alone)
    quoted_id uuid,
    has_content_warning boolean not null,
    has_poll boolean not null,
    media_count integer not null,
    alt_text_count integer not null,
    is_link_only boolean not null,                -- somebody who prefers not to be copied
    is_hidden boolean not null,                   -- hidden by the thread's owner
    is_imported boolean not null                  -- claims a time more than 24 h before it was indexed
);

-- Grain: post. What retention and erasure remove first.
create table stored.post_texts (
    post_id uuid not null,
    created_at timestamp not null,                -- of the post: bounds the upsert
    text varchar not null,
    content_warning varchar
);

-- Grain: post × server. uri is null where it would show the handle of somebody who prefers not to be copied.
create table stored.post_addresses (
    post_id uuid not null,
    created_at timestamp not null,
    network varchar not null,
    server varchar not null,
    server_post_id varchar not null,              -- Mastodon: the server's own id; Bluesky: the at:// URI
    uri varchar,
    link varchar
);

-- Grain: post × tag (lower case). Of posts in scope only.
create table stored.post_tags (
    post_id uuid not null,
    created_at timestamp not null,
    tag varchar not null
);

-- Grain: post × group × why: own, reply, mention, quote, hashtag, thread.
create table stored.post_scope (
    group_id varchar not null,
    post_id uuid not null,
    why varchar not null,
    created_at timestamp not null,
    local_date date not null,                     -- in the group's zone, written when stored
    local_hour tinyint not null,
    local_weekday tinyint not null                -- 1 Monday … 7 Sunday
);

-- Grain: post × server × reading. Appended when a count changed, plus a daily heartbeat.
create table stored.observations (
    post_id uuid not null,
    server varchar not null,
    observed_at timestamp not null,
    replies_count bigint not null,
    boosts_count bigint not null,
    likes_count bigint not null,
    quotes_count bigint,                          -- null: the server does not say
    boosters_followers_count bigint,              -- sum over the boosters read; null: not read or hidden
    is_boosters_partial boolean not null
);

-- Grain: post × keyed account × kind (boost, quote, reply). Never likes. For distinct counts only.
create table stored.interactions (
    post_id uuid not null,
    account_id uuid not null,
    kind varchar not null,
    first_seen_at timestamp not null
);

-- Grain: post. What the rules said of its text, decided in memory before storing.
create table stored.verdicts (
    post_id uuid not null,
    created_at timestamp not null,
    detector_version varchar not null,
    language varchar,
    is_checked boolean not null,                  -- false: no word list for this language
    score double not null,
    is_queue boolean not null,                    -- at the queue threshold
    is_count boolean not null,                    -- at the count threshold
    is_thanks boolean not null,
    rule_ids varchar[] not null,
    support_asked varchar,                        -- emotional, informational, practical, unsure; null: none
    support_given varchar
);

-- Grain: post × server: did we read the whole thread below it, and when?
create table stored.thread_reads (
    post_id uuid not null,
    root_id uuid not null,
    created_at timestamp not null,
    server varchar not null,
    attempted_at timestamp not null,
    is_ok boolean not null,                       -- the last attempt
    reason varchar,                               -- when it was not
    read_at timestamp,                            -- last successful read
    replies_reported bigint,                      -- direct replies the server says there are
    replies_fetched bigint                        -- direct replies it showed, gated ones included
);

-- Grain: post × server × kind (refresh, thread, boosters, quotes): when to look again.
create table stored.due (
    post_id uuid not null,
    group_id varchar not null,
    network varchar not null,
    server varchar not null,
    server_post_id varchar not null,
    kind varchar not null,
    created_at timestamp not null,                -- of the post
    next_at timestamp not null,
    last_at timestamp,
    unchanged_count integer not null,
    moved_up_at timestamp,
    missed_count integer not null,                -- 404s in a row
    missed_at timestamp,
    counts_total bigint,                          -- of the last read: did anything move?
    replies_count bigint                          -- of the last read: did somebody answer?
);

-- Grain: source (group × network × server × feed): where collecting stands.
create table stored.sources (
    source_id varchar not null,
    group_id varchar not null,
    network varchar not null,
    server varchar not null,
    kind varchar not null,
    target varchar not null,
    next_at timestamp not null,
    last_ok_at timestamp,
    failures_count integer not null,
    is_backfilled boolean not null,
    cursor varchar,
    overlap_day_at timestamp,                     -- last 48 h re-read
    overlap_week_at timestamp                     -- last 7 day re-read
);

-- Grain: source × run: what we saw, and what we did not.
create table stored.coverage (
    run_id varchar not null,
    source_id varchar not null,
    group_id varchar not null,
    network varchar not null,
    server varchar not null,
    kind varchar not null,
    started_at timestamp not null,
    finished_at timestamp not null,
    from_at timestamp,
    to_at timestamp,
    pages_count integer not null,
    items_count integer not null,
    dropped_count integer not null,
    quarantined_count integer not null,
    is_complete boolean not null,
    reason varchar
);

-- Grain: server × capability. state: open, closed, needs token, unknown.
create table stored.capabilities (
    network varchar not null,
    server varchar not null,
    capability varchar not null,
    state varchar not null,
    reason varchar,
    cure varchar,
    checked_at timestamp not null
);

-- Grain: item that could not be read. A keyed hash of its id and a reason, never its text.
create table stored.quarantine (
    source_id varchar not null,
    item_key uuid not null,
    reason varchar not null,
    first_seen_at timestamp not null,
    last_seen_at timestamp not null
);

-- Grain: group × topic tag × server × local date: counts only.
create table stored.topic_counts (
    group_id varchar not null,
    tag varchar not null,
    server varchar not null,
    local_date date not null,
    posts_count bigint not null
);

-- Grain: topic tag × post, keyed, for 8 days: so that a post is not counted twice.
create table stored.topic_seen (
    group_id varchar not null,
    tag varchar not null,
    post_key uuid not null,
    seen_at timestamp not null
);

-- Grain: group × request: the casebook's current state, replaced at every cycle.
create table stored.decisions (
    group_id varchar not null,
    post_id uuid not null,
    is_request boolean,                           -- a person's mark; null: nobody said
    support_asked varchar,                        -- a person's correction
    outcome varchar,
    outcome_at timestamp,
    outcome_reason varchar,
    claimed_by varchar,
    claimed_at timestamp,
    snoozed_until_at timestamp,
    changed_at timestamp not null
);

-- Grain: keyed account: so that what was refused is not collected again.
create table stored.opt_outs (
    account_id uuid not null,
    opted_out_at timestamp not null
);

-- Grain: keyed account or post: so that what was erased is not collected again.
create table stored.erased (
    keyed_id uuid not null,
    kind varchar not null,                        -- account or post
    erased_at timestamp not null
);

-- Grain: cycle. Written with everything else in the cycle's one transaction.
create table stored.cycles (
    run_id varchar not null,
    started_at timestamp not null,
    stored_at timestamp not null,
    works_count integer not null,
    posts_count integer not null,
    is_changed boolean not null
);
