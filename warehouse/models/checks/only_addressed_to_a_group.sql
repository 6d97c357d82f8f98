-- title: Only what is addressed to a group
-- definition: Every stored post says for which group it is held and why. Nothing else may be here.
-- grain: one row per post without a group
select posts.post_id
from stored.posts
anti join stored.post_scope using (post_id)
