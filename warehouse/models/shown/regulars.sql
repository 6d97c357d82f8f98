-- title: Who keeps writing
-- definition: People outside the team who wrote to the group in the period, or in one of its conversations: those who wrote before, those who came
--   back after a long silence, and regulars who have gone quiet.
-- grain: one row per group with a post by somebody outside the team
-- measure people_count: different people who wrote in the period.
-- measure first_count: of them, those of whom we know no earlier post.
-- measure returning_count: of them, those who wrote before the period too.
-- measure reactivated_count: of them, those who wrote after more than 90 days of silence.
-- measure regulars_count: people who wrote on 4 or more days of the 90 days that lie before the last 30 days of the period. The period
--   ends today at the latest. Empty while we have not collected for 120 days.
-- measure lost_count: of those regulars, how many have not written in the last 30 days.
-- cannot show: people who only read, or whom the group meets elsewhere; nobody has to write. One person with two accounts is two.
with ends as (
    select
        groups.group_id,
        least(
            getvariable('to_date')::date,
            timezone(groups.timezone, timezone('UTC', getvariable('now_at')::timestamp))::date + 1
        ) as end_date,
        timezone(groups.timezone, timezone('UTC', groups.collecting_since_at))::date as since_date
    from stored.groups
),

days as (
    select
        member_days.group_id,
        member_days.author_id,
        member_days.local_date,
        ends.end_date,
        ends.since_date,
        member_days.local_date >= getvariable('from_date')::date as is_in_period,
        lag(member_days.local_date) over (
            partition by member_days.group_id, member_days.author_id
            order by member_days.local_date
        ) as before_date
    from prepared.member_days
    inner join ends on member_days.group_id = ends.group_id
    where member_days.local_date < getvariable('to_date')::date
),

people as (
    select
        group_id,
        author_id,
        any_value(end_date) as end_date,
        any_value(since_date) as since_date,
        bool_or(is_in_period) as is_in_period,
        min(local_date) >= getvariable('from_date')::date as is_first,
        bool_or(is_in_period and local_date - before_date > 90) as is_reactivated,
        count(*) filter (local_date >= end_date - 120 and local_date < end_date - 30) >= 4 as is_regular,
        max(local_date) < any_value(end_date) - 30 as is_silent
    from days
    group by group_id, author_id
)

select
    group_id,
    count(*) filter (is_in_period) as people_count,
    count(*) filter (is_in_period and is_first) as first_count,
    count(*) filter (is_in_period and not is_first) as returning_count,
    count(*) filter (coalesce(is_reactivated, false)) as reactivated_count,
    case when any_value(since_date) <= any_value(end_date) - 120 then count(*) filter (is_regular) end as regulars_count,
    case when any_value(since_date) <= any_value(end_date) - 120 then count(*) filter (is_regular and is_silent) end
        as lost_count
from people
group by group_id
