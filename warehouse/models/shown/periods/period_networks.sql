-- title: The period, network by network
-- definition: What the group's posts gained on each network in the period that is looked at, by kind, and how many followed there. What one
--   network gained is never mixed with another's way of counting: they are only added up where the page says so.
-- grain: one row per group and network
-- measure engagement_gained: likes, boosts, quotes and replies by others, all together. It can be negative.
-- measure posts_count: posts published in the period.
-- measure followers_end: followers on the last day that was read. Empty: not read, or hidden.
-- measure read_days_count: days on which all the group's accounts on this network were read.
-- cannot show: people who only read.
select
    group_id,
    network,
    sum(likes_gained)::bigint as likes_gained,
    sum(boosts_gained)::bigint as boosts_gained,
    sum(quotes_gained)::bigint as quotes_gained,
    sum(replies_gained)::bigint as replies_gained,
    sum(engagement_gained)::bigint as engagement_gained,
    sum(posts_count)::bigint as posts_count,
    arg_max(followers_count, local_date) filter (followers_count is not null) as followers_end,
    count(*) as days_count,
    count(*) filter (not has_gap) as read_days_count
from shown.activity_days
where local_date >= getvariable('from_date')::date and local_date < getvariable('to_date')::date
group by group_id, network
