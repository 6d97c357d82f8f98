-- title: Looking after people
-- definition: Of the period's requests that were answered: how often somebody asked later how they are, and how often the asker wrote again.
-- grain: one row per group with a request in the period
-- measure answered_count: requests of the period that were answered.
-- measure check_due_count: of them, those whose first answer is at least 7 days old.
-- measure checked_back_count: of those, how many somebody who had answered, or the team, wrote in again 1 to 7 days after the first answer.
-- measure came_back_count: of the answered ones, how many where the asker wrote below it after the first answer. A thanks counts.
-- cannot show: a talk in private, by phone or at a meeting.
select
    group_id,
    count(*) filter (first_answer_at is not null) as answered_count,
    count(*) filter (first_answer_at <= getvariable('now_at')::timestamp - interval 7 days) as check_due_count,
    count(*) filter (
        first_answer_at <= getvariable('now_at')::timestamp - interval 7 days and checked_back_at is not null
    ) as checked_back_count,
    count(*) filter (asker_came_back) as came_back_count
from shown.request_states
where
    is_counted
    and not is_imported
    and local_date >= getvariable('from_date')::date
    and local_date < getvariable('to_date')::date
group by group_id
