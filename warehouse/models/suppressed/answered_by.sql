-- title: Who answered, and which small numbers of it are hidden
-- definition: How many of a closed quarter's requests were answered by other members, by the group or by both, and what is said in place of
--   a number that is hidden.
-- grain: one row per group, closed quarter and who answered
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
where raw.chart = 'answered_by'
