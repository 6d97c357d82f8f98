-- title: Who waits, in numbers only
-- definition: Requests that nobody has answered, taken on or put off: what people who look after the group are told about by a
--   message. A message holds how many wait and for how long, never a word or a name, so neither is here.
-- grain: one row per group and request that waits
-- measure wait_id: stands for this request waiting since this time, so that nobody is told of the same wait twice.
-- measure asker_number: counts the people who wait; it means nothing else.
-- measure late_at: when it has waited longer than the group's promise.
-- cannot show: requests in threads that we could not read whole: nobody is called because we do not know.
select
    request_states.group_id,
    md5(concat_ws(' ', request_states.post_id, request_states.waiting_since_at)) as wait_id,
    dense_rank() over (partition by request_states.group_id order by request_states.author_id) as asker_number,
    request_states.waiting_since_at,
    request_states.waiting_since_at + to_hours(groups.promise_hours) as late_at
from shown.request_states
inner join stored.groups on request_states.group_id = groups.group_id
where
    request_states.is_open
    and request_states.state in ('unanswered', 'waiting again')
    and not request_states.is_candidate
    and not request_states.is_imported
    and not request_states.is_snoozed
    and request_states.claimed_by is null
