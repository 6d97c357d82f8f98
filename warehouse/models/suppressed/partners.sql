-- title: What must be hidden beside a small number
-- definition: Which parts of a closed quarter are not shown, so that no number under 5 can be worked out from the others.
-- grain: one row per group and closed quarter
--
-- Why this is enough. Whoever adds and subtracts knows: a month's asked = in time + late; the months' in time = the quick answers; the
-- months' late = the slow ones and none; peers + group + both = all answers. So parts fall into blocks whose sums may be known:
-- the months, the quick answers, the slow answers and none, who answered. A small part is safe when another hidden part of its block, its
-- partner, has room to take up any difference: whichever of 0 to 4 the small ones are, the partner stays 5 or more. Where it has
-- no such room nothing of its block is said, not even that a part is small.
-- The partner is always the first part in order that is not small, never the largest: whoever knew that the largest one is hidden would
-- know that it is no smaller than those shown. And whether it has room depends on its sum with the small ones
-- only, which may be known anyway; so neither the choice nor its absence tells anything about a small part.
with month_facts as (
    select
        group_id,
        quarter,
        bool_or(is_small) as has_small,
        bool_or(is_small_n) as has_small_n,
        arg_min({'part': part, 'in_time': in_time, 'late': late}, part_order) filter (not is_small) as first,
        coalesce(sum(in_time_most - in_time) filter (is_small), 0) as rise,
        coalesce(sum(in_time - in_time_least) filter (is_small), 0) as fall,
        if(first['in_time'] - rise >= 5 and first['late'] - fall >= 5, first['part'], null) as partner
    from suppressed.months
    group by group_id, quarter
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
    from suppressed.waits
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
    from frozen.quarters as raw
    inner join blocks using (group_id, quarter)
    where raw.chart = 'answered_by'
    group by raw.group_id, raw.quarter
)

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
    from suppressed.months
    group by group_id, quarter
) as months_between using (group_id, quarter)
