-- title: The group's own posts
-- definition: Each post by the group's own accounts: its words, what it has gained up to now, and how far it may have gone.
-- grain: one row per group and own post
-- measure engagement_gained: likes, boosts, quotes and replies by others, from publishing up to now; of a post first read later than a day after
--   publishing, from its first reading.
-- measure engagement_rate: that for every 100 followers when it was published. Not said under 30 followers.
-- cannot show: how many people saw a post: neither network says.
--
-- Words and link are looked up one by one: a join would first gather those of all posts.
select
    post_reach.*,
    (
        select post_texts.text
        from stored.post_texts
        where post_texts.post_id = post_reach.post_id and post_texts.created_at = post_reach.created_at
    ) as text,
    (
        select min(post_addresses.link)
        from stored.post_addresses
        where post_addresses.post_id = post_reach.post_id and post_addresses.created_at = post_reach.created_at
    ) as link
from shown.post_reach
where post_reach.deleted_at is null
