-- title: The asker wrote again
-- definition: A later post by the same person, below their own post in the thread.
-- grain: one row per group, post and later post by the same person
-- key: root_id
with thread_posts as (
    select thread_posts.*
    from prepared.thread_posts
    inner join touched_posts using (post_id, created_at)
),

below as (
    select
        thread_posts.group_id,
        thread_posts.post_id,
        unnest(thread_posts.above_ids) as request_id
    from thread_posts
    where thread_posts.deleted_at is null and not thread_posts.is_hidden
)

select
    requests.group_id,
    requests.post_id as request_id,
    requests.root_id,
    later_posts.post_id,
    later_posts.created_at,
    greatest(later_posts.said_at, requests.created_at) as said_at,
    later_posts.is_thanks,
    requests.is_rule_counted and not requests.is_hidden and not requests.is_bot as is_request_rule_counted,
    requests.deleted_at is null as is_request_standing
from below
inner join thread_posts as later_posts
    on below.group_id = later_posts.group_id and below.post_id = later_posts.post_id
inner join thread_posts as requests
    on below.group_id = requests.group_id and below.request_id = requests.post_id
where
    not requests.is_by_team
    and later_posts.author_id = requests.author_id
