-- title: Who wrote when
-- definition: The days on which somebody who is not on the team wrote to the group: a post addressed to it, or in one of its conversations.
--   Robots and posts brought over from another service are left out. No names: people are keyed numbers, and only counted.
-- grain: one row per group, person and local date on which they wrote
-- key: group_id, local_date
-- cannot show: people who only read; one person with two accounts is two.
select
    thread_posts.group_id,
    thread_posts.author_id,
    thread_posts.local_date,
    count(*) as posts_count
from prepared.thread_posts
semi join touched_days using (group_id, local_date)
where
    thread_posts.created_at between getvariable('days_from_at')::timestamp and getvariable('days_to_at')::timestamp
    and not thread_posts.is_by_team
    and not list_contains(thread_posts.whys, 'own')
    and not thread_posts.is_bot
    and not thread_posts.is_imported
group by thread_posts.group_id, thread_posts.author_id, thread_posts.local_date
