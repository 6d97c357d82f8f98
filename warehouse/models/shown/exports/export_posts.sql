-- title: Export: the group's own posts
-- definition: Each post by the group's own accounts, as the export writes it down: its latest counts, and what it gained since we first read it.
-- grain: one row per group and own post
-- measure group_id: the group, as in mutuals.toml.
-- measure post_id: a keyed hash of the post. The same in every file and every export of this installation, and meaningless anywhere else.
-- measure network: where it was published.
-- measure server: the server whose counts these are.
-- measure published_at: in UTC.
-- measure local_date: the day it was published, in the group's time zone.
-- measure local_hour: the hour it was published, 0 to 23, in the group's time zone.
-- measure local_weekday: 1 Monday to 7 Sunday, in the group's time zone.
-- measure is_reply: it is a reply to another post.
-- measure is_deleted: it was taken down. Its last counts stay.
-- measure has_poll: it asks people to vote.
-- measure media_count: pictures, films and sounds in it.
-- measure alt_text_count: how many of those are described for people who do not see them.
-- measure tags_count: hashtags in it.
-- measure likes_count: likes at the last reading.
-- measure boosts_count: boosts at the last reading.
-- measure quotes_count: quotes at the last reading. Empty: the server does not say.
-- measure likes_gained: likes since we first read it; all of them if that was within a day of publishing.
-- measure boosts_gained: boosts since we first read it.
-- measure quotes_gained: quotes since we first read it.
-- measure replies_gained: replies by others than the team that we hold.
-- measure engagement_gained: likes, boosts, quotes and replies by others gained since we first read it, all together.
-- measure confirmed_reach_count: different accounts seen replying to, quoting or boosting it.
-- cannot show: how many people saw a post: neither network says.
select
    group_id,
    post_id,
    network,
    server,
    created_at as published_at,
    local_date,
    local_hour,
    local_weekday,
    is_reply,
    deleted_at is not null as is_deleted,
    has_poll,
    media_count,
    alt_text_count,
    len(tags) as tags_count,
    likes_count,
    boosts_count,
    quotes_count,
    likes_gained,
    boosts_gained,
    quotes_gained,
    replies_gained,
    engagement_gained,
    confirmed_reach_count
from prepared.posts
