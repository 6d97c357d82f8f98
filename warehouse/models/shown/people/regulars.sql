-- title: Who keeps writing
-- definition: People outside the team who wrote to the group in the period, or in one of its conversations: those who wrote before, those who came
--   back after a long silence; and, as of today, regulars who have gone quiet. Who wrote is forgotten some time after a conversation
--   has ended (90 days unless the group says otherwise); only the day of a first contact is kept.
-- grain: one row per group with a post by somebody outside the team
-- measure people_count: different people who wrote in the period. Empty where some of its writers are forgotten.
-- measure first_count: of them, those of whom we know no earlier post. Empty for periods that begin before we had collected for 90 days.
-- measure returning_count: of them, those who wrote before the period too.
-- measure reactivated_count: of them, those whom we met more than 90 days earlier and of whom we hold nothing from the 90 days in between. Empty
--   where we can look back for less than 60 of them.
-- measure forgotten_count: posts of the period whose writers are forgotten.
-- measure regulars_count: as of today: people who wrote on 4 or more of the last 90 days. Empty while we can look back for less.
-- measure lost_count: of those regulars, how many have not written in the last 30 days.
-- cannot show: people who only read, or whom the group meets elsewhere; nobody has to write. One person with two accounts is two.
with today as (
    select
        group_id,
        timezone,
        timezone(timezone, timezone('UTC', getvariable('now_at')::timestamp))::date as today_date,
        timezone(timezone, timezone('UTC', collecting_since_at))::date as since_date
    from stored.groups
),

-- from the day after the last one of which a writer is forgotten
looks_back as (
    select
        member_days.group_id,
        any_value(today.today_date) as today_date,
        any_value(today.since_date) + 90 <= getvariable('from_date')::date as can_tell_who_is_new,
        greatest(any_value(today.since_date), max(member_days.local_date) filter (member_days.author_id is null) + 1)
            as known_date,
        coalesce(sum(member_days.posts_count) filter (
            member_days.author_id is null
            and member_days.local_date >= getvariable('from_date')::date
            and member_days.local_date < getvariable('to_date')::date
        ), 0)::bigint as forgotten_count
    from prepared.member_days
    inner join today using (group_id)
    group by member_days.group_id
),

met as (
    select
        first_contacts.group_id,
        first_contacts.account_id as author_id,
        timezone(any_value(today.timezone), timezone('UTC', min(first_contacts.contacted_at)))::date as met_date
    from stored.first_contacts
    inner join today using (group_id)
    group by first_contacts.group_id, first_contacts.account_id
),

days as (
    select
        group_id,
        author_id,
        local_date,
        local_date >= getvariable('from_date')::date and local_date < getvariable('to_date')::date as is_in_period,
        lag(local_date) over (partition by group_id, author_id order by local_date) as before_date
    from prepared.member_days
    where author_id is not null
),

people as (
    select
        days.group_id,
        days.author_id,
        bool_or(days.is_in_period) as is_in_period,
        least(min(days.local_date), any_value(met.met_date)) >= getvariable('from_date')::date as is_first,
        bool_or(
            days.is_in_period
            and days.local_date - least(coalesce(days.before_date, met.met_date), coalesce(met.met_date, days.before_date)) > 90
            and coalesce(days.local_date - days.before_date > 90, true)
        ) as is_reactivated,
        count(*) filter (days.local_date > looks_back.today_date - 90) >= 4 as is_regular,
        max(days.local_date) <= any_value(looks_back.today_date) - 30 as is_silent
    from days
    inner join looks_back on days.group_id = looks_back.group_id
    left join met on days.group_id = met.group_id and days.author_id = met.author_id
    group by days.group_id, days.author_id
),

sums as (
    select
        group_id,
        count(*) filter (is_in_period) as people_count,
        count(*) filter (is_in_period and is_first) as first_count,
        count(*) filter (is_in_period and not is_first) as returning_count,
        count(*) filter (coalesce(is_reactivated, false)) as reactivated_count,
        count(*) filter (is_regular) as regulars_count,
        count(*) filter (is_regular and is_silent) as lost_count
    from people
    group by group_id
)

select
    looks_back.group_id,
    looks_back.forgotten_count,
    if(looks_back.forgotten_count = 0, coalesce(sums.people_count, 0), null) as people_count,
    if(looks_back.forgotten_count = 0 and can_tell_who_is_new, coalesce(sums.first_count, 0), null) as first_count,
    if(looks_back.forgotten_count = 0 and can_tell_who_is_new, coalesce(sums.returning_count, 0), null) as returning_count,
    case
        when looks_back.forgotten_count = 0 and getvariable('from_date')::date - 60 >= looks_back.known_date
            then coalesce(sums.reactivated_count, 0)
    end as reactivated_count,
    case when looks_back.known_date <= looks_back.today_date - 89 then coalesce(sums.regulars_count, 0) end as regulars_count,
    case when looks_back.known_date <= looks_back.today_date - 89 then coalesce(sums.lost_count, 0) end as lost_count
from looks_back
left join sums using (group_id)
