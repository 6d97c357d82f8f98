-- title: Every post stands once
-- definition: A post is stored once, whatever number of servers showed it, and what belongs to it carries its own time.
-- grain: one row per post and what is wrong with it
select 'stored twice' as wrong, post_id
from stored.posts
group by post_id
having count(*) > 1
union all
select 'text without its post', post_texts.post_id
from stored.post_texts
anti join stored.posts using (post_id, created_at)
union all
select 'scope without its post', post_scope.post_id
from stored.post_scope
anti join stored.posts using (post_id, created_at)
union all
select 'verdict without its post', verdicts.post_id
from stored.verdicts
anti join stored.posts using (post_id, created_at)
