-- title: Followers, day by day
-- definition: The last reading of the day of each of the group's own accounts. Empty followers mean that the account hides them.
-- grain: one row per group, own account and local date with a reading
-- key: group_id, local_date
-- cannot show: who follows: no follower list is ever read.
with readings as (
    select
        account_snapshots.*,
        timezone(groups.timezone, timezone('UTC', account_snapshots.observed_at))::date as local_date
    from stored.account_snapshots
    inner join stored.groups on account_snapshots.group_id = groups.group_id
    where account_snapshots.observed_at
        between getvariable('days_from_at')::timestamp and getvariable('days_to_at')::timestamp
)

select
    readings.group_id,
    readings.account_id,
    readings.network,
    readings.local_date,
    max(readings.observed_at) as observed_at,
    -- as one value, so that a hidden last reading stays hidden
    arg_max({'count': readings.followers_count}, readings.observed_at)['count'] as followers_count,
    arg_max({'count': readings.following_count}, readings.observed_at)['count'] as following_count,
    arg_max({'count': readings.posts_count}, readings.observed_at)['count'] as posts_count
from readings
semi join touched_days using (group_id, local_date)
group by readings.group_id, readings.account_id, readings.network, readings.local_date
