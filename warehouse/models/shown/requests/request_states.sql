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
--   if under 3 days, else 48 hours. (While a request is open we mean to read its thread every 15 minutes, every hour and every day.)
-- measure due_at: when the group's promise (24 hours unless it says otherwise) runs out.
-- measure is_due: the promise has run out and we know whether it was kept. Left out: posts taken down before that, imported posts, and
--   posts whose thread we could not read whole after that.
-- measure is_answered_in_promise: due, and the first answer came before the promise ran out. A first answer that somebody noted by hand counts at its time.
-- measure needs_second_voice: answered by exactly one account. One single reply is followed by less writing than several.
-- measure is_checked_back: 1 to 7 days after the first answer somebody who had answered, or the team, wrote again.
-- measure listed_in: where it stands on the page. waiting: open. maybe: open, and only might be a request. welcome: the first post by somebody
--   new that does not ask. put off: open, and somebody said until when; it comes back at once when the asker writes again. second voice: answered
--   by one account only, in the last 3 days. check back: answered 3 to 7 days ago, and nobody wrote again. done: somebody said how it ended.
-- measure claimed_by: who said that they would reply, or was handed it. It lapses after a while (2 hours unless the group says otherwise).
-- measure lapsed_claim_by: who had said so before it lapsed.
-- measure waiting_hours: hours since the asker's first word that nobody has answered.
-- cannot show: people who only read; answers by phone, at meetings or in private that nobody noted.
with asks as (
    select
        addressed_posts.* exclude (
            answers_count, answerers_count, first_by_group_at, first_by_peer_at, last_held_at, checked_back_at
        ),
        coalesce(judgements.support_asked, addressed_posts.support_asked) as said_support_asked,
        judgements.is_request as marked_request,
        judgements.outcome,
        judgements.outcome_at,
        judgements.outcome_reason,
        judgements.claimed_by,
        judgements.claimed_at,
        judgements.claimed_until_at,
        judgements.snoozed_at,
        judgements.snoozed_until_at,
        judgements.looked_after_at,
        judgements.decided_at,
        coalesce(judgements.flagged_count, 0) as flagged_count,
        coalesce(judgements.is_request, addressed_posts.is_rule_ask) as reads_like_ask,
        if(judgements.is_recounted, judgements.answers_count, addressed_posts.answers_count) as answers_count,
        if(judgements.is_recounted, judgements.answerers_count, addressed_posts.answerers_count) as answerers_count,
        if(judgements.is_recounted, judgements.first_by_group_at, addressed_posts.first_by_group_at) as first_by_group_at,
        if(judgements.is_recounted, judgements.first_by_peer_at, addressed_posts.first_by_peer_at) as first_by_peer_at,
        if(judgements.is_recounted, judgements.checked_back_at, addressed_posts.checked_back_at) as checked_back_at,
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
),

described as (
    select
        stated.*,
        stated.is_possible and not stated.reads_like_ask and stated.marked_request is null
        and stated.outcome is null as is_candidate,
        -- the first half follows from the second, and lets the queue look at the last 30 days only
        stated.last_word_at > getvariable('now_at')::timestamp - interval 30 days as is_of_late,
        is_of_late and stated.state in ('unanswered', 'waiting again', 'unknown') as is_open,
        coalesce(
            stated.snoozed_until_at > stated.now_at
            and not coalesce(stated.came_back_at > stated.snoozed_at, false),
            false
        ) as is_snoozed,
        coalesce(stated.claimed_until_at > stated.now_at, false) as is_claimed,
        stated.state = 'answered' and coalesce(stated.answerers_count, 0) = 1 and stated.noted_at is null as needs_second_voice,
        stated.state = 'answered' and stated.checked_back_at is not null as is_checked_back,
        stated.state = 'answered' and stated.is_counted and stated.deleted_at is null as is_looked_after
    from stated
)

select
    described.group_id,
    described.post_id,
    described.root_id,
    described.network,
    described.author_id,
    described.created_at,
    described.created_at as asked_at,
    described.local_date,
    described.week_start_date,
    described.local_hour,
    described.local_weekday,
    described.language,
    described.is_checked,
    described.is_counted,
    described.is_candidate,
    described.is_first_contact,
    described.is_link_only,
    described.is_imported,
    described.has_content_warning,
    described.why,
    described.rule_ids,
    described.score,
    described.said_support_asked as support_asked,
    described.state,
    described.is_of_late,
    described.is_open,
    case
        when not described.is_of_late then null
        when described.is_open and described.is_snoozed then 'put off'
        when described.is_open and not described.is_candidate then 'waiting'
        when described.is_open and described.is_first_contact and described.is_checked and not described.is_rule_queued then 'welcome'
        when described.is_open then 'maybe'
        when
            described.is_looked_after
            and not described.is_checked_back
            and described.looked_after_at is null
            and described.first_answer_at between described.now_at - interval 7 days and described.now_at - interval 3 days
            then 'check back'
        when
            described.is_looked_after
            and described.needs_second_voice
            and described.first_answer_at > described.now_at - interval 3 days
            then 'second voice'
        when described.outcome is not null or described.marked_request is false then 'done'
    end as listed_in,
    case
        when described.marked_request is false then 'Somebody said that this is not a request.'
        when described.is_hidden and described.marked_request is null then 'The thread''s owner hid this post.'
        when described.deleted_at is not null then 'Its writer took it down.'
        when described.state = 'waiting again' then 'There was an answer, and the asker wrote again.'
        when described.outcome = 'no reply needed' then 'Somebody said that it needs no reply.'
        when described.state = 'answered' and coalesce(described.first_by_group_at, described.first_by_peer_at) is null
            then 'Somebody noted that it was answered.'
        when described.state = 'answered' then 'There is an answer in the thread.'
        when described.outcome = 'closed without an answer' then 'Somebody closed it without an answer.'
        when described.state = 'closed' then 'It has been open for 30 days.'
        when described.flagged_count > 0 and coalesce(described.answers_count, 0) = 0 and described.state = 'unanswered'
            then 'There was a reply, and somebody said that it is misleading or hostile.'
        when described.state = 'unanswered' then 'Nobody has answered, and we read the whole thread.'
        when described.thread_read_at is null then 'We have not read the thread yet: look on the network.'
        when described.is_read_short then 'The network has more replies than it showed us: look on the network.'
        when described.failed_at > coalesce(described.sound_read_at, described.failed_at - interval 1 second)
            then 'The last try to read the thread failed: look on the network.'
        when described.replies_reported > described.replies_fetched
            then 'The network has more replies than it showed us: look on the network.'
        else 'We last read the thread too long ago: look on the network.'
    end as state_reason,
    case
        when described.state = 'waiting again' then described.waits_again_since_at
        when described.state in ('unanswered', 'unknown') then described.created_at
    end as waiting_since_at,
    case
        when described.state = 'waiting again' then greatest(0, epoch(described.now_at - described.waits_again_since_at) / 3600)
        when described.state in ('unanswered', 'unknown') then greatest(0, epoch(described.now_at - described.created_at) / 3600)
    end as waiting_hours,
    described.first_answer_at,
    case
        when described.first_answer_at = described.first_by_peer_at then 'peer'
        when described.first_answer_at is not null then 'group'
    end as first_answer_by,
    case when not described.is_imported then epoch(described.first_answer_at - described.created_at) / 3600 end as first_answer_hours,
    coalesce(described.answers_count, 0) as answers_count,
    coalesce(described.answerers_count, 0) as answerers_count,
    least(described.first_by_group_at, described.noted_at) as first_by_group_at,
    described.first_by_peer_at,
    described.first_by_group_at is not null or described.noted_at is not null as answered_by_group,
    described.first_by_peer_at is not null as answered_by_peer,
    described.needs_second_voice,
    described.is_checked_back,
    described.checked_back_at,
    described.flagged_count,
    coalesce(described.came_back_at > described.first_answer_at, false) as asker_came_back,
    described.due_at,
    described.is_run_out,
    described.is_run_out and described.is_outcome_known as is_due,
    described.is_run_out and not described.is_outcome_known as is_due_unknown,
    described.is_run_out and coalesce(described.first_answer_at <= described.due_at, false) as is_answered_in_promise,
    described.is_read_lately,
    described.replies_reported,
    described.replies_fetched,
    described.thread_read_at,
    described.whole_read_at,
    if(described.is_claimed, described.claimed_by, null) as claimed_by,
    if(described.is_claimed, described.claimed_at, null) as claimed_at,
    if(described.is_claimed, described.claimed_until_at, null) as claimed_until_at,
    if(described.is_claimed, null, described.claimed_by) as lapsed_claim_by,
    if(described.is_claimed, null, described.claimed_at) as lapsed_claim_at,
    described.snoozed_until_at,
    described.is_snoozed,
    described.outcome,
    described.outcome_at,
    described.outcome_reason,
    described.decided_at,
    described.deleted_at,
    described.link_server
from described
