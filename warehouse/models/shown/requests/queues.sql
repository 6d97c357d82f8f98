-- title: The queue in numbers
-- definition: How many people wait for a reply now, of whatever week, and for how long.
-- grain: one row per group
-- measure open_count: requests in the queue now. Candidates are not among them.
-- measure unknown_count: of these, the ones whose thread we could not read whole: look on the network.
-- measure candidates_count: posts in the queue now that only might be requests.
-- measure oldest_waiting_hours: how long the longest of those requests has waited.
-- cannot show: answers by phone, at meetings or in private that nobody noted.
with queue as (
    select
        group_id,
        count(*) filter (is_counted) as open_count,
        count(*) filter (is_counted and state = 'unknown') as unknown_count,
        count(*) filter (is_candidate) as candidates_count,
        max(waiting_hours) filter (is_counted) as oldest_waiting_hours
    from shown.request_states
    where is_of_late and is_open
    group by group_id
)

select
    groups.group_id,
    coalesce(queue.open_count, 0) as open_count,
    coalesce(queue.unknown_count, 0) as unknown_count,
    coalesce(queue.candidates_count, 0) as candidates_count,
    queue.oldest_waiting_hours
from stored.groups
left join queue on groups.group_id = queue.group_id
