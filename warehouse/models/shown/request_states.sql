-- title: Requests and how they stand
-- definition: A request is a post addressed to the group, not by the team or a bot, that reads like an ask, or that somebody marked
--   as one. A person's mark always wins. Posts that only might be an ask, first posts by somebody new and posts in a language
--   without a word list are candidates: they stand in the queue, but in no figure, until a person says so. A later post by the same
--   person below their own request belongs to that request and is not a second one.
-- grain: one row per group and request or candidate
-- measure state: unanswered: nobody has answered, and we read the whole thread a short while ago. waiting again: there was an answer, and the
--   last word is the asker's and not a thanks. unknown: no answer seen, but we could not read the whole thread, so look on the network.
--   answered, closed (said so by a person, taken down by its writer, or 30 days old), left out (not a request, or no reply needed).
-- measure is_read_lately: how long a reading of the whole thread holds: 2 hours if the post was under 6 hours old when it was read, 6 hours
--   if under 3 days, 48 hours if under 14 days, else 10 days. (We mean to read them every 15 minutes, every hour, every day and every week.)
-- measure due_at: when the group's promise (24 hours unless it says otherwise) runs out.
-- measure is_due: the promise has run out and we know whether it was kept. Left out: posts taken down before that, imported posts, and
--   posts whose thread we could not read whole after that.
-- measure is_answered_in_promise: due, and the first answer came before the promise ran out. A first answer that somebody noted by hand counts at its time.
-- measure waiting_hours: hours since the asker's first word that nobody has answered.
-- cannot show: people who only read; answers by phone, at meetings or in private that nobody noted.
with marks as (
    select
        decisions.* replace (
            case when decisions.outcome = 'not a request' then false else decisions.is_request end as is_request
        )
    from casebook.decisions
),

-- the same person below their own standing request: settled beforehand by the rules, and here where a person judged that request
judged_follow_ups as (
    select
        comebacks.group_id,
        comebacks.post_id,
        bool_or(
            comebacks.is_request_standing and coalesce(marks.is_request, comebacks.is_request_rule_counted)
        ) as is_follow_up
    from prepared.comebacks
    semi join (
        select
            comebacks.group_id,
            comebacks.post_id
        from prepared.comebacks
        inner join marks on comebacks.group_id = marks.group_id and comebacks.request_id = marks.post_id
        where marks.is_request is not null
    ) as judged using (group_id, post_id)
    left join marks on comebacks.group_id = marks.group_id and comebacks.request_id = marks.post_id
    group by comebacks.group_id, comebacks.post_id
),

-- answers are counted beforehand, going by the rules; where a person judged a reply otherwise they are counted again
recounted as (
    select distinct
        answers.group_id,
        answers.request_id
    from prepared.answers
    inner join marks on answers.group_id = marks.group_id and answers.post_id = marks.post_id
    where answers.who = 'peer' and marks.is_request <> answers.is_rule_counted
),

judged_answers as (
    select
        answers.*,
        -- no longer an answer: kept as an empty row, so that a count of none is a count too
        not coalesce(answers.who = 'peer' and marks.is_request, answers.is_rule_counted) as is_answer
    from prepared.answers
    semi join recounted using (group_id, request_id)
    left join marks on answers.group_id = marks.group_id and answers.post_id = marks.post_id
),

recounts as (
    select
        group_id,
        request_id,
        true as is_recounted,
        count(*) filter (is_answer) as answers_count,
        count(distinct author_id) filter (is_answer) as answerers_count,
        min(answered_at) filter (is_answer and who = 'group') as first_by_group_at,
        min(answered_at) filter (is_answer and who = 'peer') as first_by_peer_at,
        max(answered_at) filter (is_answer) as last_held_at
    from judged_answers
    group by group_id, request_id
),

asks as (
    select
        addressed_posts.* exclude (answers_count, answerers_count, first_by_group_at, first_by_peer_at, last_held_at),
        groups.promise_hours,
        getvariable('now_at')::timestamp as now_at,
        marks.is_request as marked_request,
        coalesce(marks.support_asked, addressed_posts.support_asked) as said_support_asked,
        marks.outcome,
        marks.outcome_at,
        marks.claimed_by,
        marks.claimed_at,
        marks.snoozed_until_at,
        coalesce(
            marks.is_request,
            addressed_posts.is_rule_counted and not addressed_posts.is_hidden and not addressed_posts.is_bot
        ) as reads_like_ask,
        recounts.is_recounted is not null as is_recounted,
        if(is_recounted, recounts.answers_count, addressed_posts.answers_count) as answers_count,
        if(is_recounted, recounts.answerers_count, addressed_posts.answerers_count) as answerers_count,
        if(is_recounted, recounts.first_by_group_at, addressed_posts.first_by_group_at) as first_by_group_at,
        if(is_recounted, recounts.first_by_peer_at, addressed_posts.first_by_peer_at) as first_by_peer_at,
        if(is_recounted, recounts.last_held_at, addressed_posts.last_held_at) as last_held_at
    from prepared.addressed_posts
    inner join stored.groups on addressed_posts.group_id = groups.group_id
    left join marks on addressed_posts.group_id = marks.group_id and addressed_posts.post_id = marks.post_id
    left join recounts
        on addressed_posts.group_id = recounts.group_id
        and addressed_posts.post_id = recounts.request_id
    left join judged_follow_ups
        on addressed_posts.group_id = judged_follow_ups.group_id
        and addressed_posts.post_id = judged_follow_ups.post_id
    where
        (
            addressed_posts.is_possible
            or (addressed_posts.is_rule_counted and not addressed_posts.is_bot)
            or marks.is_request is not null
            or marks.outcome is not null
        )
        and (
            marks.is_request is not null
            or not coalesce(judged_follow_ups.is_follow_up, addressed_posts.is_rule_follow_up)
        )
),

noted as (
    select
        asks.*,
        least(asks.first_by_group_at, asks.first_by_peer_at) as first_held_at,
        case
            when asks.outcome in ('answered here', 'answered elsewhere')
                then greatest(asks.outcome_at, asks.asked_at)
        end as noted_at,
        -- a held answer or a person's outcome: both are the group's last word
        greatest(
            asks.last_held_at,
            case
                when asks.outcome in ('answered here', 'answered elsewhere', 'no reply needed')
                    then asks.outcome_at
            end
        ) as last_answered_at
    from asks
),

known as (
    select
        noted.*,
        least(noted.first_held_at, noted.noted_at) as first_answer_at,
        noted.asked_at + to_hours(noted.promise_hours) as due_at,
        list_filter(
            noted.later_words, lambda word: word.said_at > noted.last_answered_at and not word.is_thanks
        )[1].said_at as waits_again_since_at,
        coalesce(noted.later_words[-1].said_at > least(noted.first_held_at, noted.noted_at), false) as asker_came_back,
        greatest(noted.later_words[-1].said_at, noted.asked_at) + interval 30 days as closes_at,
        -- by the post's age at that reading, so that time alone never turns unknown back into unanswered
        case
            when noted.thread_read_at < noted.asked_at + interval 6 hours then interval 2 hours
            when noted.thread_read_at < noted.asked_at + interval 72 hours then interval 6 hours
            when noted.thread_read_at < noted.asked_at + interval 14 days then interval 48 hours
            else interval 10 days
        end as patience
    from noted
),

judged as (
    select
        known.*,
        -- the last word is the asker's, and it is not a thanks
        coalesce(
            known.later_words[-1].said_at > known.last_answered_at and not known.later_words[-1].is_thanks, false
        ) as is_last_word_waiting,
        coalesce(known.sound_read_at >= known.now_at - known.patience, false) as is_read_lately,
        coalesce(known.short_read_at >= known.now_at - known.patience, false) as is_read_short,
        known.is_possible and not known.reads_like_ask and known.marked_request is null as is_candidate,
        known.reads_like_ask and coalesce(known.outcome, '') <> 'no reply needed' as is_counted
    from known
),

stated as (
    select
        judged.*,
        case
            when judged.marked_request is false then 'left out'
            when judged.is_hidden and judged.marked_request is null then 'left out'
            when judged.deleted_at is not null then if(judged.first_answer_at is null, 'closed', 'answered')
            when judged.is_last_word_waiting then if(judged.now_at < judged.closes_at, 'waiting again', 'closed')
            when judged.outcome = 'no reply needed' then 'left out'
            when judged.first_answer_at is not null then 'answered'
            when judged.outcome = 'closed without an answer' then 'closed'
            when judged.now_at >= judged.closes_at then 'closed'
            when not judged.is_read_lately or judged.is_read_short then 'unknown'
            else 'unanswered'
        end as state,
        judged.is_counted
        and not judged.is_imported
        and judged.due_at <= judged.now_at
        and coalesce(judged.deleted_at >= judged.due_at, true) as is_run_out,
        judged.first_answer_at is not null
        or coalesce(judged.whole_read_at >= judged.due_at, false)
        -- a person closed it: they looked, and there was none
        or coalesce(judged.outcome, '') = 'closed without an answer' as is_outcome_known
    from judged
)

select
    stated.group_id,
    stated.post_id,
    stated.root_id,
    stated.network,
    stated.author_id,
    stated.created_at,
    stated.asked_at,
    stated.local_date,
    date_trunc('week', stated.local_date)::date as week_start_date,
    stated.local_hour,
    stated.local_weekday,
    stated.language,
    stated.is_checked,
    stated.is_counted,
    stated.is_candidate,
    stated.is_first_contact,
    stated.is_link_only,
    stated.is_imported,
    stated.has_content_warning,
    stated.why,
    stated.rule_ids,
    stated.score,
    stated.said_support_asked as support_asked,
    stated.state,
    stated.state in ('unanswered', 'waiting again', 'unknown') as is_open,
    case
        when stated.marked_request is false then 'Somebody said that this is not a request.'
        when stated.is_hidden and stated.marked_request is null then 'The thread''s owner hid this post.'
        when stated.deleted_at is not null then 'Its writer took it down.'
        when stated.state = 'waiting again' then 'There was an answer, and the asker wrote again.'
        when stated.outcome = 'no reply needed' then 'Somebody said that it needs no reply.'
        when stated.state = 'answered' and stated.first_held_at is null then 'Somebody noted that it was answered.'
        when stated.state = 'answered' then 'There is an answer in the thread.'
        when stated.outcome = 'closed without an answer' then 'Somebody closed it without an answer.'
        when stated.state = 'closed' then 'It has been open for 30 days.'
        when stated.state = 'unanswered' then 'Nobody has answered, and we read the whole thread.'
        when stated.thread_read_at is null then 'We have not read the thread yet: look on the network.'
        when stated.is_read_short then 'The network has more replies than it showed us: look on the network.'
        when stated.failed_at > coalesce(stated.sound_read_at, stated.failed_at - interval 1 second)
            then 'The last try to read the thread failed: look on the network.'
        when stated.replies_reported > stated.replies_fetched
            then 'The network has more replies than it showed us: look on the network.'
        else 'We last read the thread too long ago: look on the network.'
    end as state_reason,
    case
        when stated.state = 'waiting again' then stated.waits_again_since_at
        when stated.state in ('unanswered', 'unknown') then stated.asked_at
    end as waiting_since_at,
    case
        when stated.state = 'waiting again' then greatest(0, epoch(stated.now_at - stated.waits_again_since_at) / 3600)
        when stated.state in ('unanswered', 'unknown') then greatest(0, epoch(stated.now_at - stated.asked_at) / 3600)
    end as waiting_hours,
    stated.first_answer_at,
    case
        when stated.first_answer_at = stated.first_by_peer_at then 'peer'
        when stated.first_answer_at is not null then 'group'
    end as first_answer_by,
    case when not stated.is_imported then epoch(stated.first_answer_at - stated.asked_at) / 3600 end as first_answer_hours,
    coalesce(stated.answers_count, 0) as answers_count,
    coalesce(stated.answerers_count, 0) as answerers_count,
    stated.first_by_group_at is not null or stated.noted_at is not null as answered_by_group,
    stated.first_by_peer_at is not null as answered_by_peer,
    stated.state = 'answered' and coalesce(stated.answerers_count, 0) = 1 and stated.noted_at is null as needs_second_voice,
    stated.asker_came_back,
    stated.due_at,
    stated.is_run_out,
    stated.is_run_out and stated.is_outcome_known as is_due,
    stated.is_run_out and not stated.is_outcome_known as is_due_unknown,
    stated.is_run_out and coalesce(stated.first_answer_at <= stated.due_at, false) as is_answered_in_promise,
    stated.is_read_lately,
    stated.replies_reported,
    stated.replies_fetched,
    stated.thread_read_at,
    stated.whole_read_at,
    stated.claimed_by,
    stated.claimed_at,
    stated.snoozed_until_at,
    coalesce(stated.snoozed_until_at > stated.now_at, false) as is_snoozed,
    stated.outcome,
    stated.outcome_at,
    stated.deleted_at,
    stated.link_server
from stated
