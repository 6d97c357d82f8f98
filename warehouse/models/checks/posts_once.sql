-- title: Every post stands once
-- definition: A post is stored once, whatever number of servers showed it, and what belongs to it carries its own time.
-- grain: one row per post and what is wrong with it
select 'stored twice' as wrong, post_id
from stored.posts
where created_at >= getvariable('checked_from_at')::timestamp
group by post_id
having count(*) > 1
union all
select 'text without its post', post_texts.post_id
from stored.post_texts
anti join (
    select * from stored.posts where created_at >= getvariable('checked_from_at')::timestamp
) using (post_id, created_at)
where post_texts.created_at >= getvariable('checked_from_at')::timestamp
union all
select 'scope without its post', post_scope.post_id
from stored.post_scope
anti join (
    select * from stored.posts where created_at >= getvariable('checked_from_at')::timestamp
) using (post_id, created_at)
where post_scope.created_at >= getvariable('checked_from_at')::timestamp
union all
select 'verdict without its post', verdicts.post_id
from stored.verdicts
anti join (
    select * from stored.posts where created_at >= getvariable('checked_from_at')::timestamp
) using (post_id, created_at)
where verdicts.created_at >= getvariable('checked_from_at')::timestamp
