-- title: Export: day by day
-- definition: What the group's posts gained, how many people followed and how many asked on a day, as the export writes it down.
-- grain: one row per group, network and local date
-- measure group_id: the group, as in mutuals.toml.
-- measure network: where it happened: a network, or a place that the group counts by hand.
-- measure local_date: the day, in the group's time zone.
-- measure has_gap: an account of the group was not read on this day.
-- measure requests_count: requests that were written on this day. Empty: not counted.
-- measure posts_count: posts that the group published on this day.
-- measure followers_count: followers at the day's last reading. Empty: not read, or hidden.
-- measure likes_gained: likes at the day's end less likes at its start. It can be negative.
-- measure boosts_gained: boosts at the day's end less boosts at its start.
-- measure quotes_gained: quotes at the day's end less quotes at its start.
-- measure replies_gained: replies to the group's posts by others than the team.
-- measure engagement_gained: likes, boosts, quotes and replies by others, all together. It can be negative.
-- measure published_engagement: what the posts published on this day have gained up to now.
-- measure is_imported: counted by the group in a place without an API, and brought in a file. What was gained is not known there.
-- measure answered_count: of the requests that were counted elsewhere, how many were answered. Empty for the networks: see the file of requests.
-- cannot show: people who only read.
select
    group_id,
    network,
    local_date,
    has_gap,
    requests_count,
    posts_count,
    followers_count,
    likes_gained,
    boosts_gained,
    quotes_gained,
    replies_gained,
    engagement_gained,
    published_engagement,
    false as is_imported,
    null::bigint as answered_count
from shown.days

union all by name

select
    group_id,
    place as network,
    local_date,
    false as has_gap,
    asks_count as requests_count,
    posts_count,
    followers_count,
    engagement_count as published_engagement,
    true as is_imported,
    answered_count
from shown.elsewhere_days
