-- title: Best time to post
-- definition: What the group's posts of the year before the period's end gained, by the weekday and the four hours in which they were published. Half of the
--   posts of a cell gained at least the median. Few posts say little, so each median is drawn towards the median of all posts, as
--   if five more ordinary posts stood in the cell. Under 5 posts: too few posts. Left out are replies, posts brought over from another
--   service, those of the last two days, and those from before we read the counts.
-- grain: one row per group, weekday and four hours in which something was published
-- measure posts_count: posts published in these hours.
-- measure median_engagement: half of them gained at least this many likes, boosts, quotes and replies by others.
-- measure lower_engagement: a quarter gained less than this.
-- measure upper_engagement: a quarter gained more than this.
-- measure shrunk_engagement: the median, drawn towards that of all posts. Empty under 5 posts.
-- measure is_best: the highest of at least two cells that can be told, and above the median of all posts.
-- cannot show: why. A post does well for what it says sooner than for its hour; people who only read leave no trace.
with posts as (
    select
        posts.group_id,
        posts.local_weekday,
        posts.local_hour::integer // 4 * 4 as from_hour,
        posts.engagement_gained
    from prepared.posts
    inner join stored.groups on posts.group_id = groups.group_id
    where
        posts.kind <> 'reply'
        and not posts.is_imported
        and posts.created_at >= groups.collecting_since_at - interval 1 day
        and posts.created_at < getvariable('now_at')::timestamp - interval 2 days
        and posts.local_date >= getvariable('to_date')::date - interval 1 year
        and posts.local_date < getvariable('to_date')::date
),

overall as (
    select
        group_id,
        count(*) as all_posts_count,
        median(engagement_gained) as overall_engagement
    from posts
    group by group_id
),

cells as (
    select
        group_id,
        local_weekday,
        from_hour,
        count(*) as posts_count,
        median(engagement_gained) as median_engagement,
        quantile_cont(engagement_gained, 0.25) as lower_engagement,
        quantile_cont(engagement_gained, 0.75) as upper_engagement
    from posts
    group by group_id, local_weekday, from_hour
),

shrunk as (
    select
        cells.*,
        overall.all_posts_count,
        overall.overall_engagement,
        case
            when cells.posts_count >= 5
                then (cells.posts_count * cells.median_engagement + 5 * overall.overall_engagement) / (cells.posts_count + 5)
        end as shrunk_engagement
    from cells
    inner join overall using (group_id)
)

select
    *,
    shrunk_engagement is null as is_too_few,
    coalesce(
        shrunk_engagement > overall_engagement
        and shrunk_engagement = max(shrunk_engagement) over by_group
        and count(shrunk_engagement) over by_group >= 2,
        false
    ) as is_best
from shrunk
window by_group as (partition by group_id)
