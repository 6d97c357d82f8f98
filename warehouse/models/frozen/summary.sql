-- title: Summary
-- definition: Four charts over a quarter that is over. Numbers under 5 read "fewer than 5", so that nobody can be recognised. Where that
--   number could be worked out from the others, more is "not shown". A percentage is given only where every part is 5 or more.
-- grain: one row per group, closed quarter, chart and part
-- cannot show: what happened before collecting began; people who only read; answers by phone, at meetings or in private that nobody noted.
--
-- Why this is enough, and which part is hidden beside a small one: suppressed/partners.sql.
with quarters as (
    select
        group_id,
        quarter,
        any_value(quarter_start_date) as quarter_start_date,
        any_value(from_date) as from_date,
        any_value(is_partial) as is_partial,
        any_value(promise_hours) as promise_hours
    from frozen.quarters
    group by group_id, quarter
),

-- in no sum with any other number
single_numbers as (
    select
        group_id,
        quarter,
        chart,
        part || ' ' || kind as part,
        part_order + case kind when 'followers' then 0 else 3 end as part_order,
        case kind when 'followers' then 'Followers at the end of ' else 'Engagement gained in ' end
        || strftime(strptime(part || '-01', '%Y-%m-%d'), '%B') as label,
        value
    from frozen.quarters
    where chart = 'community'

    union all

    select
        group_id,
        quarter,
        chart,
        part,
        part_order,
        'Replies that somebody called misleading or hostile' as label,
        value
    from frozen.quarters
    where chart = 'flagged'

    union all

    select
        group_id,
        quarter,
        'asked' as chart,
        'unknown' as part,
        3 as part_order,
        'Could not be read, and left out' as label,
        sum(value)::bigint as value
    from frozen.quarters
    where chart = 'asked' and kind = 'unknown'
    group by group_id, quarter
),

parts as (
    select * from suppressed.asked

    union all

    select * from suppressed.shares

    union all

    select
        group_id,
        quarter,
        chart,
        part,
        part_order,
        label,
        case when value >= 5 then value end as value,
        case
            when value is null then 'not known'
            when value < 5 then 'fewer than 5'
            else format('{:,}', value)
        end as value_text,
        null as n,
        '' as n_text,
        null as percent,
        coalesce(value < 5, true) as is_hidden
    from single_numbers
)

select
    group_id,
    quarter,
    quarters.quarter_start_date,
    quarters.from_date,
    quarters.is_partial,
    quarters.promise_hours,
    parts.chart,
    parts.part,
    parts.part_order,
    parts.label,
    parts.value,
    parts.value_text,
    parts.n,
    parts.n_text,
    parts.percent,
    parts.is_hidden
from parts
inner join quarters using (group_id, quarter)
