-- title: Night cover
-- definition: Requests of the period by the local hour and weekday at which they were written: how many came, how many of those due were
--   answered within the promise, and how long half of them waited for a first reply. Night is from 21:00 to 08:00.
-- grain: one row per group, level and cell with a request
-- measure level: hour: one hour of one weekday. block: four hours of one weekday. day hour: one hour, all weekdays together. part: night or day.
-- measure requests_count: requests written in these hours.
-- measure due_count: of them, those whose promise has run out and of which we know whether it was kept.
-- measure answered_in_promise_count: of those due, how many were answered before the promise ran out.
-- measure unknown_count: those whose promise ran out while we could not read the whole thread. They are in neither figure.
-- measure answered_in_promise_share: answered within the promise, of 100 due. Empty under 5 due: too few to say.
-- measure median_hours: half of the requests had their first reply within this many hours; those still waiting count as at least as long as
--   we have looked. Empty when it is not reached, and under 5 requests: too few to say.
-- measure waits_known_count: the requests that the median is taken from.
-- cannot show: people who only read; answers by phone, at meetings or in private that nobody noted.
with requests as materialized (
    select
        group_id,
        local_weekday,
        local_hour,
        asked_at,
        deleted_at,
        whole_read_at,
        first_answer_hours,
        is_due,
        is_due_unknown,
        is_answered_in_promise
    from shown.request_states
    where
        is_counted
        and not is_imported
        and local_date >= getvariable('from_date')::date
        and local_date < getvariable('to_date')::date
),

placed as (
    select
        *,
        first_answer_hours is not null as is_answered,
        -- Kaplan–Meier: an open wait is followed until the last whole reading, and no longer
        coalesce(first_answer_hours, epoch(least(whole_read_at, deleted_at) - asked_at) / 3600) as wait_hours,
        unnest([
            {'level': 'hour', 'weekday': local_weekday::integer, 'from_hour': local_hour::integer, 'hours': 1},
            {'level': 'block', 'weekday': local_weekday::integer, 'from_hour': local_hour::integer // 4 * 4, 'hours': 4},
            {'level': 'day hour', 'weekday': 0, 'from_hour': local_hour::integer, 'hours': 1},
            case
                when local_hour >= 21 or local_hour < 8 then {'level': 'part', 'weekday': 0, 'from_hour': 21, 'hours': 11}
                else {'level': 'part', 'weekday': 0, 'from_hour': 8, 'hours': 13}
            end
        ]) as cell
    from requests
),

sums as (
    select
        group_id,
        cell,
        count(*) as requests_count,
        count(*) filter (is_due) as due_count,
        count(*) filter (is_due and is_answered_in_promise) as answered_in_promise_count,
        count(*) filter (is_due_unknown) as unknown_count,
        count(*) filter (wait_hours >= 0) as waits_known_count
    from placed
    group by group_id, cell
),

steps as (
    select
        group_id,
        cell,
        wait_hours,
        count(*) filter (is_answered) as answered_count,
        sum(count(*)) over (
            partition by group_id, cell
            order by wait_hours desc
            rows between unbounded preceding and current row
        ) as waiting_count
    from placed
    where wait_hours >= 0
    group by group_id, cell, wait_hours
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
        partition by group_id, cell
        order by wait_hours
        rows between unbounded preceding and current row
    )
),

medians as (
    select
        group_id,
        cell,
        min(wait_hours) filter (still_waiting_share <= 0.5 + 1e-9) as median_hours
    from curve
    group by group_id, cell
)

select
    sums.group_id,
    sums.cell['level'] as level,
    sums.cell['weekday'] as weekday,
    sums.cell['from_hour'] as from_hour,
    sums.cell['hours'] as hours,
    sums.requests_count,
    sums.due_count,
    sums.answered_in_promise_count,
    sums.unknown_count,
    case when sums.due_count >= 5 then 100.0 * sums.answered_in_promise_count / sums.due_count end
        as answered_in_promise_share,
    case when sums.waits_known_count >= 5 then medians.median_hours end as median_hours,
    sums.waits_known_count
from sums
left join medians on sums.group_id = medians.group_id and sums.cell = medians.cell
