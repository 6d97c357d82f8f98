-- title: Activity of a week, or of any period
-- definition: What the group's posts gained and how many people followed, in a week or in the period that is looked at.
-- grain: one row per group, span ('week' or 'period') and first date
-- measure days_count: days of the time that have come, since the first thing we know of.
-- measure read_days_count: of these, the days on which all the group's accounts were read.
-- measure has_gap: on at least one day an account of the group was not read.
-- measure likes_gained: likes at the end less likes at the start, over all the group's posts. It can be negative.
-- measure boosts_gained: boosts at the end less boosts at the start. A boost shows somebody's post to one's own followers.
-- measure quotes_gained: quotes at the end less quotes at the start. A server that does not say how many there are adds none.
-- measure replies_gained: replies to the group's posts that we hold, by others than the team.
-- measure engagement_gained: likes, boosts, quotes and replies by others, all together.
-- measure published_engagement: what the posts published in the time have gained up to now, whenever they gained it.
-- measure engagement_rate: engagement gained in a week for every 100 followers (the mean of the days that were read). Not said under 30
--   followers or 3 posts.
-- measure followers_start: followers on the last day before. Empty: not read, or hidden.
-- measure followers_end: followers on the last day that was read. Empty: not read, or hidden.
-- measure followers_gained: followers at the end less followers at the start. Empty where an account was added in between.
-- measure growth_percent: the same for every 100 followers at the start. Empty: from none, or not known.
-- cannot show: people who only read.
with days as (
    select
        group_id,
        local_date,
        date_trunc('week', local_date)::date as week_start_date,
        sum(likes_gained)::bigint as likes_gained,
        sum(boosts_gained)::bigint as boosts_gained,
        sum(quotes_gained)::bigint as quotes_gained,
        sum(replies_gained)::bigint as replies_gained,
        sum(engagement_gained)::bigint as engagement_gained,
        sum(posts_count)::bigint as posts_count,
        sum(published_engagement)::bigint as published_engagement,
        case when bool_and(followers_count is not null) filter (accounts_count > 0) then sum(followers_count)::bigint end
            as followers_count,
        sum(accounts_count)::bigint as accounts_count,
        bool_or(has_gap) as has_gap
    from shown.activity_days
    group by group_id, local_date
),

remembered as materialized (
    select
        *,
        lag(followers_count) over by_day as followers_before,
        lag(accounts_count) over by_day as accounts_before
    from days
    window by_day as (partition by group_id order by local_date)
),

spanned as (
    select
        'week' as span,
        week_start_date as from_date,
        week_start_date + 7 as to_date,
        remembered.*
    from remembered

    union all

    select
        'period' as span,
        getvariable('from_date')::date as from_date,
        getvariable('to_date')::date as to_date,
        remembered.*
    from remembered
    where local_date >= getvariable('from_date')::date and local_date < getvariable('to_date')::date
),

sums as (
    select
        group_id,
        span,
        from_date,
        any_value(to_date) as to_date,
        sum(likes_gained)::bigint as likes_gained,
        sum(boosts_gained)::bigint as boosts_gained,
        sum(quotes_gained)::bigint as quotes_gained,
        sum(replies_gained)::bigint as replies_gained,
        sum(engagement_gained)::bigint as engagement_gained,
        sum(posts_count)::bigint as posts_count,
        sum(published_engagement)::bigint as published_engagement,
        count(*) as days_count,
        count(*) filter (not has_gap) as read_days_count,
        bool_or(has_gap) as has_gap,
        max(followers_before) filter (local_date = from_date) as followers_start,
        max(accounts_before) filter (local_date = from_date) as accounts_start,
        avg(followers_count) as followers_mean,
        arg_max(followers_count, local_date) filter (followers_count is not null) as followers_end,
        arg_max(accounts_count, local_date) filter (followers_count is not null) as accounts_end
    from spanned
    group by group_id, span, from_date
)

select
    *,
    if(accounts_end = accounts_start, followers_end - followers_start, null) as followers_gained,
    if(accounts_end = accounts_start, 100.0 * (followers_end - followers_start) / nullif(followers_start, 0), null) as growth_percent,
    case
        when followers_mean >= 30 and posts_count >= 3 then 100.0 * engagement_gained / (days_count / 7) / followers_mean
    end as engagement_rate
from sums
