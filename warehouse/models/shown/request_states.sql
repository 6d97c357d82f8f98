-- title: Requests and how they stand
-- definition: A request is a post addressed to the group, not by the team or a bot, that reads like an ask, or that somebody marked
--   as one. A person's mark always wins. Posts that only might be an ask, first posts by somebody new and posts in a language
--   without a word list are candidates: they stand in the queue, but in no figure, until a person says so. A later post by the same
--   person below their own request belongs to that request and is not a second one.
-- grain: one row per group and request or candidate
-- measure state: unanswered: nobody has answered, and we read the whole thread a short while ago. waiting again: there was an answer, and the
--   last word is the asker's and not a thanks. unknown: no answer seen, but we could not read the whole thread, so look on the network.
--   answered, closed (said so by a person, taken down by its writer, or 30 days old), left out (not a request, or no reply needed).
-- measure is_candidate: in the queue only, in no figure, until somebody says so.
-- measure is_read_lately: how long a reading of the whole thread holds: 2 hours if the post was under 6 hours old when it was read, 6 hours
--   if under 3 days, 48 hours if under 14 days, else 10 days. (We mean to read them every 15 minutes, every hour, every day and every week.)
-- measure due_at: when the group's promise (24 hours unless it says otherwise) runs out.
-- measure is_due: the promise has run out and we know whether it was kept. Left out: posts taken down before that, imported posts, and
--   posts whose thread we could not read whole after that.
-- measure is_answered_in_promise: due, and the first answer came before the promise ran out. A first answer that somebody noted by hand counts at its time.
-- measure waiting_hours: hours since the asker's first word that nobody has answered.
-- cannot show: people who only read; answers by phone, at meetings or in private that nobody noted.
with asks as (
    select
        addressed_posts.* exclude (answers_count, answerers_count, first_by_group_at, first_by_peer_at, last_held_at),
        coalesce(judgements.support_asked, addressed_posts.support_asked) as said_support_asked,
        judgements.is_request as marked_request,
        judgements.outcome,
        judgements.outcome_at,
        judgements.claimed_by,
        judgements.claimed_at,
        judgements.snoozed_until_at,
        coalesce(judgements.is_request, addressed_posts.is_rule_ask) as reads_like_ask,
        if(judgements.is_recounted, judgements.answers_count, addressed_posts.answers_count) as answers_count,
        if(judgements.is_recounted, judgements.answerers_count, addressed_posts.answerers_count) as answerers_count,
        if(judgements.is_recounted, judgements.first_by_group_at, addressed_posts.first_by_group_at) as first_by_group_at,
        if(judgements.is_recounted, judgements.first_by_peer_at, addressed_posts.first_by_peer_at) as first_by_peer_at,
        case
            when judgements.outcome in ('answered here', 'answered elsewhere')
                then greatest(judgements.outcome_at, addressed_posts.created_at)
        end as noted_at,
        -- a held answer or a person's outcome: both are the group's last word
        greatest(
            if(judgements.is_recounted, judgements.last_held_at, addressed_posts.last_held_at),
            case
                when judgements.outcome in ('answered here', 'answered elsewhere', 'no reply needed')
                    then judgements.outcome_at
            end
        ) as last_answered_at,
        addressed_posts.created_at + to_hours(groups.promise_hours) as due_at,
        addressed_posts.last_word_at + interval 30 days as closes_at,
        coalesce(addressed_posts.sound_until_at >= getvariable('now_at')::timestamp, false) as is_read_lately,
        coalesce(addressed_posts.short_until_at >= getvariable('now_at')::timestamp, false) as is_read_short
    from prepared.addressed_posts
    inner join stored.groups on addressed_posts.group_id = groups.group_id
    left join shown.judgements
        on addressed_posts.group_id = judgements.group_id
        and addressed_posts.post_id = judgements.post_id
    where
        (addressed_posts.is_askable or judgements.is_request is not null or judgements.outcome is not null)
        and (
            judgements.is_request is not null
            or not coalesce(judgements.is_follow_up, addressed_posts.is_rule_follow_up)
        )
),

answered as (
    select
        asks.*,
        getvariable('now_at')::timestamp as now_at,
        least(asks.first_by_group_at, asks.first_by_peer_at, asks.noted_at) as first_answer_at,
        asks.reads_like_ask and coalesce(asks.outcome, '') <> 'no reply needed' as is_counted
    from asks
),

stated as (
    select
        answered.*,
        case
            when answered.marked_request is false then 'left out'
            when answered.is_hidden and answered.marked_request is null then 'left out'
            when answered.deleted_at is not null then if(answered.first_answer_at is null, 'closed', 'answered')
            -- the last word is the asker's, and it is not a thanks
            when answered.came_back_at > answered.last_answered_at and not answered.is_last_word_thanks
                then if(answered.now_at < answered.closes_at, 'waiting again', 'closed')
            when answered.outcome = 'no reply needed' then 'left out'
            when answered.first_answer_at is not null then 'answered'
            when answered.outcome = 'closed without an answer' then 'closed'
            when answered.now_at >= answered.closes_at then 'closed'
            when not answered.is_read_lately or answered.is_read_short then 'unknown'
            else 'unanswered'
        end as state,
        answered.is_counted
        and not answered.is_imported
        and answered.due_at <= answered.now_at
        and coalesce(answered.deleted_at >= answered.due_at, true) as is_run_out,
        answered.first_answer_at is not null
        or coalesce(answered.whole_read_at >= answered.due_at, false)
        -- a person closed it: they looked, and there was none
        or coalesce(answered.outcome, '') = 'closed without an answer' as is_outcome_known,
        list_filter(
            answered.later_words, lambda word: word.said_at > answered.last_answered_at and not word.is_thanks
        )[1].said_at as waits_again_since_at
    from answered
)

select
    stated.group_id,
    stated.post_id,
    stated.root_id,
    stated.network,
    stated.author_id,
    stated.created_at,
    stated.created_at as asked_at,
    stated.local_date,
    stated.week_start_date,
    stated.local_hour,
    stated.local_weekday,
    stated.language,
    stated.is_checked,
    stated.is_counted,
    stated.is_possible and not stated.reads_like_ask and stated.marked_request is null
    and stated.outcome is null as is_candidate,
    stated.is_first_contact,
    stated.is_link_only,
    stated.is_imported,
    stated.has_content_warning,
    stated.why,
    stated.rule_ids,
    stated.score,
    stated.said_support_asked as support_asked,
    stated.state,
    -- the first half follows from the second, and lets the queue look at the last 30 days only
    stated.last_word_at > getvariable('now_at')::timestamp - interval 30 days
    and stated.state in ('unanswered', 'waiting again', 'unknown') as is_open,
    case
        when stated.marked_request is false then 'Somebody said that this is not a request.'
        when stated.is_hidden and stated.marked_request is null then 'The thread''s owner hid this post.'
        when stated.deleted_at is not null then 'Its writer took it down.'
        when stated.state = 'waiting again' then 'There was an answer, and the asker wrote again.'
        when stated.outcome = 'no reply needed' then 'Somebody said that it needs no reply.'
        when stated.state = 'answered' and coalesce(stated.first_by_group_at, stated.first_by_peer_at) is null
            then 'Somebody noted that it was answered.'
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
        when stated.state in ('unanswered', 'unknown') then stated.created_at
    end as waiting_since_at,
    case
        when stated.state = 'waiting again' then greatest(0, epoch(stated.now_at - stated.waits_again_since_at) / 3600)
        when stated.state in ('unanswered', 'unknown') then greatest(0, epoch(stated.now_at - stated.created_at) / 3600)
    end as waiting_hours,
    stated.first_answer_at,
    case
        when stated.first_answer_at = stated.first_by_peer_at then 'peer'
        when stated.first_answer_at is not null then 'group'
    end as first_answer_by,
    case when not stated.is_imported then epoch(stated.first_answer_at - stated.created_at) / 3600 end as first_answer_hours,
    coalesce(stated.answers_count, 0) as answers_count,
    coalesce(stated.answerers_count, 0) as answerers_count,
    stated.first_by_group_at is not null or stated.noted_at is not null as answered_by_group,
    stated.first_by_peer_at is not null as answered_by_peer,
    stated.state = 'answered' and coalesce(stated.answerers_count, 0) = 1 and stated.noted_at is null as needs_second_voice,
    coalesce(stated.came_back_at > stated.first_answer_at, false) as asker_came_back,
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
