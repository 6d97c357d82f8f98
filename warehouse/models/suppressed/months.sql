-- title: Months, before anything is hidden
-- definition: What was asked in each month of a closed quarter, and how far a small number may be from what it is, for all that is said of it.
-- grain: one row per group, closed quarter and month
with raw as (
    select
        *,
        -- the promise lies inside a bucket: then the months' numbers cut through it
        promise_hours not in (1, 4, 24, 72, 168) as is_between
    from frozen.quarters
),

asked as (
    select
        group_id,
        quarter,
        part,
        any_value(part_order) as part_order,
        any_value(is_between) as is_between,
        sum(value) filter (kind = 'in_time')::bigint as in_time,
        sum(value) filter (kind = 'late')::bigint as late,
        sum(value) filter (kind in ('in_time', 'late'))::bigint as n
    from raw
    where chart = 'asked'
    group by group_id, quarter, part
)

select
    *,
    in_time < 5 or late < 5 as is_small,
    n < 5 as is_small_n,
    -- how far what was in time may be from what it is, for all that is said of a small month
    case when n < 9 or in_time < 5 then 0 when late < 5 then n - 4 end as in_time_least,
    case when n < 5 then 4 when n < 9 then n when in_time < 5 then 4 when late < 5 then n end as in_time_most
from asked
