-- title: Kinds of posts
-- definition: The group's own posts of the period, each of one kind: a reply, else a quote, else a poll, else with a picture or recording, else with a link, else
--   words alone; and what they have gained up to now.
-- grain: one row per group and kind
-- measure posts_count: posts of this kind published in the period. Those taken down since are among them.
-- measure engagement_gained: likes, boosts, quotes and replies by others that they have gained together.
-- measure median_engagement: half of them gained at least this many. Empty under 5 posts: too few to say.
-- measure lower_engagement: a quarter gained less than this.
-- measure upper_engagement: a quarter gained more than this.
-- measure started_count: how many of them started a conversation: at least two different people outside the team wrote below.
-- cannot show: what a post said, and people who only read it.
select
    group_id,
    kind,
    count(*) as posts_count,
    sum(engagement_gained)::bigint as engagement_gained,
    case when count(*) >= 5 then median(engagement_gained) end as median_engagement,
    case when count(*) >= 5 then quantile_cont(engagement_gained, 0.25) end as lower_engagement,
    case when count(*) >= 5 then quantile_cont(engagement_gained, 0.75) end as upper_engagement,
    count(*) filter (people_below_count >= 2) as started_count
from prepared.posts
where
    local_date >= getvariable('from_date')::date
    and local_date < getvariable('to_date')::date
group by group_id, kind
