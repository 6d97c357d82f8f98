-- title: Engagement, day by day
-- definition: What all the group's posts together gained on a day: likes, boosts, quotes and replies by others. It can be negative.
--   Posts are counted on the day they were published.
-- grain: one row per group, network and local date
-- key: group_id, local_date
-- measure published_engagement: what the posts published on that day have gained up to now.
with gained as (
    select
        post_days.group_id,
        post_days.network,
        post_days.local_date,
        sum(post_days.likes_gained)::bigint as likes_gained,
        sum(post_days.boosts_gained)::bigint as boosts_gained,
        sum(post_days.quotes_gained)::bigint as quotes_gained,
        sum(post_days.replies_gained)::bigint as replies_gained,
        sum(post_days.engagement_gained)::bigint as engagement_gained
    from prepared.post_days
    semi join touched_days using (group_id, local_date)
    where post_days.local_date between getvariable('days_from_at')::date and getvariable('days_to_at')::date
    group by post_days.group_id, post_days.network, post_days.local_date
),

published as (
    select
        posts.group_id,
        posts.network,
        posts.local_date,
        count(*) as posts_count,
        sum(posts.engagement_gained)::bigint as published_engagement
    from prepared.posts
    semi join touched_days using (group_id, local_date)
    where posts.local_date between getvariable('days_from_at')::date and getvariable('days_to_at')::date
    group by posts.group_id, posts.network, posts.local_date
)

select
    group_id,
    network,
    local_date,
    coalesce(gained.likes_gained, 0) as likes_gained,
    coalesce(gained.boosts_gained, 0) as boosts_gained,
    coalesce(gained.quotes_gained, 0) as quotes_gained,
    coalesce(gained.replies_gained, 0) as replies_gained,
    coalesce(gained.engagement_gained, 0) as engagement_gained,
    coalesce(published.posts_count, 0) as posts_count,
    coalesce(published.published_engagement, 0) as published_engagement
from gained
full join published using (group_id, network, local_date)
