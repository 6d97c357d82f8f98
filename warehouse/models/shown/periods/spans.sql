-- title: The numbers of a week, or of any period
-- definition: How many requests there were, how many were answered within the promise, how long people waited, and what the group's posts gained, in
--   a week or in the period that is looked at. Requests belong to the time in which they were written. Days are the group's own.
-- grain: one row per group, span ('week' or 'period') and first date
-- measure is_complete: its last day has ended where the group is.
-- measure is_so_far: the promise of its last requests has not run out yet, so its figures may still change.
-- measure is_comparable: complete, since we began to collect, with readings on at least six of every seven days.
-- measure answered_in_promise_share: answered within the promise, of 100 due. Empty when none is due.
-- measure checked_back_share: of 100 answered requests whose first answer is at least 7 days old, those where somebody who had answered, or the
--   team, wrote again 1 to 7 days after it. Empty when there is none.
-- cannot show: people who only read; answers by phone, at meetings or in private that nobody noted.
with moment as (
    select getvariable('now_at')::timestamp as now_at
),

ends as (
    select
        activity_spans.*,
        groups.promise_hours,
        timezone('UTC', timezone(groups.timezone, activity_spans.to_date::timestamp)) as ends_at,
        timezone(groups.timezone, timezone('UTC', groups.collecting_since_at))::date as collecting_since_date
    from shown.activity_spans
    inner join stored.groups on activity_spans.group_id = groups.group_id
)

select
    ends.* exclude (promise_hours, ends_at, collecting_since_date, accounts_start, accounts_end),
    moment.now_at >= ends.ends_at as is_complete,
    moment.now_at < ends.ends_at + to_hours(ends.promise_hours) as is_so_far,
    moment.now_at >= ends.ends_at
    and coalesce(ends.from_date >= ends.collecting_since_date, false)
    and ends.read_days_count * 7 >= (ends.to_date - ends.from_date) * 6 as is_comparable,
    coalesce(requests.asks_count, 0) as asks_count,
    coalesce(requests.due_count, 0) as due_count,
    coalesce(requests.answered_in_promise_count, 0) as answered_in_promise_count,
    100.0 * requests.answered_in_promise_count / nullif(requests.due_count, 0) as answered_in_promise_share,
    coalesce(requests.unknown_count, 0) as unknown_count,
    coalesce(requests.waiting_count, 0) as waiting_count,
    coalesce(requests.answered_count, 0) as answered_count,
    coalesce(requests.by_group_count, 0) as by_group_count,
    coalesce(requests.by_peer_count, 0) as by_peer_count,
    coalesce(requests.checked_back_due_count, 0) as checked_back_due_count,
    coalesce(requests.checked_back_count, 0) as checked_back_count,
    100.0 * requests.checked_back_count / nullif(requests.checked_back_due_count, 0) as checked_back_share,
    requests.median_hours,
    requests.p90_hours,
    coalesce(requests.followed_count, 0) as waits_known_count
from ends
cross join moment
left join shown.request_spans as requests
    on ends.group_id = requests.group_id
    and ends.span = requests.span
    and ends.from_date = requests.from_date
    and requests.replied_by = 'anybody'
