-- title: Asked, month by month, with small numbers hidden
-- definition: How many asked in each month of a closed quarter and how many of them were answered in time; small numbers in words.
-- grain: one row per group, closed quarter and month
with worded_months as (
    select
        months.group_id,
        months.quarter,
        'asked' as chart,
        months.part,
        months.part_order,
        strftime(strptime(months.part || '-01', '%Y-%m-%d'), '%B %Y') as label,
        months.in_time as value,
        months.n,
        rules.has_small_n
        and (months.is_small_n or rules.month_partner is null or months.part = rules.month_partner) as is_n_hidden,
        rules.are_months_closed or months.is_small or (rules.has_small_month and months.part = rules.month_partner)
            as is_hidden,
        case
            when months.is_small_n then 'fewer than 5'
            -- of so few, to say on which side the small part stands would nearly say how large it is
            when months.n < 9 then 'not shown'
            when not is_hidden then format('{:,}', months.in_time)
            when months.in_time < 5 then 'fewer than 5'
            when months.late < 5 and not is_n_hidden then 'all but fewer than 5'
            else 'not shown'
        end as in_time_text
    from suppressed.months
    inner join suppressed.partners as rules using (group_id, quarter)
)

select
    group_id,
    quarter,
    chart,
    part,
    part_order,
    label,
    case when not is_hidden then value end as value,
    case
        when in_time_text = 'fewer than 5' and is_n_hidden then 'fewer than 5'
        when in_time_text = 'not shown' then 'not shown'
        when is_n_hidden then in_time_text
        else in_time_text || ' of ' || format('{:,}', n)
    end as value_text,
    case when not is_n_hidden then n end as n,
    case
        when not is_n_hidden then format('{:,}', n)
        when n < 5 then 'fewer than 5'
        else 'not shown'
    end as n_text,
    case when not is_hidden and not is_n_hidden then round(100.0 * value / n)::bigint end as percent,
    is_hidden
from worded_months
