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
-- measure forgotten_count: answers of the period whose writers are forgotten: the talk ended long ago (90 days, unless the group says
--   otherwise). Where there is one, every number of people is empty.
-- cannot show: help by phone, at meetings or in private; one person with two accounts is two.
with written as (
    select
        group_id,
        author_id,
        who = 'peer' as is_peer,
        is_writer_known,
        local_date as answered_date,
        local_date >= getvariable('from_date')::date as is_answer,
        false as is_request
    from shown.answers
    where not is_imported and local_date < getvariable('to_date')::date

    union all

    select
        group_id,
        author_id,
        null as is_peer,
        true as is_writer_known,
        null as answered_date,
        false as is_answer,
        true as is_request
    from shown.request_states
    where
        is_counted
        and local_date >= getvariable('from_date')::date
        and local_date < getvariable('to_date')::date
),

people as (
    select
        group_id,
        author_id,
        bool_or(is_peer) as is_peer,
        min(answered_date) as first_date,
        not bool_and(is_writer_known) as is_forgotten,
        count(*) filter (is_answer) as answers_count,
        count(*) filter (is_answer and is_peer) as by_peer_count,
        bool_or(is_answer) as is_helper,
        bool_or(is_request) as is_asker
    from written
    group by group_id, author_id
    having bool_or(is_answer or is_request)
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

everybody as (
    select
        people.*,
        people.first_date >= getvariable('from_date')::date
        and coalesce(met.contacted_at, people.first_date) >= known_since.since_date as is_first_time
    from people
    left join known_since on people.group_id = known_since.group_id
    left join met on people.group_id = met.group_id and people.author_id = met.author_id
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
