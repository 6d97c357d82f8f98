-- title: Summary
-- definition: Four charts over a quarter that is over. Numbers under 5 read "fewer than 5", so that nobody can be recognised. Where that
--   number could be worked out from the others, more is "not shown". A percentage is given only where every part is 5 or more.
-- grain: one row per group, closed quarter, chart and part
-- cannot show: what happened before collecting began; people who only read; answers by phone, at meetings or in private that nobody noted.
--
-- Why this is enough. Whoever adds and subtracts knows: a month's asked = in time + late; the months' in time = the quick answers; the
-- months' late = the slow ones and none; peers + group + both = all answers. So parts fall into blocks whose sums may be known:
-- the months, the quick answers, the slow answers and none, who answered. A small part is safe when another hidden part of its block, its
-- partner, has room to take up any difference: whichever of 0 to 4 the small ones are, the partner stays 5 or more. Where it has
-- no such room nothing of its block is said, not even that a part is small.
-- The partner is always the first part in order that is not small, never the largest: whoever knew that the largest one is hidden would
-- know that it is no smaller than those shown. And whether it has room depends on its sum with the small ones
-- only, which may be known anyway; so neither the choice nor its absence tells anything about a small part.
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
),

months as (
    select
        *,
        in_time < 5 or late < 5 as is_small,
        n < 5 as is_small_n,
        -- how far what was in time may be from what it is, for all that is said of a small month
        case when n < 9 or in_time < 5 then 0 when late < 5 then n - 4 end as in_time_least,
        case when n < 5 then 4 when n < 9 then n when in_time < 5 then 4 when late < 5 then n end as in_time_most
    from asked
),

month_facts as (
    select
        group_id,
        quarter,
        bool_or(is_small) as has_small,
        bool_or(is_small_n) as has_small_n,
        arg_min({'part': part, 'in_time': in_time, 'late': late}, part_order) filter (not is_small) as first,
        coalesce(sum(in_time_most - in_time) filter (is_small), 0) as rise,
        coalesce(sum(in_time - in_time_least) filter (is_small), 0) as fall,
        if(first['in_time'] - rise >= 5 and first['late'] - fall >= 5, first['part'], null) as partner
    from months
    group by group_id, quarter
),

speed as (
    select
        raw.*,
        case
            when part = '0-1h' then promise_hours >= 1
            when part = '1-4h' then promise_hours >= 4
            when part = '4-24h' then promise_hours >= 24
            when part = '1-3d' then promise_hours >= 72
            when part = '3-7d' then promise_hours >= 168
            else false
        end as is_quick
    from raw
    where chart = 'speed'
),

blocks as (
    select
        group_id,
        quarter,
        bool_or(value < 5) filter (is_quick) as has_small_quick,
        bool_or(value < 5) filter (not is_quick) as has_small_slow,
        bool_and(value < 5) filter (not is_quick) as has_only_small_slow,
        arg_min({'part': part, 'value': value}, part_order) filter (is_quick and value >= 5) as quick_first,
        arg_min({'part': part, 'value': value}, part_order) filter (not is_quick and value >= 5) as slow_first,
        coalesce(sum(4 - value) filter (is_quick and value < 5), 0) as quick_rise,
        coalesce(sum(4 - value) filter (not is_quick and value < 5), 0) as slow_rise,
        coalesce(sum(value) filter (not is_quick and value < 5), 0) as slow_small_sum,
        if(quick_first['value'] - quick_rise >= 5, quick_first['part'], null) as quick_partner,
        if(slow_first['value'] - slow_rise >= 5, slow_first['part'], null) as slow_partner,
        -- how many fewer may have been answered than were, for all that is said of the slow ones and none
        case
            when slow_partner = 'none' then slow_small_sum
            else coalesce(sum(4 - value) filter (part = 'none' and value < 5), 0)
        end as answered_rise
    from speed
    group by group_id, quarter
),

helper_facts as (
    select
        raw.group_id,
        raw.quarter,
        bool_or(raw.value < 5) as has_small,
        arg_min({'part': raw.part, 'value': raw.value}, raw.part_order) filter (raw.value >= 5) as first,
        coalesce(sum(4 - raw.value) filter (raw.value < 5), 0) as rise,
        if(first['value'] - rise - any_value(blocks.answered_rise) >= 5, first['part'], null) as partner
    from raw
    inner join blocks using (group_id, quarter)
    where raw.chart = 'answered_by'
    group by raw.group_id, raw.quarter
),

rules as (
    select
        month_facts.group_id,
        month_facts.quarter,
        month_facts.has_small as has_small_month,
        month_facts.has_small_n,
        month_facts.partner as month_partner,
        -- no month can take up the difference, or the months cut through a bucket: then no month's share is said
        (month_facts.has_small and month_facts.partner is null)
        or (months_between.is_between and (month_facts.has_small or blocks.has_small_quick or blocks.has_small_slow))
            as are_months_closed,
        coalesce(blocks.has_small_quick, false) as has_small_quick,
        coalesce(blocks.has_small_slow, false) as has_small_slow,
        blocks.has_only_small_slow,
        blocks.quick_partner,
        blocks.slow_partner,
        helper_facts.has_small as has_small_helper,
        helper_facts.partner as helper_partner
    from month_facts
    inner join blocks using (group_id, quarter)
    inner join helper_facts using (group_id, quarter)
    inner join (
        select
            group_id,
            quarter,
            bool_or(is_between) as is_between
        from asked
        group by group_id, quarter
    ) as months_between using (group_id, quarter)
),

told_months as (
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
            when not (rules.are_months_closed or months.is_small
                or (rules.has_small_month and months.part = rules.month_partner)) then format('{:,}', months.in_time)
            when months.in_time < 5 then 'fewer than 5'
            when months.late < 5 and not is_n_hidden then 'all but fewer than 5'
            else 'not shown'
        end as in_time_text
    from months
    inner join rules using (group_id, quarter)
),

told_speed as (
    select
        speed.group_id,
        speed.quarter,
        'speed' as chart,
        speed.part,
        speed.part_order,
        case speed.part
            when '0-1h' then 'Within an hour'
            when '1-4h' then '1 to 4 hours'
            when '4-24h' then '4 to 24 hours'
            when '1-3d' then '1 to 3 days'
            when '3-7d' then '3 to 7 days'
            when 'over-7d' then 'Over 7 days'
            else 'No reply'
        end as label,
        speed.value,
        sum(speed.value) over (partition by speed.group_id, speed.quarter)::bigint as n,
        case
            when speed.is_quick and (rules.has_small_quick or rules.are_months_closed)
                then
                    case
                        when rules.quick_partner is null or speed.part = rules.quick_partner then 'not shown'
                        when speed.value < 5 then 'fewer than 5'
                    end
            when not speed.is_quick and (rules.has_small_slow or rules.are_months_closed)
                then
                    case
                        when speed.part = rules.slow_partner then 'not shown'
                        -- few were late in any month: then nothing gives the sum of the slow ones away
                        when rules.are_months_closed and rules.has_only_small_slow then 'fewer than 5'
                        when rules.slow_partner is null then 'not shown'
                        when speed.value < 5 then 'fewer than 5'
                    end
        end as hiding
    from speed
    inner join rules using (group_id, quarter)
),

speed_facts as (
    select
        group_id,
        quarter,
        bool_or(hiding is not null) as has_hidden
    from told_speed
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
    from raw
    inner join rules using (group_id, quarter)
    inner join speed_facts using (group_id, quarter)
    where raw.chart = 'answered_by'
),

told as (
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
    from told_months

    union all

    select
        told_speed.group_id,
        told_speed.quarter,
        told_speed.chart,
        told_speed.part,
        told_speed.part_order,
        told_speed.label,
        case when told_speed.hiding is null then told_speed.value end as value,
        coalesce(told_speed.hiding, format('{:,}', told_speed.value)) as value_text,
        case when not speed_facts.has_hidden then told_speed.n end as n,
        case when speed_facts.has_hidden then 'not shown' else format('{:,}', told_speed.n) end as n_text,
        case when not speed_facts.has_hidden then round(100.0 * told_speed.value / told_speed.n)::bigint end as percent,
        told_speed.hiding is not null as is_hidden
    from told_speed
    inner join speed_facts using (group_id, quarter)

    union all

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
    from raw
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
    from raw
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
    from raw
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
