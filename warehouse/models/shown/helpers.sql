-- title: Helpers
-- definition: People who wrote an answer to a request in the period, by the day of the answer. The group's own account is one of them, whoever sits behind it.
--   Numbers only: there is no list of who helped, and no order among them.
-- grain: one row per group with an answer or a request in the period
-- measure answers_count: answers written in the period.
-- measure helpers_count: different accounts that wrote them.
-- measure peer_helpers_count: of them, those not on the team.
-- measure by_peer_count: answers written by them.
-- measure first_time_count: helpers not on the team who had not answered before: at least so many. Told only of people whom we have met since
--   we can tell who is new, and who wrote: 90 days after we began to collect at the earliest.
-- measure busiest_count: answers by the one who wrote most of them.
-- measure busiest_share: answers by the busiest one, of 100. A high share means that much hangs on one account. Empty under 5 helpers or 5 answers.
-- measure askers_count: different people whose requests were written in the period.
-- measure both_count: people who asked and also answered somebody else in the period.
-- measure forgotten_count: answers of the period whose writers are forgotten, because their conversations ended long ago (90 days unless the
--   group says otherwise). Where there is one, every number of people is empty.
-- cannot show: help by phone, at meetings or in private; one person with two accounts is two.
with answers as (
    select
        group_id,
        author_id,
        who,
        is_writer_known,
        local_date
    from shown.answers
    where not is_imported and local_date < getvariable('to_date')::date
),

people as (
    select
        group_id,
        author_id,
        bool_or(who = 'peer') as is_peer,
        not bool_and(is_writer_known) as is_forgotten,
        min(local_date) as first_date,
        count(*) filter (local_date >= getvariable('from_date')::date) as answers_count,
        count(*) filter (who = 'peer' and local_date >= getvariable('from_date')::date) as by_peer_count
    from answers
    group by group_id, author_id
),

known_since as (
    select
        groups.group_id,
        greatest(
            max(member_days.local_date) filter (member_days.author_id is null) + 1,
            any_value(groups.collecting_since_at + interval 90 days)::date
        ) as since_date
    from stored.groups
    left join prepared.member_days on groups.group_id = member_days.group_id
    group by groups.group_id
),

met as (
    select
        group_id,
        account_id as author_id,
        min(contacted_at) as contacted_at
    from stored.first_contacts
    group by group_id, account_id
),

askers as (
    select distinct
        group_id,
        author_id
    from shown.request_states
    where
        is_counted
        and local_date >= getvariable('from_date')::date
        and local_date < getvariable('to_date')::date
),

everybody as (
    select
        group_id,
        author_id,
        people.is_peer,
        people.first_date >= getvariable('from_date')::date
        and coalesce(met.contacted_at, people.first_date) >= known_since.since_date as is_first_time,
        coalesce(people.is_forgotten, false) as is_forgotten,
        coalesce(people.answers_count, 0) as answers_count,
        coalesce(people.by_peer_count, 0) as by_peer_count,
        askers.author_id is not null as is_asker,
        answers_count > 0 as is_helper
    from people
    full join askers using (group_id, author_id)
    left join known_since using (group_id)
    left join met using (group_id, author_id)
    where askers.author_id is not null or people.answers_count > 0
)

select
    group_id,
    sum(answers_count)::bigint as answers_count,
    coalesce(sum(answers_count) filter (is_forgotten), 0)::bigint as forgotten_count,
    sum(by_peer_count)::bigint as by_peer_count,
    if(forgotten_count = 0, count(*) filter (is_helper), null) as helpers_count,
    if(forgotten_count = 0, count(*) filter (is_helper and is_peer), null) as peer_helpers_count,
    if(forgotten_count = 0, count(*) filter (is_helper and is_peer and is_first_time), null) as first_time_count,
    if(forgotten_count = 0, max(answers_count), null) as busiest_count,
    case when helpers_count >= 5 and sum(answers_count) >= 5 then 100.0 * max(answers_count) / sum(answers_count) end
        as busiest_share,
    if(forgotten_count = 0, count(*) filter (is_asker), null) as askers_count,
    if(forgotten_count = 0, count(*) filter (is_asker and is_helper), null) as both_count
from everybody
group by group_id
