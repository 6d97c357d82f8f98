-- title: Export: counts and their change
-- definition: What each of the group's own posts had at the end of a day and what it gained on that day, as the export writes it down. A day without a
--   reading and without a reply has no row; what was gained then stands on the next day that was read.
-- grain: one row per group, own post and local date on which something was read or replied
-- measure group_id: the group, as in mutuals.toml.
-- measure post_id: a keyed hash of the post, as in the file of posts.
-- measure network: where it was published.
-- measure server: the server whose counts these are.
-- measure local_date: the day, in the group's time zone.
-- measure likes_count: likes at the day's last reading.
-- measure boosts_count: boosts at the day's last reading.
-- measure quotes_count: quotes at the day's last reading. Empty: the server does not say.
-- measure reported_replies_count: direct replies as the server counts them, private ones perhaps among them.
-- measure likes_gained: likes less those of the day before it was read. It can be negative.
-- measure boosts_gained: boosts less those of the day before it was read.
-- measure quotes_gained: quotes less those of the day before it was read.
-- measure replies_gained: replies by others than the team that were written on this day.
-- measure engagement_gained: likes, boosts, quotes and replies by others, all together. It can be negative.
-- cannot show: how many people saw a post: neither network says.
select
    group_id,
    post_id,
    network,
    server,
    local_date,
    likes_count,
    boosts_count,
    quotes_count,
    reported_replies_count,
    likes_gained,
    boosts_gained,
    quotes_gained,
    replies_gained,
    engagement_gained
from prepared.post_days
