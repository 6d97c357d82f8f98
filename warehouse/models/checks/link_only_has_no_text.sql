-- title: Who prefers not to be copied is not copied
-- definition: A post of which we keep only a link has no text, no tags, no language, no rules that fired, no counts and no handle, and its address does not show one. Neither has a post that was taken down a text.
-- grain: one row per post and what is wrong with it
select 'link-only post with text' as wrong, posts.post_id
from stored.posts
inner join stored.post_texts using (post_id, created_at)
where posts.created_at >= getvariable('checked_from_at')::timestamp and posts.is_link_only
union all
select 'link-only post with a tag', posts.post_id
from stored.posts
inner join stored.post_tags using (post_id, created_at)
where posts.created_at >= getvariable('checked_from_at')::timestamp and posts.is_link_only
union all
select 'link-only post with more than a verdict', posts.post_id
from stored.posts
inner join stored.verdicts using (post_id, created_at)
where
    posts.created_at >= getvariable('checked_from_at')::timestamp
    and posts.is_link_only
    and (
        len(verdicts.rule_ids) > 0
        or coalesce(verdicts.language, verdicts.support_asked, verdicts.support_given, posts.language) is not null
    )
union all
select 'link-only post with counts', posts.post_id
from stored.posts
semi join stored.observations using (post_id)
where
    posts.created_at >= getvariable('checked_from_at')::timestamp
    and posts.is_link_only
    and posts.author_id not in (select group_accounts.account_id from stored.group_accounts where group_accounts.role = 'group')
union all
select 'somebody who said no with a text', posts.post_id
from stored.posts
inner join stored.post_texts using (post_id, created_at)
inner join stored.opt_outs on posts.author_id = opt_outs.account_id
where posts.created_at >= getvariable('checked_from_at')::timestamp
union all
select 'taken-down post with text', posts.post_id
from stored.posts
inner join stored.post_texts using (post_id, created_at)
where posts.created_at >= getvariable('checked_from_at')::timestamp and posts.deleted_at is not null
