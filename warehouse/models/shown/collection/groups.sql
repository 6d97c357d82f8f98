-- title: Groups
-- definition: The groups we read for, since when, and when we last read anything for them.
-- grain: one row per group
-- readers: trustee
-- measure is_stale: nothing has been read for this group for two hours, or ever.
with moment as (
    select getvariable('now_at')::timestamp as now_at
),

readings as (
    select
        group_id,
        max(last_ok_at) as last_read_at,
        bool_and(is_backfilled or last_ok_at is null) as is_backfilled
    from stored.sources
    group by group_id
),

networks as (
    select
        group_id,
        list_sort(list(distinct network)) as networks
    from stored.group_accounts
    where role = 'group'
    group by group_id
)

select
    groups.group_id,
    groups.name,
    groups.timezone,
    groups.promise_hours,
    coalesce(networks.networks, []::varchar[]) as networks,
    groups.collecting_since_at,
    readings.last_read_at,
    epoch(moment.now_at - readings.last_read_at) / 3600 as age_hours,
    coalesce(readings.last_read_at < moment.now_at - interval 2 hours, true) as is_stale,
    coalesce(readings.is_backfilled, false) as is_backfilled
from stored.groups
cross join moment
left join networks on groups.group_id = networks.group_id
left join readings on groups.group_id = readings.group_id
