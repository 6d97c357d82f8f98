-- title: Summary
-- definition: Four charts over a quarter that is over: how many requests were answered within the promise, how fast, by whom, and how the
--   community grew. Numbers under 5 read "fewer than 5", so that nobody can be recognised; where such a number could be worked out from
--   the others, more is "not shown". A quarter is written down seven days after its end and never changes.
-- grain: one row per group, closed quarter, chart and part
-- readers: trustee
-- measure asked: of the requests of a month, how many were answered within the promise. Requests whose thread we could not read whole are left out.
-- measure speed: how long requests waited for their first answer.
-- measure answered_by: who answered: other members, the group's own team, or both.
-- measure community: followers on the last day of the month that was read, and what the group's posts gained in the month.
-- measure flagged: replies that somebody from the team called misleading or hostile in the quarter. From then on they are no answers.
-- cannot show: what happened before collecting began; people who only read; answers by phone, at meetings or in private that nobody noted.
select
    group_id,
    quarter,
    quarter_start_date,
    from_date,
    is_partial,
    promise_hours,
    chart,
    part,
    part_order,
    label,
    value,
    value_text,
    n,
    n_text,
    percent,
    is_hidden
from frozen.summary
