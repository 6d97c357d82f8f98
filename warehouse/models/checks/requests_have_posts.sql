-- title: Every request has its post
-- definition: A request without its post cannot be shown, and a post that nobody addressed to the group is no request.
-- grain: one row per request without a post
select addressed_posts.group_id, addressed_posts.post_id
from prepared.addressed_posts
anti join (
    select * from stored.posts where created_at >= getvariable('checked_from_at')::timestamp
) using (post_id, created_at)
where addressed_posts.created_at >= getvariable('checked_from_at')::timestamp
union all
select addressed_posts.group_id, addressed_posts.post_id
from prepared.addressed_posts
anti join (
    select * from stored.post_scope where created_at >= getvariable('checked_from_at')::timestamp
) using (group_id, post_id)
where addressed_posts.created_at >= getvariable('checked_from_at')::timestamp
