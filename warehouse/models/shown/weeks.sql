-- title: This week
-- definition: How many requests there were, how many were answered within the promise, and what the group's posts gained. A week begins on Monday in
--   the group's own time zone. Requests belong to the week in which they were written.
-- grain: one row per group and week
-- measure asks_count: requests written in this week. Those taken down since are among them.
-- measure due_count: requests of this week whose promise has run out and of which we know whether it was kept.
-- measure answered_in_promise_count: of those due, how many were answered before the promise ran out.
-- measure answered_in_promise_share: answered within the promise, of 100 due. Empty when none is due.
-- measure unknown_count: requests whose promise ran out while we could not read the whole thread. They are in neither figure.
-- measure waiting_count: requests of this week that wait now: unanswered, waiting again or unknown.
-- measure by_group_count: requests of this week answered by the group or its team. Some are answered by peers as well.
-- measure by_peer_count: requests of this week answered by somebody who is not on the team.
-- measure median_hours: half of the requests had their first reply within this many hours. Empty: not reached, or nobody asked.
-- measure is_so_far: the promise of the week's last requests has not run out yet, so its figures may still change.
-- measure has_gap: on at least one day of the week an account of the group was not read.
-- measure is_comparable: a complete week since we began to collect, with readings on at least six of its seven days.
-- measure engagement_gained: likes, boosts, quotes and replies by others that the group's posts gained. It can be negative.
-- measure followers_start: followers on the last day before the week. Empty: not read, or hidden.
-- measure followers_end: followers on the week's last day that was read. Empty: not read, or hidden.
-- measure followers_gained: followers at the end less followers at the start. Empty in the week in which an account was added.
-- cannot show: people who only read; answers by phone, at meetings or in private that nobody noted.
with moment as (
    select getvariable('now_at')::timestamp as now_at
),

days as (
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
        case when bool_and(followers_count is not null) filter (accounts_count > 0) then sum(followers_count)::bigint end
            as followers_count,
        sum(accounts_count) as accounts_count,
        bool_or(has_gap) as has_gap
    from shown.activity_days
    group by group_id, local_date
),

activity as (
    select
        group_id,
        week_start_date,
        sum(likes_gained)::bigint as likes_gained,
        sum(boosts_gained)::bigint as boosts_gained,
        sum(quotes_gained)::bigint as quotes_gained,
        sum(replies_gained)::bigint as replies_gained,
        sum(engagement_gained)::bigint as engagement_gained,
        sum(posts_count)::bigint as posts_count,
        count(*) filter (not has_gap) as read_days_count,
        bool_or(has_gap) as has_gap,
        arg_max(followers_count, local_date) filter (followers_count is not null) as followers_end,
        arg_max(accounts_count, local_date) filter (followers_count is not null) as accounts_end
    from days
    group by group_id, week_start_date
),

ends as (
    select
        activity.*,
        groups.promise_hours,
        timezone('UTC', timezone(groups.timezone, activity.week_start_date + interval 7 days)) as ends_at,
        timezone(groups.timezone, timezone('UTC', groups.collecting_since_at))::date as collecting_since_date,
        before.followers_count as followers_start,
        before.accounts_count as accounts_start
    from activity
    inner join stored.groups on activity.group_id = groups.group_id
    left join days as before
        on activity.group_id = before.group_id
        and before.local_date = activity.week_start_date - 1
)

select
    ends.group_id,
    ends.week_start_date,
    moment.now_at >= ends.ends_at as is_complete,
    moment.now_at < ends.ends_at + to_hours(ends.promise_hours) as is_so_far,
    ends.has_gap,
    moment.now_at >= ends.ends_at
    and coalesce(ends.week_start_date >= ends.collecting_since_date, false)
    and ends.read_days_count >= 6 as is_comparable,
    coalesce(requests.asks_count, 0) as asks_count,
    coalesce(requests.due_count, 0) as due_count,
    coalesce(requests.answered_in_promise_count, 0) as answered_in_promise_count,
    100.0 * requests.answered_in_promise_count / nullif(requests.due_count, 0) as answered_in_promise_share,
    coalesce(requests.unknown_count, 0) as unknown_count,
    coalesce(requests.waiting_count, 0) as waiting_count,
    coalesce(requests.answered_count, 0) as answered_count,
    coalesce(requests.by_group_count, 0) as by_group_count,
    coalesce(requests.by_peer_count, 0) as by_peer_count,
    requests.median_hours,
    requests.p90_hours,
    coalesce(requests.waits_known_count, 0) as waits_known_count,
    ends.posts_count,
    ends.likes_gained,
    ends.boosts_gained,
    ends.quotes_gained,
    ends.replies_gained,
    ends.engagement_gained,
    ends.followers_start,
    ends.followers_end,
    if(ends.accounts_end = ends.accounts_start, ends.followers_end - ends.followers_start, null) as followers_gained
from ends
cross join moment
left join shown.request_weeks as requests
    on ends.group_id = requests.group_id
    and ends.week_start_date = requests.week_start_date
