-- title: Requests of a week, or of any period
-- definition: How the requests written in a week, or in the period that is looked at, stand; and how long people waited for their first reply: half of
--   them at most this many hours, nine in ten at most that many. Those nobody has answered count as "at least this long", up to when we last read
--   their thread whole, and a post taken down no longer than it stood. Where too few have been answered for that it says
--   "not reached". All of it for a reply by anybody, by the group, and by peers; and by anybody, counting only hours in which somebody
--   is down to look, by the rota as it stands now and the clock on the wall.
-- grain: one row per group, span ('week' or 'period'), first date and who replied ('anybody', 'group', 'peers', and 'anybody in rota hours' where there is a rota)
-- measure asks_count: requests written in the time. Those taken down since are among them.
-- measure due_count: those whose promise has run out and of which we know whether it was kept.
-- measure answered_in_promise_count: of those due, how many somebody answered before the promise ran out.
-- measure unknown_count: those whose promise ran out while we could not read the whole thread. They are in neither figure.
-- measure waiting_count: those that wait now: unanswered, waiting again or unknown.
-- measure answered_count: those that were answered, by whoever the row is about.
-- measure by_group_count: those answered by the group or its team. Some are answered by peers as well.
-- measure by_peer_count: those answered by somebody who is not on the team.
-- measure checked_back_due_count: answered requests whose first answer is at least 7 days old.
-- measure checked_back_count: of those, where somebody who had answered, or the team, wrote again 1 to 7 days after the first answer.
-- measure followed_count: the requests that the times are taken from. Left out are imported posts, whose time cannot be believed, and
--   those nobody answered in threads that we never read whole.
-- measure replied_count: of these, how many had a reply by then.
-- measure median_hours: half of them had their first reply within this many hours (Kaplan–Meier). Empty: not reached.
-- measure p90_hours: nine in ten of them had their first reply within this many hours (Kaplan–Meier). Empty: not reached.
-- measure within_1h_count: first reply within an hour.
-- measure within_4h_count: in more than 1 and up to 4 hours.
-- measure within_24h_count: in more than 4 and up to 24 hours.
-- measure within_3d_count: in more than 1 and up to 3 days.
-- measure within_7d_count: in more than 3 and up to 7 days.
-- measure over_7d_count: after more than 7 days.
-- measure no_reply_count: no reply as far as we have followed.
-- cannot show: answers by phone, at meetings or in private that nobody noted; people who only read.
with requests as materialized (
    select
        group_id,
        week_start_date,
        local_date,
        asked_at,
        is_open,
        is_due,
        is_due_unknown,
        is_answered_in_promise,
        first_answer_at,
        first_by_group_at,
        first_by_peer_at,
        first_answer_at <= getvariable('now_at')::timestamp - interval 7 days as is_checked_back_due,
        checked_back_at is not null as is_checked_back,
        is_imported,
        groups.timezone,
        -- an open wait is followed until the last whole reading, and no longer
        least(whole_read_at, deleted_at) as followed_until_at
    from shown.request_states
    inner join stored.groups using (group_id)
    where is_counted
),

spanned as (
    select
        'week' as span,
        week_start_date as from_date,
        requests.*
    from requests

    union all

    select
        'period' as span,
        getvariable('from_date')::date as from_date,
        requests.*
    from requests
    where local_date >= getvariable('from_date')::date and local_date < getvariable('to_date')::date
),

replies as (
    select
        *,
        unnest([
            {'replied_by': 'anybody', 'replied_at': first_answer_at},
            {'replied_by': 'group', 'replied_at': first_by_group_at},
            {'replied_by': 'peers', 'replied_at': first_by_peer_at},
            {'replied_by': 'anybody in rota hours', 'replied_at': first_answer_at}
        ], recursive := true)
    from spanned
),

-- hours on the clock on the wall since a Monday long ago; only where the rota is asked for
clocks as (
    select
        *,
        if(is_imported, null, coalesce(replied_at, followed_until_at)) as until_at,
        replied_by = 'anybody in rota hours' as is_by_rota,
        if(is_by_rota, epoch(timezone(timezone, timezone('UTC', asked_at)) - timestamp '2001-01-01') / 3600, null) as from_hour,
        if(is_by_rota, epoch(timezone(timezone, timezone('UTC', until_at)) - timestamp '2001-01-01') / 3600, null) as until_hour,
        -- for each hour of the week the hours before it in which somebody is down to look, and the whole week's at the end
        getvariable('rota_before')::double[] as rota_before
    from replies
    where replied_by <> 'anybody in rota hours' or getvariable('rota_before') is not null
),

waits as (
    select
        *,
        case
            when is_by_rota
                then greatest(
                    0,
                    floor(until_hour / 168) * rota_before[169]
                    + rota_before[floor(until_hour % 168)::integer + 1]
                    + until_hour % 1 * (rota_before[floor(until_hour % 168)::integer + 2] - rota_before[floor(until_hour % 168)::integer + 1])
                    - floor(from_hour / 168) * rota_before[169]
                    - rota_before[floor(from_hour % 168)::integer + 1]
                    - from_hour % 1 * (rota_before[floor(from_hour % 168)::integer + 2] - rota_before[floor(from_hour % 168)::integer + 1])
                )
            else epoch(until_at - asked_at) / 3600
        end as wait_hours,
        coalesce(until_at >= asked_at, false) as is_followed,
        is_followed and replied_at is not null as is_replied
    from clocks
),

risks as (
    select
        *,
        count(*) filter (is_followed) over (partition by group_id, span, from_date, replied_by order by wait_hours desc) as waiting_count,
        count(*) filter (is_replied) over (partition by group_id, span, from_date, replied_by, wait_hours) as replied_then_count,
        row_number() over (partition by group_id, span, from_date, replied_by, wait_hours order by asked_at) as place
    from waits
),

curve as (
    select
        *,
        -- Kaplan–Meier: a product, written as the sum of logarithms; when all are answered nobody is left waiting
        case
            when bool_or(is_followed and replied_then_count = waiting_count) over falling then 0
            else exp(
                sum(ln(greatest(1 - replied_then_count / waiting_count, 1e-12))) filter (is_followed and place = 1) over falling
            )
        end as still_waiting_share
    from risks
    window falling as (partition by group_id, span, from_date, replied_by order by wait_hours nulls last)
)

select
    group_id,
    span,
    from_date,
    replied_by,
    count(*) as asks_count,
    count(*) filter (is_due) as due_count,
    count(*) filter (is_due and is_answered_in_promise) as answered_in_promise_count,
    count(*) filter (is_due_unknown) as unknown_count,
    count(*) filter (is_open) as waiting_count,
    count(*) filter (replied_at is not null) as answered_count,
    count(*) filter (first_by_group_at is not null) as by_group_count,
    count(*) filter (first_by_peer_at is not null) as by_peer_count,
    count(*) filter (is_checked_back_due) as checked_back_due_count,
    count(*) filter (is_checked_back_due and is_checked_back) as checked_back_count,
    count(*) filter (is_followed) as followed_count,
    count(*) filter (is_replied) as replied_count,
    min(wait_hours) filter (is_followed and still_waiting_share <= 0.5 + 1e-9) as median_hours,
    min(wait_hours) filter (is_followed and still_waiting_share <= 0.1 + 1e-9) as p90_hours,
    count(*) filter (is_replied and wait_hours <= 1) as within_1h_count,
    count(*) filter (is_replied and wait_hours > 1 and wait_hours <= 4) as within_4h_count,
    count(*) filter (is_replied and wait_hours > 4 and wait_hours <= 24) as within_24h_count,
    count(*) filter (is_replied and wait_hours > 24 and wait_hours <= 72) as within_3d_count,
    count(*) filter (is_replied and wait_hours > 72 and wait_hours <= 168) as within_7d_count,
    count(*) filter (is_replied and wait_hours > 168) as over_7d_count,
    count(*) filter (is_followed and not is_replied) as no_reply_count
from curve
group by group_id, span, from_date, replied_by
