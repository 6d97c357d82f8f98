-- title: Every request has its post
-- definition: A request without its post cannot be shown, and a post that nobody addressed to the group is no request.
-- grain: one row per request without a post
select addressed_posts.group_id, addressed_posts.post_id
from prepared.addressed_posts
anti join stored.posts using (post_id, created_at)
union all
select addressed_posts.group_id, addressed_posts.post_id
from prepared.addressed_posts
anti join stored.post_scope using (group_id, post_id)
