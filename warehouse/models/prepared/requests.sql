-- title: Requests by the rules alone
-- definition: Posts addressed to the group that the rules take for a request or a candidate, with their first answer. What people decided is laid over
--   when they are shown; this is what collecting goes by when it looks which threads to read more often.
-- grain: one row per group and request or candidate
-- key: root_id
with bots as (
    select account_id from stored.accounts where is_bot
),

answered as (
    select
        answers.group_id,
        answers.request_id,
        min(answers.answered_at) as first_answer_at,
        arg_min(answers.who, (answers.answered_at, answers.post_id)) as first_answer_by
    from prepared.answers
    semi join touched_roots using (root_id)
    where not answers.is_rule_counted and answers.author_id not in (select bots.account_id from bots)
    group by answers.group_id, answers.request_id
)

select
    addressed_posts.group_id,
    addressed_posts.post_id,
    addressed_posts.root_id,
    addressed_posts.created_at,
    addressed_posts.network,
    addressed_posts.asked_at,
    addressed_posts.local_date,
    addressed_posts.is_rule_counted as is_counted,
    addressed_posts.deleted_at,
    answered.first_answer_at,
    answered.first_answer_by
from prepared.addressed_posts
inner join touched_posts using (post_id, created_at)
inner join stored.groups on addressed_posts.group_id = groups.group_id
left join answered
    on addressed_posts.group_id = answered.group_id
    and addressed_posts.post_id = answered.request_id
where
    not addressed_posts.is_hidden
    and addressed_posts.author_id not in (select bots.account_id from bots)
    and (
        addressed_posts.is_rule_counted
        or addressed_posts.is_rule_queued
        or not addressed_posts.is_checked
        or coalesce(addressed_posts.first_contacted_at >= groups.collecting_since_at, false)
    )
