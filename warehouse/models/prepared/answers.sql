-- title: Answers
-- definition: A reply that still stands, below a post in the thread, by somebody other than its writer and not a bot. A reply that the thread's
--   owner hid is not one. A reply of which we keep only a link is one. A like or a boost is an acknowledgement, never an answer.
-- grain: one row per group, post and answering reply
-- key: root_id
-- measure wait_hours: hours from the post to the reply; never under 0, because clocks differ.
-- measure is_request_rule_counted: the rules take the post that is answered for a request.
-- measure local_hour: of the reply, on the group's clock; so are its date and weekday.
-- cannot show: answers by phone, at a meeting or in private.
with thread_posts as (
    select thread_posts.*
    from prepared.thread_posts
    inner join touched_posts using (post_id, created_at)
),

below as (
    select
        thread_posts.group_id,
        thread_posts.post_id,
        unnest(thread_posts.above_ids) as request_id
    from thread_posts
    where thread_posts.deleted_at is null and not thread_posts.is_hidden
)

select
    requests.group_id,
    requests.post_id as request_id,
    requests.root_id,
    replies.post_id,
    replies.author_id,
    replies.created_at,
    case when replies.is_by_team then 'group' else 'peer' end as who,
    greatest(replies.said_at, requests.created_at) as answered_at,
    greatest(0, epoch(replies.said_at - requests.created_at) / 3600) as wait_hours,
    not replies.is_by_team and replies.is_rule_counted as is_rule_counted,
    requests.is_rule_counted and not requests.is_hidden and not requests.is_bot as is_request_rule_counted,
    replies.local_date,
    replies.local_hour,
    replies.local_weekday,
    replies.is_imported,
    replies.is_writer_known,
    replies.is_link_only,
    replies.support_given
from below
inner join thread_posts as replies
    on below.group_id = replies.group_id and below.post_id = replies.post_id
inner join thread_posts as requests
    on below.group_id = requests.group_id and below.request_id = requests.post_id
where
    not requests.is_by_team
    and replies.author_id <> requests.author_id
    and not replies.is_bot
