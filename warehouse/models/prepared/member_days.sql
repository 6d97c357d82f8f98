-- title: Who wrote when
-- definition: The days on which somebody who is not on the team wrote to the group: a post addressed to it, or in one of its conversations.
--   Robots and posts brought over from another service are left out. No names: people are keyed numbers, and only counted. Some time after a
--   conversation has ended (90 days unless the group says otherwise) who wrote is forgotten: what is left of such posts stands in a row
--   without a person.
-- grain: one row per group, person (empty: forgotten) and local date on which they wrote
-- key: group_id, local_date
-- cannot show: people who only read; one person with two accounts is two.
select
    thread_posts.group_id,
    case when thread_posts.is_writer_known then thread_posts.author_id end as author_id,
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
group by
    thread_posts.group_id,
    case when thread_posts.is_writer_known then thread_posts.author_id end,
    thread_posts.local_date
