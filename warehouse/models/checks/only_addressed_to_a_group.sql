-- title: Only what is addressed to a group
-- definition: Every stored post says for which group it is held and why. Nothing else may be here.
-- grain: one row per post without a group
select posts.post_id
from stored.posts
anti join (
    select * from stored.post_scope where created_at >= getvariable('checked_from_at')::timestamp
) using (post_id)
where posts.created_at >= getvariable('checked_from_at')::timestamp
