-- title: Export: day by day
-- definition: What the group's posts gained, how many people followed and how many asked on a day, as `mutuals export` writes it down.
-- grain: one row per group, network and local date
-- measure group_id: the group, as in mutuals.toml.
-- measure network: where it happened.
-- measure local_date: the day, in the group's time zone.
-- measure has_gap: an account of the group was not read on this day.
-- measure requests_count: requests that were written on this day.
-- measure posts_count: posts that the group published on this day.
-- measure followers_count: followers at the day's last reading. Empty: not read, or hidden.
-- measure likes_gained: likes at the day's end less likes at its start. It can be negative.
-- measure boosts_gained: boosts at the day's end less boosts at its start.
-- measure quotes_gained: quotes at the day's end less quotes at its start.
-- measure replies_gained: replies to the group's posts by others than the team.
-- measure engagement_gained: likes, boosts, quotes and replies by others, all together. It can be negative.
-- measure published_engagement: what the posts published on this day have gained up to now.
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
    published_engagement
from shown.days
