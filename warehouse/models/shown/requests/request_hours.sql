-- title: When people reach out
-- definition: Requests of the period by the weekday and hour at which they were written, and answers of the period by when those were written, on
--   the clock of the group. In the night when an hour comes twice, both count as that hour.
-- grain: one row per group, weekday and hour with a request or an answer
-- measure requests_count: requests written in this hour of the week.
-- measure answers_count: answers to requests written in this hour of the week, by the group or by peers.
-- cannot show: people who only read, phone calls, meetings and private messages.
with written as (
    select
        group_id,
        local_weekday,
        local_hour,
        1 as request_count,
        0 as answer_count
    from shown.request_states
    where
        is_counted
        and not is_imported
        and local_date >= getvariable('from_date')::date
        and local_date < getvariable('to_date')::date

    union all

    select
        group_id,
        local_weekday,
        local_hour,
        0 as request_count,
        1 as answer_count
    from shown.answers
    where
        not is_imported
        and local_date >= getvariable('from_date')::date
        and local_date < getvariable('to_date')::date
)

select
    group_id,
    local_weekday,
    local_hour,
    sum(request_count)::bigint as requests_count,
    sum(answer_count)::bigint as answers_count
from written
group by group_id, local_weekday, local_hour
