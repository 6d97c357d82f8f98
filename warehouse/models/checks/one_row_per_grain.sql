-- title: Nothing stands twice
-- definition: Every prepared table has one row for each thing it is about. A second one would be counted twice.
-- grain: one row per table and doubled thing
select 'thread_posts' as table_name, group_id || ' ' || post_id as doubled
from prepared.thread_posts
where created_at >= getvariable('checked_from_at')::timestamp
group by group_id, post_id
having count(*) > 1
union all
select 'addressed_posts', group_id || ' ' || post_id
from prepared.addressed_posts
where created_at >= getvariable('checked_from_at')::timestamp
group by group_id, post_id
having count(*) > 1
union all
select 'answers', group_id || ' ' || request_id || ' ' || post_id
from prepared.answers
where created_at >= getvariable('checked_from_at')::timestamp
group by group_id, request_id, post_id
having count(*) > 1
union all
select 'posts', group_id || ' ' || post_id
from prepared.posts
where created_at >= getvariable('checked_from_at')::timestamp
group by group_id, post_id
having count(*) > 1
union all
select 'post_days', group_id || ' ' || post_id || ' ' || local_date
from prepared.post_days
where created_at >= getvariable('checked_from_at')::timestamp
group by group_id, post_id, local_date
having count(*) > 1
union all
select 'engagement_days', group_id || ' ' || network || ' ' || local_date
from prepared.engagement_days
where local_date >= getvariable('checked_from_at')::date
group by group_id, network, local_date
having count(*) > 1
union all
select 'follower_days', group_id || ' ' || account_id || ' ' || local_date
from prepared.follower_days
where local_date >= getvariable('checked_from_at')::date
group by group_id, account_id, local_date
having count(*) > 1
union all
select 'member_days', concat_ws(' ', group_id, author_id, local_date)
from prepared.member_days
where local_date >= getvariable('checked_from_at')::date
group by group_id, author_id, local_date
having count(*) > 1
