-- title: Requests, week by week
-- definition: How the requests written in a week stand. Half of them had their first reply within this many hours (nine in ten for the 90th
--   percentile). Those still waiting count as "at least this long", up to when we last read their thread whole. A post taken down counts up to then.
--   Where too few have been answered it says "not reached".
-- grain: one row per group and week with a request
-- measure waits_known_count: the requests that the two times are taken from.
-- measure median_hours: empty when it is not reached.
-- measure p90_hours: the 90th percentile; empty when it is not reached.
-- cannot show: answers by phone, at meetings or in private that nobody noted.
with requests as materialized (
    select
        group_id,
        week_start_date,
        asked_at,
        deleted_at,
        whole_read_at,
        first_answer_at,
        first_answer_hours,
        is_imported,
        is_open,
        is_due,
        is_due_unknown,
        is_answered_in_promise,
        answered_by_group,
        answered_by_peer
    from shown.request_states
    where is_counted
),

waits as (
    select
        group_id,
        week_start_date,
        first_answer_hours is not null as is_answered,
        -- Kaplan–Meier: an open wait is followed until the last whole reading, and no longer
        coalesce(first_answer_hours, epoch(least(whole_read_at, deleted_at) - asked_at) / 3600) as wait_hours
    from requests
    where not is_imported
),

known_waits as (
    select *
    from waits
    where wait_hours >= 0
),

steps as (
    select
        group_id,
        week_start_date,
        wait_hours,
        count(*) filter (is_answered) as answered_count,
        sum(count(*)) over (
            partition by group_id, week_start_date
            order by wait_hours desc
            rows between unbounded preceding and current row
        ) as waiting_count
    from known_waits
    group by group_id, week_start_date, wait_hours
),

curve as (
    select
        *,
        -- a product, written as the sum of logarithms; when all are answered nobody is left waiting
        case
            when bool_or(answered_count = waiting_count) over falling then 0
            else exp(sum(ln(greatest(1 - answered_count / waiting_count, 1e-12))) over falling)
        end as still_waiting_share
    from steps
    window falling as (
        partition by group_id, week_start_date
        order by wait_hours
        rows between unbounded preceding and current row
    )
),

times as (
    select
        group_id,
        week_start_date,
        max(waiting_count)::bigint as waits_known_count,
        min(wait_hours) filter (still_waiting_share <= 0.5 + 1e-9) as median_hours,
        min(wait_hours) filter (still_waiting_share <= 0.1 + 1e-9) as p90_hours
    from curve
    group by group_id, week_start_date
),

counts as (
    select
        group_id,
        week_start_date,
        count(*) as asks_count,
        count(*) filter (is_due) as due_count,
        count(*) filter (is_due and is_answered_in_promise) as answered_in_promise_count,
        count(*) filter (is_due_unknown) as unknown_count,
        count(*) filter (is_open) as waiting_count,
        count(*) filter (first_answer_at is not null) as answered_count,
        count(*) filter (answered_by_group) as by_group_count,
        count(*) filter (answered_by_peer) as by_peer_count
    from requests
    group by group_id, week_start_date
)

select
    counts.*,
    coalesce(times.waits_known_count, 0) as waits_known_count,
    times.median_hours,
    times.p90_hours
from counts
left join times using (group_id, week_start_date)
