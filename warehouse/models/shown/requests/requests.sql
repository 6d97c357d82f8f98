-- title: Waiting for a reply
-- definition: Posts addressed to the group that read like an ask, with how they stand now. In the queue the longest wait comes first.
--   Words of other people, and whose they are, are shown only while a server has confirmed within the last day that the post is still there.
-- grain: one row per group and request or candidate
-- measure is_text_withheld: the words are held back, because no server has confirmed within 24 hours that the post is still there.
-- cannot show: people who only read; answers by phone, at meetings or in private that nobody noted.
--
-- Words, name and link are looked up one by one: a join would first gather those of all posts.
with looked_up as (
    select
        request_states.* exclude (link_server),
        posts.verified_at < getvariable('now_at')::timestamp - interval 24 hours as is_text_withheld,
        (select accounts.handle from stored.accounts where accounts.account_id = request_states.author_id) as handle,
        (
            select post_addresses.link
            from stored.post_addresses
            where post_addresses.post_id = request_states.post_id
                and post_addresses.created_at = request_states.created_at
                and post_addresses.server = request_states.link_server
        ) as link,
        (
            select {'text': post_texts.text, 'content_warning': post_texts.content_warning}
            from stored.post_texts
            where post_texts.post_id = request_states.post_id and post_texts.created_at = request_states.created_at
        ) as words
    from shown.request_states
    inner join stored.posts
        on request_states.post_id = posts.post_id
        and request_states.created_at = posts.created_at
)

select
    * exclude (words)
        replace (if(deleted_at is not null or is_link_only or is_text_withheld, null, handle) as handle),
    if(is_text_withheld, null, words['text']) as text,
    if(is_text_withheld, null, words['content_warning']) as content_warning
from looked_up
