-- title: Sums equal their parts
-- definition: What a day says was gained is what its posts gained on it, and no wait is under zero.
-- grain: one row per group, network and day, or answer, that does not add up
with days as (
    select
        group_id,
        network,
        local_date,
        engagement_gained,
        likes_gained + boosts_gained + quotes_gained + replies_gained as parts_gained,
        posts_count
    from prepared.engagement_days
    where local_date >= getvariable('checked_from_at')::date
),

gained as (
    select
        group_id,
        network,
        local_date,
        sum(engagement_gained)::bigint as gained
    from prepared.post_days
    where local_date >= getvariable('checked_from_at')::date
    group by group_id, network, local_date
),

published as (
    select
        group_id,
        network,
        local_date,
        count(*) as published_count
    from prepared.posts
    where local_date >= getvariable('checked_from_at')::date
    group by group_id, network, local_date
)

select
    'engagement' as wrong,
    group_id || ' ' || network || ' ' || local_date as what
from days
full join gained using (group_id, network, local_date)
full join published using (group_id, network, local_date)
where
    coalesce(days.engagement_gained, 0) <> coalesce(gained.gained, 0)
    or coalesce(days.engagement_gained, 0) <> coalesce(days.parts_gained, 0)
    or coalesce(days.posts_count, 0) <> coalesce(published.published_count, 0)
union all
select
    'a wait under zero',
    group_id || ' ' || post_id
from prepared.answers
where wait_hours < 0 and created_at >= getvariable('checked_from_at')::timestamp
