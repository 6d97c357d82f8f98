-- title: Newcomers
-- definition: People whose first post to the group that we know of lies in the period. They can be told once we have collected for 90 days:
--   before that everybody looks new. A first post may be an ask or a hello.
-- grain: one row per group that has collected for 90 days by the end of the period
-- measure newcomers_count: people who wrote for the first time.
-- measure due_count: of them, those whose first post is a day old and of whom we know whether they were answered. Left out: first posts taken down within
--   the day, and brought over from another service.
-- measure answered_count: of those due, how many had an answer by anybody within 24 hours.
-- measure unknown_count: those whose day ran out while we could not read the whole thread. They are in neither figure.
-- measure settled_count: newcomers whose first post is at least 30 days old and of whom we still know what else they wrote: who wrote is
--   forgotten some time after a conversation has ended.
-- measure came_back_count: of those, how many wrote again on a later day within 30 days.
-- measure known_from_date: the first day on which somebody new can be told from somebody we had not met yet.
-- cannot show: people who only read; one person with two accounts is two; somebody who wrote years ago, before we began, looks new.
with moment as (
    select getvariable('now_at')::timestamp as now_at
),

known as (
    select
        group_id,
        timezone,
        collecting_since_at + interval 90 days as known_from_at,
        timezone(timezone, timezone('UTC', collecting_since_at + interval 90 days))::date as known_from_date
    from stored.groups
    where collecting_since_at is not null
),

firsts as (
    select
        posts.group_id,
        posts.author_id,
        posts.local_date,
        posts.created_at,
        posts.is_imported,
        posts.is_writer_known,
        posts.created_at + interval 1 day as due_at,
        posts.deleted_at,
        posts.whole_read_at,
        least(
            if(judgements.is_recounted, judgements.first_by_group_at, posts.first_by_group_at),
            if(judgements.is_recounted, judgements.first_by_peer_at, posts.first_by_peer_at),
            case
                when judgements.outcome in ('answered here', 'answered elsewhere')
                    then greatest(judgements.outcome_at, posts.created_at)
            end
        ) as first_answer_at
    from prepared.addressed_posts as posts
    inner join known on posts.group_id = known.group_id and posts.created_at >= known.known_from_at
    left join shown.judgements on posts.group_id = judgements.group_id and posts.post_id = judgements.post_id
    where
        posts.is_first_contact
        and not posts.is_bot
        and posts.local_date >= getvariable('from_date')::date
        and posts.local_date < getvariable('to_date')::date
),

came_back as (
    select distinct
        firsts.group_id,
        firsts.author_id
    from firsts
    inner join prepared.member_days
        on firsts.group_id = member_days.group_id
        and firsts.author_id = member_days.author_id
        and member_days.local_date > firsts.local_date
        and member_days.local_date <= firsts.local_date + 30
    where
        member_days.local_date >= getvariable('from_date')::date
        and member_days.local_date < getvariable('to_date')::date + 31
),

told as (
    select
        firsts.group_id,
        not firsts.is_imported
        and firsts.due_at <= moment.now_at
        and coalesce(firsts.deleted_at >= firsts.due_at, true) as is_run_out,
        firsts.first_answer_at is not null or coalesce(firsts.whole_read_at >= firsts.due_at, false) as is_known,
        coalesce(firsts.first_answer_at <= firsts.due_at, false) as is_answered,
        firsts.is_writer_known and firsts.created_at <= moment.now_at - interval 30 days as is_settled,
        came_back.author_id is not null as is_back
    from firsts
    cross join moment
    left join came_back on firsts.group_id = came_back.group_id and firsts.author_id = came_back.author_id
),

sums as (
    select
        group_id,
        count(*) as newcomers_count,
        count(*) filter (is_run_out and is_known) as due_count,
        count(*) filter (is_run_out and is_answered) as answered_count,
        count(*) filter (is_run_out and not is_known) as unknown_count,
        count(*) filter (is_settled) as settled_count,
        count(*) filter (is_settled and is_back) as came_back_count
    from told
    group by group_id
)

select
    known.group_id,
    coalesce(sums.newcomers_count, 0) as newcomers_count,
    coalesce(sums.due_count, 0) as due_count,
    coalesce(sums.answered_count, 0) as answered_count,
    coalesce(sums.unknown_count, 0) as unknown_count,
    coalesce(sums.settled_count, 0) as settled_count,
    coalesce(sums.came_back_count, 0) as came_back_count,
    known.known_from_date
from known
left join sums on known.group_id = sums.group_id
where known.known_from_date < getvariable('to_date')::date
