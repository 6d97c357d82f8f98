-- title: Waits, before anything is hidden
-- definition: How many were answered how quickly in a closed quarter, and whether that was within what the group promises.
-- grain: one row per group, closed quarter and length of wait
select
    *,
    case
        when part = '0-1h' then promise_hours >= 1
        when part = '1-4h' then promise_hours >= 4
        when part = '4-24h' then promise_hours >= 24
        when part = '1-3d' then promise_hours >= 72
        when part = '3-7d' then promise_hours >= 168
        else false
    end as is_quick
from frozen.quarters
where chart = 'speed'
