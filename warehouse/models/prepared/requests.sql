-- title: Requests by the rules alone
-- definition: Posts addressed to the group that the rules take for a request or a candidate, with their first answer. What people decided is laid over
--   when they are shown; this is what collecting goes by when it looks which threads to read more often.
-- grain: one row per group and request or candidate
-- key: root_id
select
    addressed_posts.group_id,
    addressed_posts.post_id,
    addressed_posts.root_id,
    addressed_posts.network,
    addressed_posts.created_at,
    addressed_posts.created_at as asked_at,
    addressed_posts.local_date,
    addressed_posts.is_rule_counted as is_counted,
    addressed_posts.deleted_at,
    least(addressed_posts.first_by_group_at, addressed_posts.first_by_peer_at) as first_answer_at
from prepared.addressed_posts
semi join touched_posts using (post_id, created_at)
where addressed_posts.is_possible
