-- title: Topics
-- definition: How many public posts with a topic tag appeared on the servers we ask, day by day. Topics are everybody's: only the number is kept, nothing
--   about a post and nobody's words. A post seen on several servers counts once.
-- grain: one row per group, tag and local date since it is counted, up to today
-- measure posts_count: posts seen with the tag, by the day they were written.
-- measure counted_since_date: the first day we know of. What was before is not known.
-- cannot show: posts on servers that we do not ask, and posts that appeared and went between two looks.
with moment as (
    select getvariable('now_at')::timestamp as now_at
),

days as (
    select
        group_id,
        tag,
        local_date,
        sum(posts_count)::bigint as posts_count
    from stored.topic_counts
    group by group_id, tag, local_date
),

tags as (
    select
        group_id,
        tag,
        min(local_date) as counted_since_date
    from days
    group by group_id, tag
),

servers as (
    select
        group_id,
        target as tag,
        list_sort(list(distinct server)) as servers
    from stored.sources
    where kind = 'topic'
    group by group_id, target
),

period_days as (
    select unnest(generate_series(
        getvariable('from_date')::date::timestamp, getvariable('to_date')::date - interval 1 day, interval 1 day
    ))::date as local_date
)

select
    tags.group_id,
    tags.tag,
    period_days.local_date,
    coalesce(days.posts_count, 0) as posts_count,
    tags.counted_since_date,
    coalesce(servers.servers, []::varchar[]) as servers
from tags
cross join moment
inner join stored.groups on tags.group_id = groups.group_id
inner join period_days
    on period_days.local_date >= tags.counted_since_date
    and period_days.local_date <= timezone(groups.timezone, timezone('UTC', moment.now_at))::date
left join days
    on tags.group_id = days.group_id
    and tags.tag = days.tag
    and period_days.local_date = days.local_date
left join servers on tags.group_id = servers.group_id and tags.tag = servers.tag
