-- title: What each of the group's posts gained, day by day
-- definition: A count on a day is the last reading of that day, from one named server: the one with the group's account. Gained is the count less
--   the count before. A post first read within 24 hours of publishing starts at 0, any other at its first reading. A gain
--   can be negative, and a post that was taken down keeps its last reading. Replies are those that we hold, by others than the
--   team, on the day they were written.
-- grain: one row per group, own post and local date on which something was read or replied
-- key: root_id
-- needs: select 1 from prepared.thread_posts inner join touched_posts using (post_id, created_at) where list_contains(whys, 'own')
-- measure boosters_followers_count: the followers of those who boosted it, added up as they were last read. Empty: not read. Who they are is not kept.
-- measure is_boosters_partial: some of them hide how many follow them, or the list was longer than we read.
-- measure reported_replies_count: direct replies as the server counts them, private ones perhaps among them.
-- cannot show: how many people saw a post: neither network says.
with own_posts as (
    select
        thread_posts.group_id,
        thread_posts.root_id,
        thread_posts.post_id,
        thread_posts.network,
        thread_posts.created_at,
        thread_posts.is_imported,
        groups.timezone,
        case
            when thread_posts.network = 'bluesky' then 'bluesky'
            else split_part(ltrim(accounts.handle, '@'), '@', 2)
        end as home
    from prepared.thread_posts
    inner join touched_posts using (post_id, created_at)
    inner join stored.groups on thread_posts.group_id = groups.group_id
    left join stored.accounts on thread_posts.author_id = accounts.account_id
    where list_contains(thread_posts.whys, 'own')
),

readings as (
    select
        own_posts.group_id,
        own_posts.post_id,
        own_posts.home,
        observations.* exclude (post_id),
        timezone(own_posts.timezone, timezone('UTC', observations.observed_at))::date as local_date
    from stored.observations
    inner join own_posts on observations.post_id = own_posts.post_id
    where
        observations.observed_at >= getvariable('posts_from_at')::timestamp
        and observations.observed_at >= own_posts.created_at - interval 1 day
),

named_servers as (
    select
        group_id,
        post_id,
        case when bool_or(server = home) then any_value(home) else arg_min(server, (observed_at, server)) end as server,
    from readings
    group by group_id, post_id
),

named_readings as (
    select readings.* exclude (home)
    from readings
    inner join named_servers using (group_id, post_id, server)
),

starts as (
    select
        named_readings.group_id,
        named_readings.post_id,
        any_value(named_readings.server) as server,
        min(named_readings.observed_at) <= any_value(own_posts.created_at) + interval 24 hours
        and not any_value(own_posts.is_imported) as is_read_from_birth,
        min(named_readings.observed_at) filter (named_readings.quotes_count is not null)
            <= any_value(own_posts.created_at) + interval 24 hours
        and not any_value(own_posts.is_imported) as are_quotes_read_from_birth,
        arg_min(named_readings.likes_count, named_readings.observed_at) as likes_count,
        arg_min(named_readings.boosts_count, named_readings.observed_at) as boosts_count,
        arg_min(named_readings.quotes_count, named_readings.observed_at)
            filter (named_readings.quotes_count is not null) as quotes_count
    from named_readings
    inner join own_posts using (group_id, post_id)
    group by named_readings.group_id, named_readings.post_id
),

read_days as (
    select
        group_id,
        post_id,
        local_date,
        arg_max(likes_count, observed_at) as likes_count,
        arg_max(boosts_count, observed_at) as boosts_count,
        arg_max(quotes_count, observed_at) filter (quotes_count is not null) as quotes_count,
        arg_max(replies_count, observed_at) as reported_replies_count,
        arg_max(
            {'followers_count': boosters_followers_count, 'is_partial': is_boosters_partial}, observed_at
        ) filter (boosters_followers_count is not null) as boosters
    from named_readings
    group by group_id, post_id, local_date
),

reply_days as (
    select
        replies.group_id,
        replies.parent_id as post_id,
        replies.local_date,
        count(*) as replies_gained
    from prepared.thread_posts as replies
    inner join touched_posts using (post_id, created_at)
    inner join own_posts on replies.group_id = own_posts.group_id and replies.parent_id = own_posts.post_id
    where not replies.is_by_team and not replies.is_imported
    group by replies.group_id, replies.parent_id, replies.local_date
),

days as (
    select
        group_id,
        post_id,
        local_date,
        coalesce(reply_days.replies_gained, 0) as replies_gained,
        last_value(read_days.likes_count ignore nulls) over so_far as likes_count,
        last_value(read_days.boosts_count ignore nulls) over so_far as boosts_count,
        last_value(read_days.quotes_count ignore nulls) over so_far as quotes_count,
        last_value(read_days.reported_replies_count ignore nulls) over so_far as reported_replies_count,
        last_value(read_days.boosters ignore nulls) over so_far as boosters
    from read_days
    full join reply_days using (group_id, post_id, local_date)
    window so_far as (partition by group_id, post_id order by local_date)
),

gains as (
    select
        days.*,
        own_posts.root_id,
        own_posts.network,
        own_posts.created_at,
        starts.server,
        days.likes_count
        - coalesce(lag(days.likes_count) over by_day, if(starts.is_read_from_birth, 0, starts.likes_count))
            as likes_gained,
        days.boosts_count
        - coalesce(lag(days.boosts_count) over by_day, if(starts.is_read_from_birth, 0, starts.boosts_count))
            as boosts_gained,
        days.quotes_count
        - coalesce(lag(days.quotes_count) over by_day, if(starts.are_quotes_read_from_birth, 0, starts.quotes_count))
            as quotes_gained
    from days
    inner join own_posts using (group_id, post_id)
    left join starts using (group_id, post_id)
    window by_day as (partition by days.group_id, days.post_id order by days.local_date)
)

select
    group_id,
    root_id,
    post_id,
    network,
    server,
    created_at,
    local_date,
    likes_count,
    boosts_count,
    quotes_count,
    reported_replies_count,
    boosters.followers_count as boosters_followers_count,
    boosters.is_partial as is_boosters_partial,
    coalesce(likes_gained, 0) as likes_gained,
    coalesce(boosts_gained, 0) as boosts_gained,
    coalesce(quotes_gained, 0) as quotes_gained,
    replies_gained,
    coalesce(likes_gained, 0) + coalesce(boosts_gained, 0) + coalesce(quotes_gained, 0) + replies_gained
        as engagement_gained
from gains
