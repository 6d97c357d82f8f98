-- title: Closed quarters
-- definition: The exact numbers of a quarter, written once, seven days after it ended, and never changed. Only for the summary
--   to be made of. Requests are those whose promise ran out and of which we know whether it was kept.
-- grain: one row per group, closed quarter, chart, part and kind
-- cannot show: what happened before collecting began; people who only read; answers that nobody noted.
with quarters as (
    select
        touched_quarters.group_id,
        touched_quarters.quarter_start_date,
        groups.promise_hours,
        greatest(
            touched_quarters.quarter_start_date,
            timezone(groups.timezone, timezone('UTC', groups.collecting_since_at))::date
        ) as from_date,
        touched_quarters.quarter_start_date + interval 3 months as to_date
    from touched_quarters
    inner join stored.groups on touched_quarters.group_id = groups.group_id
),

months as (
    select
        quarters.*,
        unnest([0, 1, 2]) as month_order,
        (quarters.quarter_start_date + to_months(month_order))::date as month_start_date
    from quarters
),

requests as materialized (
    select
        quarters.group_id,
        quarters.quarter_start_date,
        date_trunc('month', request_states.local_date)::date as month_start_date,
        request_states.is_due,
        request_states.is_due_unknown,
        request_states.is_answered_in_promise,
        request_states.first_answer_hours,
        request_states.answered_by_group,
        request_states.answered_by_peer
    from shown.request_states
    inner join quarters
        on request_states.group_id = quarters.group_id
        and request_states.local_date >= quarters.from_date
        and request_states.local_date < quarters.to_date
    where request_states.is_counted and (request_states.is_due or request_states.is_due_unknown)
),

asked as (
    select
        months.group_id,
        months.quarter_start_date,
        'asked' as chart,
        strftime(months.month_start_date, '%Y-%m') as part,
        months.month_order as part_order,
        unnest(['in_time', 'late', 'unknown']) as kind,
        unnest([
            count(*) filter (requests.is_due and requests.is_answered_in_promise),
            count(*) filter (requests.is_due and not requests.is_answered_in_promise),
            count(*) filter (requests.is_due_unknown)
        ]) as value
    from months
    left join requests
        on months.group_id = requests.group_id
        and months.quarter_start_date = requests.quarter_start_date
        and months.month_start_date = requests.month_start_date
    group by months.group_id, months.quarter_start_date, months.month_start_date, months.month_order
),

buckets as (
    select *
    from (
        values
        ('0-1h', 0, -1.0, 1.0),
        ('1-4h', 1, 1.0, 4.0),
        ('4-24h', 2, 4.0, 24.0),
        ('1-3d', 3, 24.0, 72.0),
        ('3-7d', 4, 72.0, 168.0),
        ('over-7d', 5, 168.0, 1e9),
        ('none', 6, null, null)
    ) as listed (part, part_order, over_hours, up_to_hours)
),

speed as (
    select
        quarters.group_id,
        quarters.quarter_start_date,
        'speed' as chart,
        buckets.part,
        buckets.part_order,
        '' as kind,
        count(requests.group_id) as value
    from quarters
    cross join buckets
    left join requests
        on quarters.group_id = requests.group_id
        and quarters.quarter_start_date = requests.quarter_start_date
        and requests.is_due
        and case
            when buckets.over_hours is null then requests.first_answer_hours is null
            else requests.first_answer_hours > buckets.over_hours
                and requests.first_answer_hours <= buckets.up_to_hours
        end
    group by quarters.group_id, quarters.quarter_start_date, buckets.part, buckets.part_order
),

answered_by as (
    select
        quarters.group_id,
        quarters.quarter_start_date,
        'answered_by' as chart,
        unnest(['peers', 'group', 'both']) as part,
        unnest([0, 1, 2]) as part_order,
        '' as kind,
        unnest([
            count(*) filter (requests.answered_by_peer and not requests.answered_by_group),
            count(*) filter (requests.answered_by_group and not requests.answered_by_peer),
            count(*) filter (requests.answered_by_group and requests.answered_by_peer)
        ]) as value
    from quarters
    left join requests
        on quarters.group_id = requests.group_id
        and quarters.quarter_start_date = requests.quarter_start_date
        and requests.is_due
    group by quarters.group_id, quarters.quarter_start_date
),

days as (
    select
        group_id,
        local_date,
        sum(engagement_gained)::bigint as engagement_gained,
        case when bool_and(followers_count is not null) filter (accounts_count > 0) then sum(followers_count)::bigint end
            as followers_count
    from shown.activity_days
    group by group_id, local_date
),

community as (
    select
        months.group_id,
        months.quarter_start_date,
        'community' as chart,
        strftime(months.month_start_date, '%Y-%m') as part,
        months.month_order as part_order,
        unnest(['followers', 'engagement']) as kind,
        unnest([
            -- the last day of the month that was read, if it was in the month's last week
            arg_max(days.followers_count, days.local_date) filter (
                days.followers_count is not null
                and days.local_date >= months.month_start_date + interval 1 month - interval 7 days
            ),
            sum(days.engagement_gained)::bigint
        ]) as value
    from months
    left join days
        on months.group_id = days.group_id
        and days.local_date >= greatest(months.month_start_date, months.from_date)
        and days.local_date < months.month_start_date + interval 1 month
    group by months.group_id, months.quarter_start_date, months.month_start_date, months.month_order
),

-- replies that somebody called misleading or hostile in the quarter: from then on they are no answers
flagged as (
    select
        quarters.group_id,
        quarters.quarter_start_date,
        'flagged' as chart,
        'flagged' as part,
        0 as part_order,
        '' as kind,
        count(judgements.post_id) as value
    from quarters
    inner join stored.groups on quarters.group_id = groups.group_id
    left join shown.judgements
        on quarters.group_id = judgements.group_id
        and judgements.flag in ('misleading', 'hostile')
        and timezone(groups.timezone, timezone('UTC', judgements.decided_at))::date >= quarters.from_date
        and timezone(groups.timezone, timezone('UTC', judgements.decided_at))::date < quarters.to_date
    group by quarters.group_id, quarters.quarter_start_date
),

parts as (
    select * from asked
    union all
    select * from flagged
    union all
    select * from speed
    union all
    select * from answered_by
    union all
    select * from community
)

select
    parts.group_id,
    strftime(parts.quarter_start_date, '%Y-Q') || quarter(parts.quarter_start_date) as quarter,
    parts.quarter_start_date,
    quarters.promise_hours,
    quarters.from_date,
    quarters.from_date > parts.quarter_start_date as is_partial,
    parts.chart,
    parts.part,
    parts.part_order,
    parts.kind,
    parts.value,
    getvariable('now_at')::timestamp as frozen_at
from parts
inner join quarters using (group_id, quarter_start_date)
