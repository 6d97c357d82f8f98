-- title: Posts that started conversations
-- definition: Posts of the period by the group, not replies, below which at least two different people outside the team wrote.
-- grain: one row per group and such a post
-- measure people_count: different people outside the team whose posts stand below.
-- measure replies_count: those posts of theirs.
-- measure text: the group's own words. Empty where the post was taken down.
-- cannot show: people who were moved by a post and said nothing; conversations that went on in private.
select
    posts.group_id,
    posts.post_id,
    posts.network,
    posts.created_at,
    posts.local_date,
    posts.kind,
    posts.people_below_count as people_count,
    posts.replies_below_count as replies_count,
    posts.engagement_gained,
    (
        select post_texts.text
        from stored.post_texts
        where
            post_texts.post_id = posts.post_id
            and post_texts.created_at = posts.created_at
            and posts.deleted_at is null
    ) as text,
    (
        select post_addresses.link
        from stored.post_addresses
        where
            post_addresses.post_id = posts.post_id
            and post_addresses.created_at = posts.created_at
            and post_addresses.server = posts.link_server
            and posts.deleted_at is null
    ) as link
from prepared.posts
where
    posts.people_below_count >= 2
    and posts.kind <> 'reply'
    and posts.local_date >= getvariable('from_date')::date
    and posts.local_date < getvariable('to_date')::date
