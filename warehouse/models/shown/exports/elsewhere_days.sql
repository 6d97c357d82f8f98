-- title: Elsewhere, day by day
-- definition: What the group counted in places that have no API, and brought in a file: meetings, a phone line, other networks. Of a post or a day that was
--   brought twice the newer file counts. These numbers stand beside the others and are in none of them: nobody can check how long people waited there.
-- grain: one row per group, place and local date
-- measure place: what the group calls it.
-- measure posts_count: the group's own posts of this day.
-- measure engagement_count: likes, shares and comments that those posts had when they were counted.
-- measure followers_count: members or followers on this day. Empty: not counted.
-- measure asks_count: people who asked for something on this day. Empty: not counted.
-- measure answered_count: how many of them were answered. Empty: not counted.
-- cannot show: whatever nobody counted.
with newest as (
    select
        imported_counts.*,
        row_number() over (
            partition by
                imported_counts.group_id,
                imported_counts.place,
                imported_counts.what,
                imported_counts.item_key
            order by imports.imported_at desc, imports.import_id desc
        ) as age
    from stored.imported_counts
    inner join stored.imports using (import_id, group_id)
)

select
    group_id,
    place,
    local_date,
    count(*) filter (what = 'post') as posts_count,
    coalesce(sum(coalesce(likes_count, 0) + coalesce(boosts_count, 0) + coalesce(replies_count, 0)) filter (what = 'post'), 0)::bigint
        as engagement_count,
    sum(followers_count)::bigint as followers_count,
    sum(asks_count)::bigint as asks_count,
    sum(answered_count)::bigint as answered_count
from newest
where age = 1
group by group_id, place, local_date
