-- title: Hashtags
-- definition: The hashtags of the group's own posts of the period: how often they were used, what those posts gained, and, for tags that we read on some servers,
--   the group's part of all posts seen there with the tag. Under 5 posts: too few to say.
-- grain: one row per group and tag
-- measure posts_count: posts of the group with the tag. One post with two tags counts with both.
-- measure engagement_gained: what they have gained together. It is the posts' gain, not the tag's doing.
-- measure median_engagement: half of them gained at least this many. Empty under 5 posts.
-- measure seen_count: different posts seen with the tag since we read it, those of the group among them. Empty for a tag that is not read; also where
--   the group has several tags of its own, because which of them somebody used is not kept.
-- measure own_seen_count: the group's posts among them.
-- measure seen_share: the group's posts, of 100 seen with the tag. Empty under 5 posts of the group.
-- measure servers: the servers asked for it.
-- cannot show: posts on servers that we do not ask; whether the tag brought anybody.
with own_posts as (
    select
        posts.group_id,
        posts.network,
        posts.local_date,
        posts.engagement_gained,
        unnest(posts.tags) as tag
    from prepared.posts
    where
        posts.local_date >= getvariable('from_date')::date
        and posts.local_date < getvariable('to_date')::date
),

used as (
    select
        group_id,
        tag,
        count(*) as posts_count,
        sum(engagement_gained)::bigint as engagement_gained,
        case when count(*) >= 5 then median(engagement_gained) end as median_engagement
    from own_posts
    group by group_id, tag
),

asked as (
    select
        group_id,
        target as tag,
        any_value(kind) as read_as,
        list_sort(list(distinct server)) as servers,
        list(distinct network) as networks,
        count(distinct target) filter (kind = 'hashtag') over (partition by group_id) as own_tags_count
    from stored.sources
    where kind in ('hashtag', 'topic')
    group by group_id, target, kind
),

topic_days as (
    select
        group_id,
        tag,
        sum(posts_count) filter (
            local_date >= getvariable('from_date')::date and local_date < getvariable('to_date')::date
        )::bigint as counted_count,
        min(local_date) as since_date
    from stored.topic_counts
    group by group_id, tag
),

-- found by the group's own tag: why a post is held is kept longer than its words
tagged as (
    select
        group_id,
        count(*) as others_count
    from prepared.thread_posts
    where
        list_contains(whys, 'hashtag')
        and local_date >= getvariable('from_date')::date
        and local_date < getvariable('to_date')::date
    group by group_id
),

own_seen as (
    select
        own_posts.group_id,
        own_posts.tag,
        count(*) as own_seen_count
    from own_posts
    inner join asked on own_posts.group_id = asked.group_id and own_posts.tag = asked.tag
    left join topic_days on own_posts.group_id = topic_days.group_id and own_posts.tag = topic_days.tag
    where
        list_contains(asked.networks, own_posts.network)
        and (asked.read_as = 'hashtag' or own_posts.local_date >= topic_days.since_date)
    group by own_posts.group_id, own_posts.tag
),

seen as (
    select
        used.*,
        asked.read_as,
        coalesce(asked.servers, []::varchar[]) as servers,
        case
            when asked.read_as = 'topic' then coalesce(own_seen.own_seen_count, 0)
            when asked.own_tags_count = 1 then coalesce(own_seen.own_seen_count, 0)
        end as own_seen_count,
        case
            -- a server can show the group's own post to us and not in its feed: then it was seen all the same
            when asked.read_as = 'topic' then greatest(topic_days.counted_count, own_seen.own_seen_count)
            when asked.own_tags_count = 1 then coalesce(own_seen.own_seen_count, 0) + coalesce(tagged.others_count, 0)
        end as seen_count
    from used
    left join asked on used.group_id = asked.group_id and used.tag = asked.tag
    left join topic_days on used.group_id = topic_days.group_id and used.tag = topic_days.tag
    left join tagged on used.group_id = tagged.group_id
    left join own_seen on used.group_id = own_seen.group_id and used.tag = own_seen.tag
)

select
    group_id,
    tag,
    coalesce(read_as, '') as read_as,
    posts_count,
    engagement_gained,
    median_engagement,
    servers,
    own_seen_count,
    seen_count,
    case when own_seen_count >= 5 then 100.0 * own_seen_count / nullif(seen_count, 0) end as seen_share,
    posts_count < 5 as is_too_few
from seen
