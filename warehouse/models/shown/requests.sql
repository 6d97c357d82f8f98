-- title: Waiting for a reply
-- definition: Posts addressed to the group that read like an ask, with how they stand now. In the queue the longest wait comes first.
--   Words of other people are shown only while a server has confirmed within the last day that the post is still there.
-- grain: one row per group and request or candidate
-- measure is_text_withheld: the words are held back, because no server has confirmed within 24 hours that the post is still there.
-- cannot show: people who only read; answers by phone, at meetings or in private that nobody noted.
select
    request_states.* exclude (link_server),
    posts.verified_at < getvariable('now_at')::timestamp - interval 24 hours as is_text_withheld,
    case when posts.verified_at >= getvariable('now_at')::timestamp - interval 24 hours then post_texts.text end as text,
    case when posts.verified_at >= getvariable('now_at')::timestamp - interval 24 hours then post_texts.content_warning end
        as content_warning,
    accounts.handle,
    addresses.link
from shown.request_states
inner join stored.posts
    on request_states.post_id = posts.post_id
    and request_states.created_at = posts.created_at
left join stored.post_texts
    on request_states.post_id = post_texts.post_id
    and request_states.created_at = post_texts.created_at
left join stored.accounts on request_states.author_id = accounts.account_id
left join stored.post_addresses as addresses
    on request_states.post_id = addresses.post_id
    and request_states.created_at = addresses.created_at
    and request_states.link_server = addresses.server
