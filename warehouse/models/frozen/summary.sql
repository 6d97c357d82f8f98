-- title: Summary
-- definition: Four charts over a quarter that is over. Numbers under 5 read "fewer than 5", so that nobody can be recognised. Where that
--   number could be worked out from the others, more is "not shown". A percentage is given only where every part is 5 or more.
-- grain: one row per group, closed quarter, chart and part
-- cannot show: what happened before collecting began; people who only read; answers by phone, at meetings or in private that nobody noted.
--
-- Why this is enough, and which part is hidden beside a small one: suppressed/partners.sql.
with told as (
    select * from suppressed.asked

    union all

    select * from suppressed.speed

    union all

    select * from suppressed.answered_by

    union all

    select
        group_id,
        quarter,
        chart,
        part || ' ' || kind as part,
        part_order + case kind when 'followers' then 0 else 3 end as part_order,
        case kind when 'followers' then 'Followers at the end of ' else 'Engagement gained in ' end
        || strftime(strptime(part || '-01', '%Y-%m-%d'), '%B') as label,
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
    from frozen.quarters
    where chart = 'community'

    union all

    -- in no sum with any other number
    select
        group_id,
        quarter,
        chart,
        part,
        part_order,
        'Replies that somebody called misleading or hostile' as label,
        case when value >= 5 then value end as value,
        case when value >= 5 then format('{:,}', value) else 'fewer than 5' end as value_text,
        null as n,
        '' as n_text,
        null as percent,
        value < 5 as is_hidden
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
        case when sum(value) >= 5 then sum(value)::bigint end as value,
        case when sum(value) >= 5 then format('{:,}', sum(value)::bigint) else 'fewer than 5' end as value_text,
        null as n,
        '' as n_text,
        null as percent,
        sum(value) < 5 as is_hidden
    from frozen.quarters
    where chart = 'asked' and kind = 'unknown'
    group by group_id, quarter
)

select
    told.group_id,
    told.quarter,
    facts.quarter_start_date,
    facts.from_date,
    facts.is_partial,
    facts.promise_hours,
    told.chart,
    told.part,
    told.part_order,
    told.label,
    told.value,
    told.value_text,
    told.n,
    told.n_text,
    told.percent,
    told.is_hidden
from told
inner join (
    select
        group_id,
        quarter,
        any_value(quarter_start_date) as quarter_start_date,
        any_value(from_date) as from_date,
        any_value(is_partial) as is_partial,
        any_value(promise_hours) as promise_hours
    from frozen.quarters
    group by group_id, quarter
) as facts using (group_id, quarter)
