-- title: Posts addressed to the group
-- definition: Every public post that somebody outside the team wrote to the group: it replies to, mentions or quotes
--   the group, has the group's own hashtag, or stands in such a conversation. Which of them are requests is decided
--   when they are shown, because a person may correct the rules.
-- grain: one row per group and post
-- key: root_id
-- measure is_possible: the rules take it for a request or a candidate.
-- measure is_rule_ask: the rules take it for a request.
-- measure is_askable: the rules take it for a request or a candidate, or would if the thread's owner had not hidden it.
-- measure is_first_contact: the first post by this person that we know of, written since we began to collect.
-- measure answers_count: going by the rules alone: a reply that the rules take for a request ("me too?") is no answer.
-- measure is_rule_queued: the rules take it for something that might be a request.
-- measure checked_back_at: going by the rules alone: 1 to 7 days after the first answer somebody who had answered, or the team, wrote again.
-- measure later_words: what the same person wrote below, in the order of time.
-- measure came_back_at: the last of these.
-- measure last_word_at: the last of these, or the post itself: an open request closes 30 days later.
-- measure is_rule_follow_up: it stands below a request by the same person, and belongs to that.
-- measure whole_read_at: when a server last showed the whole thread: as many direct replies as it says there are.
-- measure sound_read_at: the same, where the latest try to read the thread worked too.
-- measure sound_until_at: how long that reading holds: 2 hours if the post was under 6 hours old when it was read, 6 hours if under 3
--   days, else 48 hours. By its age at the reading, so that time alone never turns unknown back into unanswered.
-- measure short_until_at: how long the last reading holds at which a server showed fewer direct replies than it says there are.
-- cannot show: private posts, phone calls and meetings.
with thread_posts as (
    select thread_posts.*
    from prepared.thread_posts
    inner join touched_posts using (post_id, created_at)
),

reads as (
    select
        thread_reads.post_id,
        max(thread_reads.read_at) as thread_read_at,
        max(thread_reads.read_at)
            filter (thread_reads.replies_reported <= thread_reads.replies_fetched) as whole_read_at,
        max(thread_reads.read_at)
            filter (thread_reads.replies_reported <= thread_reads.replies_fetched and thread_reads.is_ok)
            as sound_read_at,
        max(thread_reads.read_at)
            filter (thread_reads.replies_reported > thread_reads.replies_fetched) as short_read_at,
        max(thread_reads.attempted_at) filter (not thread_reads.is_ok) as failed_at,
        arg_max(thread_reads.reason, thread_reads.attempted_at) filter (not thread_reads.is_ok) as failed_reason,
        arg_max(thread_reads.replies_reported, (thread_reads.read_at, thread_reads.server))
            filter (thread_reads.read_at is not null) as replies_reported,
        arg_max(thread_reads.replies_fetched, (thread_reads.read_at, thread_reads.server))
            filter (thread_reads.read_at is not null) as replies_fetched
    from stored.thread_reads
    inner join touched_posts using (post_id, created_at)
    group by thread_reads.post_id
),

answers as (
    select
        answers.*,
        min(answers.answered_at) over (partition by answers.group_id, answers.request_id) as first_at,
        min(answers.answered_at)
            over (partition by answers.group_id, answers.request_id, answers.author_id) as first_by_author_at
    from prepared.answers
    semi join touched_roots using (root_id)
    where not answers.is_rule_counted
),

sums as (
    select
        group_id,
        request_id,
        count(*) as answers_count,
        count(distinct author_id) as answerers_count,
        min(answered_at) filter (who = 'group') as first_by_group_at,
        min(answered_at) filter (who = 'peer') as first_by_peer_at,
        max(answered_at) as last_held_at,
        min(answered_at) filter (
            answered_at between first_at + interval 1 day and first_at + interval 7 days
            and (who = 'group' or answered_at > first_by_author_at)
        ) as checked_back_at
    from answers
    group by group_id, request_id
),

later_words as (
    select
        group_id,
        request_id,
        list({'said_at': said_at, 'is_thanks': is_thanks} order by said_at, post_id) as words
    from prepared.comebacks
    semi join touched_roots using (root_id)
    group by group_id, request_id
),

follow_ups as (
    select distinct
        group_id,
        post_id
    from prepared.comebacks
    semi join touched_roots using (root_id)
    where is_request_rule_counted and is_request_standing
),

-- the post's own reading where there is one, else that of the whole conversation
nearest_read as (
    select
        touched_posts.post_id,
        case when own.post_id is null then root else own end as facts,
        case
            when facts['thread_read_at'] < touched_posts.created_at + interval 6 hours then interval 2 hours
            when facts['thread_read_at'] < touched_posts.created_at + interval 72 hours then interval 6 hours
            else interval 48 hours
        end as patience
    from touched_posts
    left join reads as own on touched_posts.post_id = own.post_id
    left join reads as root on touched_posts.root_id = root.post_id
)

select
    thread_posts.group_id,
    thread_posts.post_id,
    thread_posts.root_id,
    thread_posts.network,
    thread_posts.author_id,
    thread_posts.created_at,
    thread_posts.local_date,
    date_trunc('week', thread_posts.local_date)::date as week_start_date,
    thread_posts.local_hour,
    thread_posts.local_weekday,
    thread_posts.language,
    thread_posts.is_checked,
    thread_posts.is_rule_counted,
    thread_posts.is_rule_queued,
    thread_posts.is_link_only,
    thread_posts.is_hidden,
    thread_posts.is_imported,
    thread_posts.is_bot,
    thread_posts.is_writer_known,
    thread_posts.has_content_warning,
    case
        when list_contains(thread_posts.whys, 'reply') then 'reply'
        when list_contains(thread_posts.whys, 'mention') then 'mention'
        when list_contains(thread_posts.whys, 'quote') then 'quote'
        when list_contains(thread_posts.whys, 'hashtag') then 'hashtag'
        else 'thread'
    end as why,
    thread_posts.rule_ids,
    thread_posts.score,
    thread_posts.support_asked,
    thread_posts.deleted_at,
    thread_posts.link_server,
    nearest_read.facts.thread_read_at,
    nearest_read.facts.whole_read_at,
    nearest_read.facts.sound_read_at,
    nearest_read.facts.sound_read_at + nearest_read.patience as sound_until_at,
    nearest_read.facts.short_read_at + nearest_read.patience as short_until_at,
    nearest_read.facts.failed_at,
    nearest_read.facts.failed_reason,
    nearest_read.facts.replies_reported,
    nearest_read.facts.replies_fetched,
    coalesce(first_contacts.contacted_at >= groups.collecting_since_at, false) as is_first_contact,
    thread_posts.is_rule_counted and not thread_posts.is_hidden and not thread_posts.is_bot as is_rule_ask,
    not thread_posts.is_bot
    and not thread_posts.is_hidden
    and (
        thread_posts.is_rule_counted
        or thread_posts.is_rule_queued
        or not thread_posts.is_checked
        or is_first_contact
    ) as is_possible,
    is_possible or (thread_posts.is_rule_counted and not thread_posts.is_bot) as is_askable,
    sums.first_by_group_at,
    sums.first_by_peer_at,
    sums.last_held_at,
    sums.checked_back_at,
    coalesce(sums.answers_count, 0) as answers_count,
    coalesce(sums.answerers_count, 0) as answerers_count,
    coalesce(later_words.words, []::struct(said_at timestamp, is_thanks boolean)[]) as later_words,
    later_words.words[-1].said_at as came_back_at,
    greatest(came_back_at, thread_posts.created_at) as last_word_at,
    coalesce(later_words.words[-1].is_thanks, false) as is_last_word_thanks,
    follow_ups.post_id is not null as is_rule_follow_up
from thread_posts
inner join stored.groups on thread_posts.group_id = groups.group_id
left join nearest_read on thread_posts.post_id = nearest_read.post_id
left join stored.first_contacts
    on thread_posts.group_id = first_contacts.group_id
    and thread_posts.post_id = first_contacts.post_id
left join sums
    on thread_posts.group_id = sums.group_id
    and thread_posts.post_id = sums.request_id
left join later_words
    on thread_posts.group_id = later_words.group_id
    and thread_posts.post_id = later_words.request_id
left join follow_ups
    on thread_posts.group_id = follow_ups.group_id
    and thread_posts.post_id = follow_ups.post_id
where
    not thread_posts.is_by_team
    and not list_contains(thread_posts.whys, 'own')
