-- title: Conversations
-- definition: Every post of a conversation that the group is part of, with what stands above it.
--   "By the team" means that the group's own account or somebody on its team wrote it.
-- grain: one row per group and post
-- key: root_id
-- cannot show: posts that their writers keep private, and posts that no server showed us.
with recursive conversation as (
    select posts.*
    from stored.posts as posts
    inner join touched_posts using (post_id, created_at)
),

-- the way down from each topmost post; only the nearest 200 above are kept, so that a hostile chain stays small
chain as (
    select
        conversation.post_id,
        []::uuid[] as above_ids,
        0 as depth
    from conversation
    left join conversation as parents on conversation.parent_id = parents.post_id
    where parents.post_id is null

    union all

    select
        conversation.post_id,
        list_append(chain.above_ids, chain.post_id)[-200:] as above_ids,
        chain.depth + 1 as depth
    from conversation
    inner join chain on conversation.parent_id = chain.post_id
),

scope as (
    select
        post_scope.group_id,
        post_scope.post_id,
        any_value(post_scope.local_date) as local_date,
        any_value(post_scope.local_hour) as local_hour,
        any_value(post_scope.local_weekday) as local_weekday,
        list_sort(list(distinct post_scope.why)) as whys
    from stored.post_scope
    inner join touched_posts using (post_id, created_at)
    group by post_scope.group_id, post_scope.post_id
),

verdicts as (
    select verdicts.*
    from stored.verdicts
    inner join touched_posts using (post_id, created_at)
),

-- one server's link is enough: the first by name, so that it stays the same
links as (
    select
        post_addresses.post_id,
        min(post_addresses.server) as server
    from stored.post_addresses
    inner join touched_posts using (post_id, created_at)
    where post_addresses.link is not null
    group by post_addresses.post_id
),

-- 'group' comes before 'team' in the alphabet: the group's own account stays its own account
team as (
    select
        group_id,
        account_id,
        min(role) as role
    from stored.group_accounts
    group by group_id, account_id
)

select
    scope.group_id,
    conversation.root_id,
    conversation.post_id,
    conversation.parent_id,
    conversation.network,
    conversation.author_id,
    roots.author_id as root_author_id,
    conversation.created_at,
    -- an imported post's own claim is not to be believed: when the network took it in is
    case
        when conversation.is_imported then coalesce(conversation.indexed_at, conversation.first_seen_at)
        else conversation.created_at
    end as said_at,
    conversation.deleted_at,
    coalesce(chain.depth, 0) as depth,
    coalesce(chain.above_ids, []::uuid[]) as above_ids,
    scope.local_date,
    scope.local_hour,
    scope.local_weekday,
    scope.whys,
    coalesce(team.role, '') as role,
    team.role is not null as is_by_team,
    coalesce(accounts.is_bot, false) as is_bot,
    -- when a conversation has been quiet for long enough, who wrote becomes a number drawn by lot that stands nowhere else
    accounts.account_id is not null as is_writer_known,
    conversation.is_link_only,
    conversation.is_hidden,
    conversation.is_imported,
    conversation.has_content_warning,
    coalesce(verdicts.is_count, false) as is_rule_counted,
    coalesce(verdicts.is_queue, false) as is_rule_queued,
    coalesce(verdicts.is_checked, true) as is_checked,
    coalesce(verdicts.is_thanks, false) as is_thanks,
    coalesce(verdicts.language, conversation.language) as language,
    coalesce(verdicts.score, 0) as score,
    coalesce(verdicts.rule_ids, []::varchar[]) as rule_ids,
    verdicts.support_asked,
    verdicts.support_given,
    links.server as link_server
from conversation
inner join scope on conversation.post_id = scope.post_id
left join conversation as roots on conversation.root_id = roots.post_id
left join chain on conversation.post_id = chain.post_id
left join verdicts on conversation.post_id = verdicts.post_id
left join links on conversation.post_id = links.post_id
left join team
    on scope.group_id = team.group_id
    and conversation.author_id = team.account_id
left join stored.accounts on conversation.author_id = accounts.account_id
