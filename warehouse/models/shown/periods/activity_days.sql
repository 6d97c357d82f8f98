-- title: Activity, day by day
-- definition: What the group's posts gained and how many people followed, for every day up to today. A day on which we did not
--   read the accounts is a gap: no followers are shown for it, and what was gained then shows on the next day we read.
-- grain: one row per group, network and local date
-- measure likes_gained: likes at the day's end less likes at its start. It can be negative.
-- measure boosts_gained: boosts at the day's end less boosts at its start. A boost shows somebody's post to one's own followers.
-- measure quotes_gained: quotes at the day's end less quotes at its start.
-- measure replies_gained: replies to the group's posts that we hold, by others than the team.
-- measure engagement_gained: likes, boosts, quotes and replies by others, all together.
-- measure followers_count: the last reading of the day, over the group's accounts on this network. Empty: not read, or hidden.
-- measure has_gap: an account of the group was not read on this day. An account counts from its first reading on.
-- measure accounts_count: the group's own accounts on this network that had been read by then.
-- cannot show: people who only read.
with moment as (
    select getvariable('now_at')::timestamp as now_at
),

own_accounts as (
    select
        group_accounts.group_id,
        group_accounts.network,
        group_accounts.account_id,
        min(follower_days.local_date) as first_date
    from stored.group_accounts
    left join prepared.follower_days using (group_id, account_id)
    where group_accounts.role = 'group'
    group by group_accounts.group_id, group_accounts.network, group_accounts.account_id
),

networks as (
    select
        group_id,
        network,
        list(first_date) filter (first_date is not null) as first_dates,
        min(min(first_date)) over (partition by group_id) as read_since_date
    from own_accounts
    group by group_id, network
),

followers as (
    select
        group_id,
        network,
        local_date,
        count(*) as read_count,
        case when bool_and(followers_count is not null) then sum(followers_count)::bigint end as followers_count
    from prepared.follower_days
    semi join own_accounts using (group_id, account_id)
    group by group_id, network, local_date
),

firsts as (
    select
        group_id,
        min(local_date) as first_date
    from (
        select group_id, local_date from prepared.engagement_days
        union all
        select group_id, local_date from prepared.follower_days
        union all
        select group_id, local_date from prepared.requests
    )
    group by group_id
),

-- neither network is older
all_days as (
    select unnest(generate_series(timestamp '2008-01-01', moment.now_at + interval 1 day, interval 1 day))::date as local_date
    from moment
),

calendar as (
    select
        networks.group_id,
        networks.network,
        networks.read_since_date,
        all_days.local_date,
        coalesce(len(list_filter(networks.first_dates, lambda first_date: first_date <= all_days.local_date)), 0)
            as accounts_count
    from networks
    cross join moment
    inner join stored.groups on networks.group_id = groups.group_id
    left join firsts on networks.group_id = firsts.group_id
    inner join all_days
        on all_days.local_date <= timezone(groups.timezone, timezone('UTC', moment.now_at))::date
        and all_days.local_date
        >= coalesce(firsts.first_date, timezone(groups.timezone, timezone('UTC', moment.now_at))::date)
)

select
    group_id,
    network,
    local_date,
    coalesce(engagement_days.likes_gained, 0) as likes_gained,
    coalesce(engagement_days.boosts_gained, 0) as boosts_gained,
    coalesce(engagement_days.quotes_gained, 0) as quotes_gained,
    coalesce(engagement_days.replies_gained, 0) as replies_gained,
    coalesce(engagement_days.engagement_gained, 0) as engagement_gained,
    coalesce(engagement_days.posts_count, 0) as posts_count,
    coalesce(engagement_days.published_engagement, 0) as published_engagement,
    calendar.accounts_count,
    case when followers.read_count >= calendar.accounts_count then followers.followers_count end as followers_count,
    coalesce(followers.read_count, 0) < calendar.accounts_count
    or coalesce(local_date < calendar.read_since_date, true) as has_gap
from calendar
left join prepared.engagement_days using (group_id, network, local_date)
left join followers using (group_id, network, local_date)
