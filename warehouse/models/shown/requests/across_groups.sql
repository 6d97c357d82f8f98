-- title: Across groups
-- definition: One line for each group: how many wait now and the longest for how long, how many of the requests of the last 7 whole days were
--   answered within the promise, and whether what we read is fresh and whole. Groups are listed, never ranked, and no member is compared.
-- grain: one row per group
-- measure open_count: requests in the queue now. Candidates are not among them.
-- measure oldest_waiting_hours: how long the longest of those requests has waited.
-- measure due_count: requests of the last 7 days whose promise has run out and of which we know whether it was kept.
-- measure answered_in_promise_count: of those due, how many were answered before the promise ran out.
-- measure unknown_count: requests of the last 7 days whose promise ran out while we could not read the whole thread. They are in neither figure.
-- measure late_sources_count: places that have not been read for two hours, or whose last reading did not bring everything.
-- cannot show: people who only read; answers by phone, at meetings or in private that nobody noted.
with moment as (
    select getvariable('now_at')::timestamp as now_at
),

requests as (
    select
        group_id,
        count(*) filter (is_of_late and is_open and is_counted) as open_count,
        max(waiting_hours) filter (is_of_late and is_open and is_counted) as oldest_waiting_hours,
        count(*) filter (is_of_week and is_due) as due_count,
        count(*) filter (is_of_week and is_due and is_answered_in_promise) as answered_in_promise_count,
        count(*) filter (is_of_week and is_due_unknown) as unknown_count
    from (
        select
            request_states.*,
            request_states.local_date >= timezone(groups.timezone, timezone('UTC', moment.now_at))::date - 7 as is_of_week
        from shown.request_states
        inner join stored.groups on request_states.group_id = groups.group_id
        cross join moment
    )
    -- of late is what may still be in the queue
    where is_of_late or is_of_week
    group by group_id
),

places as (
    select
        group_id,
        count(*) as sources_count,
        count(*) filter (is_late or not coalesce(is_last_run_complete, false)) as late_sources_count
    from shown.sources
    group by group_id
)

select
    groups.group_id,
    groups.name,
    groups.promise_hours,
    groups.last_read_at,
    coalesce(requests.open_count, 0) as open_count,
    requests.oldest_waiting_hours,
    coalesce(requests.due_count, 0) as due_count,
    coalesce(requests.answered_in_promise_count, 0) as answered_in_promise_count,
    coalesce(requests.unknown_count, 0) as unknown_count,
    coalesce(places.sources_count, 0) as sources_count,
    coalesce(places.late_sources_count, 0) as late_sources_count
from shown.groups
left join requests on groups.group_id = requests.group_id
left join places on groups.group_id = places.group_id
