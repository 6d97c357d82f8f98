-- title: Requests, week by week
-- definition: How the requests written in a week stand, and how long people waited for their first reply by anybody.
-- grain: one row per group and week with a request
-- measure waits_known_count: the requests that the two times are taken from.
-- measure median_hours: empty when it is not reached.
-- measure p90_hours: the 90th percentile; empty when it is not reached.
-- cannot show: answers by phone, at meetings or in private that nobody noted.
select
    group_id,
    from_date as week_start_date,
    asks_count,
    due_count,
    answered_in_promise_count,
    unknown_count,
    waiting_count,
    answered_count,
    by_group_count,
    by_peer_count,
    followed_count as waits_known_count,
    median_hours,
    p90_hours
from shown.request_spans
where span = 'week' and replied_by = 'anybody'
