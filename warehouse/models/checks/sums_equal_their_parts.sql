-- title: Sums equal their parts
-- definition: What the days say is gained is what the posts say is gained, and no wait is under zero.
-- grain: one row per group and network, or answer, that does not add up
with days as (
    select
        group_id,
        network,
        sum(engagement_gained) as gained,
        sum(likes_gained + boosts_gained + quotes_gained + replies_gained) as parts,
        sum(posts_count) as posts_count
    from prepared.engagement_days
    group by group_id, network
),

posts as (
    select
        group_id,
        network,
        sum(engagement_gained) as gained,
        count(*) as posts_count
    from prepared.posts
    group by group_id, network
)

select 'engagement' as wrong, group_id || ' ' || network as what
from days
full join posts using (group_id, network)
where
    days.gained is distinct from posts.gained
    or days.gained <> days.parts
    or days.posts_count is distinct from posts.posts_count
union all
select 'a wait under zero', group_id || ' ' || post_id
from prepared.answers
where wait_hours < 0
