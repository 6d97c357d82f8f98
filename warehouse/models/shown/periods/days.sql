-- title: Day by day
-- definition: What the group's posts gained, how many people followed and how many asked, for every day up to today. A day on which we did not
--   read the accounts is a gap: no followers are shown for it, and what was gained then shows on the next day we read.
-- grain: one row per group, network and local date
-- measure likes_gained: likes at the day's end less likes at its start. It can be negative.
-- measure boosts_gained: boosts at the day's end less boosts at its start. A boost shows somebody's post to one's own followers.
-- measure quotes_gained: quotes at the day's end less quotes at its start.
-- measure replies_gained: replies to the group's posts that we hold, by others than the team.
-- measure engagement_gained: likes, boosts, quotes and replies by others, all together.
-- measure followers_count: the last reading of the day, over the group's accounts on this network. Empty: not read, or hidden.
-- measure requests_count: requests that were written on this day.
-- measure has_gap: an account of the group was not read on this day. An account counts from its first reading on.
-- cannot show: people who only read.
with requests as (
    select
        group_id,
        network,
        local_date,
        count(*) as requests_count
    from shown.request_states
    where is_counted
    group by group_id, network, local_date
)

select
    activity_days.*,
    coalesce(requests.requests_count, 0) as requests_count
from shown.activity_days
left join requests using (group_id, network, local_date)
