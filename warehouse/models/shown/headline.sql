-- title: The week in one sentence
-- definition: The facts for one sentence about a week: who asked, who was answered in time, and who waits now.
-- grain: one row per group and week
-- measure open_count: requests in the queue now, of whatever week. Candidates are not among them.
-- measure candidates_count: posts in the queue now that might be requests.
-- measure oldest_waiting_hours: how long the longest of those requests has waited.
-- cannot show: people who only read.
with queue as (
    select
        group_id,
        count(*) filter (is_counted) as open_count,
        count(*) filter (is_candidate) as candidates_count,
        max(waiting_hours) filter (is_counted) as oldest_waiting_hours
    from shown.request_states
    where is_open
    group by group_id
)

select
    weeks.group_id,
    weeks.week_start_date,
    weeks.is_complete,
    weeks.is_so_far,
    weeks.has_gap,
    groups.promise_hours,
    weeks.asks_count,
    weeks.due_count,
    weeks.answered_in_promise_count,
    weeks.unknown_count,
    weeks.waiting_count,
    weeks.by_peer_count,
    weeks.engagement_gained,
    weeks.followers_gained,
    coalesce(queue.open_count, 0) as open_count,
    coalesce(queue.candidates_count, 0) as candidates_count,
    queue.oldest_waiting_hours
from shown.weeks
inner join stored.groups on weeks.group_id = groups.group_id
left join queue on weeks.group_id = queue.group_id
