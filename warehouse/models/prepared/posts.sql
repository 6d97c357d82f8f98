-- title: The group's own posts
-- definition: Each post by the group's own accounts, with its latest counts and what it has gained since we first read it. Counts are as one named
--   server sees them and are never added up over servers.
-- grain: one row per group and own post
-- key: root_id
-- needs: select 1 from prepared.thread_posts inner join touched_posts using (post_id, created_at) where list_contains(whys, 'own')
-- measure boosters_followers_count: the followers of those who boosted it, added up. Empty: not read.
-- measure is_boosters_partial: some of them hide how many follow them, or the list was longer than we read.
-- measure confirmed_reach_count: different accounts seen replying to, quoting or boosting the post.
-- measure kind: each post is of one kind: a reply, else a quote, else a poll, else with a picture or recording, else with a link, else plain.
-- measure people_below_count: different people outside the team whose posts still stand in the conversation that this post began.
-- measure replies_below_count: those posts of theirs.
-- cannot show: how many people saw a post: neither network says.
with own_posts as (
    select
        thread_posts.*,
        posts.has_poll,
        posts.media_count,
        posts.alt_text_count,
        posts.is_reply as is_said_reply,
        posts.quoted_id
    from prepared.thread_posts
    inner join touched_posts using (post_id, created_at)
    inner join stored.posts using (post_id, created_at)
    where list_contains(thread_posts.whys, 'own')
),

-- Bluesky's texts often leave out the https://
with_links as (
    select post_texts.post_id
    from stored.post_texts
    inner join touched_posts using (post_id, created_at)
    semi join own_posts on post_texts.post_id = own_posts.post_id
    where regexp_matches(post_texts.text, '(https?://|www\.)\S|\b[\w-]+(\.[\w-]+)+/\S')
),

conversations as (
    select
        thread_posts.group_id,
        thread_posts.root_id,
        count(*) as replies_below_count,
        count(distinct thread_posts.author_id) as people_below_count
    from prepared.thread_posts
    inner join touched_posts using (post_id, created_at)
    where
        not thread_posts.is_by_team
        and not thread_posts.is_bot
        and not thread_posts.is_hidden
        and thread_posts.deleted_at is null
    group by thread_posts.group_id, thread_posts.root_id
),

gains as (
    select
        post_days.group_id,
        post_days.post_id,
        any_value(post_days.server) as server,
        arg_max(post_days.likes_count, post_days.local_date) as likes_count,
        arg_max(post_days.boosts_count, post_days.local_date) as boosts_count,
        arg_max(post_days.quotes_count, post_days.local_date) as quotes_count,
        arg_max(post_days.boosters_followers_count, post_days.local_date) as boosters_followers_count,
        arg_max(post_days.is_boosters_partial, post_days.local_date) as is_boosters_partial,
        sum(post_days.likes_gained)::bigint as likes_gained,
        sum(post_days.boosts_gained)::bigint as boosts_gained,
        sum(post_days.quotes_gained)::bigint as quotes_gained,
        sum(post_days.replies_gained)::bigint as replies_gained,
        sum(post_days.engagement_gained)::bigint as engagement_gained
    from prepared.post_days
    inner join touched_posts using (post_id, created_at)
    group by post_days.group_id, post_days.post_id
),

reach as (
    select
        interactions.post_id,
        count(distinct interactions.account_id) as confirmed_reach_count
    from stored.interactions
    semi join own_posts using (post_id)
    group by interactions.post_id
),

tags as (
    select
        post_tags.post_id,
        list_sort(list(distinct post_tags.tag)) as tags
    from stored.post_tags
    inner join touched_posts using (post_id, created_at)
    group by post_tags.post_id
)

select
    own_posts.group_id,
    own_posts.root_id,
    own_posts.post_id,
    own_posts.network,
    own_posts.author_id,
    own_posts.created_at,
    own_posts.local_date,
    own_posts.local_hour,
    own_posts.local_weekday,
    own_posts.deleted_at,
    own_posts.is_imported,
    own_posts.link_server,
    own_posts.depth > 0 as is_reply,
    case
        when own_posts.depth > 0 or own_posts.is_said_reply then 'reply'
        when own_posts.quoted_id is not null then 'quote'
        when own_posts.has_poll then 'poll'
        when own_posts.media_count > 0 then 'picture'
        when with_links.post_id is not null then 'link'
        else 'plain'
    end as kind,
    own_posts.has_poll,
    own_posts.media_count,
    own_posts.alt_text_count,
    coalesce(tags.tags, []::varchar[]) as tags,
    gains.server,
    gains.likes_count,
    gains.boosts_count,
    gains.quotes_count,
    gains.boosters_followers_count,
    gains.is_boosters_partial,
    coalesce(gains.likes_gained, 0) as likes_gained,
    coalesce(gains.boosts_gained, 0) as boosts_gained,
    coalesce(gains.quotes_gained, 0) as quotes_gained,
    coalesce(gains.replies_gained, 0) as replies_gained,
    coalesce(gains.engagement_gained, 0) as engagement_gained,
    coalesce(reach.confirmed_reach_count, 0) as confirmed_reach_count,
    if(own_posts.depth = 0, coalesce(conversations.people_below_count, 0), 0) as people_below_count,
    if(own_posts.depth = 0, coalesce(conversations.replies_below_count, 0), 0) as replies_below_count
from own_posts
left join gains on own_posts.group_id = gains.group_id and own_posts.post_id = gains.post_id
left join reach on own_posts.post_id = reach.post_id
left join tags on own_posts.post_id = tags.post_id
left join with_links on own_posts.post_id = with_links.post_id
left join conversations on own_posts.group_id = conversations.group_id and own_posts.root_id = conversations.root_id
