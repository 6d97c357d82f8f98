-- title: The conversation
-- definition: Every post of a conversation, in the order it was written. "Asker" is the writer of the first post, unless that is the team.
--   A flag says what somebody from the team found wrong with an answer.
--   Words, and whose they are, are shown only while a server has confirmed within the last day that the post is still there.
-- grain: one row per group and post
-- cannot show: private posts, and posts that no server showed us.
--
-- Words, name and link are looked up one by one: a join would first gather those of all posts.
with looked_up as (
    select
        thread_posts.group_id,
        thread_posts.root_id,
        thread_posts.post_id,
        thread_posts.parent_id,
        thread_posts.author_id,
        thread_posts.created_at,
        case
            when thread_posts.role <> '' then thread_posts.role
            when thread_posts.author_id = thread_posts.root_author_id then 'asker'
            else 'peer'
        end as who,
        thread_posts.is_bot,
        thread_posts.has_content_warning,
        thread_posts.deleted_at is not null as is_deleted,
        thread_posts.is_hidden,
        thread_posts.is_link_only,
        posts.verified_at < getvariable('now_at')::timestamp - interval 24 hours and thread_posts.role <> 'group'
            as is_text_withheld,
        (select accounts.handle from stored.accounts where accounts.account_id = thread_posts.author_id) as handle,
        (
            select post_addresses.link
            from stored.post_addresses
            where post_addresses.post_id = thread_posts.post_id
                and post_addresses.created_at = thread_posts.created_at
                and post_addresses.server = thread_posts.link_server
        ) as link,
        (
            select {'text': post_texts.text, 'content_warning': post_texts.content_warning}
            from stored.post_texts
            where post_texts.post_id = thread_posts.post_id and post_texts.created_at = thread_posts.created_at
        ) as words,
        (
            select decisions.flag
            from casebook.decisions
            where decisions.group_id = thread_posts.group_id and decisions.post_id = thread_posts.post_id
        ) as flag,
        thread_posts.depth
    from prepared.thread_posts
    inner join stored.posts
        on thread_posts.post_id = posts.post_id
        and thread_posts.created_at = posts.created_at
)

select
    * exclude (words) replace (if(is_deleted or is_link_only or is_text_withheld, null, handle) as handle),
    if(is_text_withheld or is_deleted, null, words['text']) as text,
    if(is_text_withheld or is_deleted, null, words['content_warning']) as content_warning
from looked_up
