-- title: Each post, and how far it may have gone
-- definition: Reach is a range. Confirmed are the different accounts that we saw replying, quoting or boosting. It could have appeared for up to the
--   group's followers on that network when the post was published, and the followers of those who boosted it: an estimate. Neither
--   network counts who saw a post.
-- grain: one row per group and own post
-- measure engagement_gained: what the post has gained up to now.
-- measure engagement_rate: that for every 100 followers when it was published. Not said under 30 followers.
-- measure followers_count: followers on that network on the day of the post, or the last reading before. Empty: not read, or hidden.
-- measure confirmed_reach_count: different accounts that we saw replying, quoting or boosting.
-- measure possible_reach_count: for how many it could have appeared, at most. Empty: followers not read, or hidden.
-- measure is_at_least: not all who boosted could be read, or some hide how many follow them: it could be more.
-- cannot show: how many people saw a post: neither network says.
with followers as (
    select
        group_id,
        account_id,
        local_date as read_date,
        {'count': followers_count} as followers
    from prepared.follower_days
),

counted as (
    select
        posts.*,
        followers.followers['count'] as followers_count
    from prepared.posts
    asof left join followers
        on posts.group_id = followers.group_id
        and posts.author_id = followers.account_id
        and posts.local_date >= followers.read_date
)

select
    group_id,
    post_id,
    root_id,
    network,
    created_at,
    local_date,
    deleted_at,
    is_reply,
    likes_gained,
    boosts_gained,
    quotes_gained,
    replies_gained,
    engagement_gained,
    followers_count,
    if(followers_count >= 30, 100.0 * engagement_gained / followers_count, null) as engagement_rate,
    confirmed_reach_count,
    case
        when followers_count is not null
            then greatest(confirmed_reach_count, followers_count + coalesce(boosters_followers_count, 0))
    end as possible_reach_count,
    coalesce(is_boosters_partial, false) or (coalesce(boosts_count, 0) > 0 and boosters_followers_count is null) as is_at_least
from counted
