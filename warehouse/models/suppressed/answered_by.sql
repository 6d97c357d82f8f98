-- title: Who answered, with small numbers hidden
-- definition: How many of a closed quarter's requests were answered by other members, by the group or by both; small numbers in words.
-- grain: one row per group, closed quarter and who answered
with speed_facts as (
    select
        group_id,
        quarter,
        bool_or(is_hidden) as has_hidden
    from suppressed.speed
    group by group_id, quarter
),

told_answered_by as (
    select
        raw.group_id,
        raw.quarter,
        raw.chart,
        raw.part,
        raw.part_order,
        case raw.part
            when 'peers' then 'By other members only'
            when 'group' then 'By the group only'
            else 'By both'
        end as label,
        raw.value,
        sum(raw.value) over (partition by raw.group_id, raw.quarter)::bigint as n,
        speed_facts.has_hidden,
        case
            when rules.has_small_helper or rules.has_small_slow or rules.are_months_closed
                then
                    case
                        when rules.helper_partner is null or raw.part = rules.helper_partner then 'not shown'
                        when raw.value < 5 then 'fewer than 5'
                    end
        end as hiding
    from frozen.quarters as raw
    inner join suppressed.partners as rules using (group_id, quarter)
    inner join speed_facts using (group_id, quarter)
    where raw.chart = 'answered_by'
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
from (
    select
        *,
        has_hidden or bool_or(hiding is not null) over (partition by group_id, quarter) as is_any_hidden
    from told_answered_by
)
