-- title: The conversation
-- definition: Every post of a conversation, in the order it was written. "Asker" is the writer of the first post, unless that is the team.
--   Words are shown only while a server has confirmed within the last day that the post is still there.
-- grain: one row per group and post
-- cannot show: private posts, and posts that no server showed us.
with shown_posts as (
    select
        thread_posts.*,
        posts.verified_at >= getvariable('now_at')::timestamp - interval 24 hours or thread_posts.role = 'group'
            as is_text_shown
    from prepared.thread_posts
    inner join stored.posts
        on thread_posts.post_id = posts.post_id
        and thread_posts.created_at = posts.created_at
)

select
    shown_posts.group_id,
    shown_posts.root_id,
    shown_posts.post_id,
    shown_posts.parent_id,
    shown_posts.created_at,
    case
        when shown_posts.role <> '' then shown_posts.role
        when shown_posts.author_id = roots.author_id then 'asker'
        else 'peer'
    end as who,
    accounts.handle,
    coalesce(accounts.is_bot, false) as is_bot,
    case when shown_posts.is_text_shown and shown_posts.deleted_at is null then post_texts.text end as text,
    case when shown_posts.is_text_shown and shown_posts.deleted_at is null then post_texts.content_warning end
        as content_warning,
    shown_posts.has_content_warning,
    shown_posts.deleted_at is not null as is_deleted,
    shown_posts.is_hidden,
    shown_posts.is_link_only,
    not shown_posts.is_text_shown as is_text_withheld,
    addresses.link,
    shown_posts.depth
from shown_posts
left join prepared.thread_posts as roots
    on shown_posts.group_id = roots.group_id
    and shown_posts.root_id = roots.post_id
left join stored.post_texts
    on shown_posts.post_id = post_texts.post_id
    and shown_posts.created_at = post_texts.created_at
left join stored.accounts on shown_posts.author_id = accounts.account_id
left join stored.post_addresses as addresses
    on shown_posts.post_id = addresses.post_id
    and shown_posts.created_at = addresses.created_at
    and shown_posts.link_server = addresses.server
