-- title: Speed and who answered, with small numbers hidden
-- definition: How quickly a closed quarter's requests were answered, and by whom; small numbers in words. The total and the percentages
--   are given only where no part is hidden.
-- grain: one row per group, closed quarter, chart and part
with parts as (
    select * from suppressed.speed

    union all

    select * from suppressed.answered_by
),

totals as (
    select
        *,
        sum(value) over (partition by group_id, quarter, chart)::bigint as n,
        bool_or(hiding is not null) over (partition by group_id, quarter, chart)
        -- those who were answered are all the waits but 'no reply': their total is hidden when any wait is
        or bool_or(chart = 'speed' and hiding is not null) over (partition by group_id, quarter) as is_any_hidden
    from parts
)

select
    group_id,
    quarter,
    chart,
    part,
    part_order,
    label,
    case when hiding is null then value end as value,
    coalesce(hiding, format('{:,}', value)) as value_text,
    case when not is_any_hidden then n end as n,
    case when is_any_hidden then 'not shown' else format('{:,}', n) end as n_text,
    case when not is_any_hidden then round(100.0 * value / n)::bigint end as percent,
    hiding is not null as is_hidden
from totals
