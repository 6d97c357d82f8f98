-- title: Speed, and which small numbers of it are hidden
-- definition: How quickly a closed quarter's requests were answered, and what is said in place of a number that is hidden.
-- grain: one row per group, closed quarter and length of wait
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
from suppressed.waits as speed
inner join suppressed.partners as rules using (group_id, quarter)
