-- title: Reach in the period
-- definition: Of the posts published in the period: the one in the middle, and the widest one. Reach is never added up over posts, because the same
--   people see several. For each it is a range: from the accounts that we saw replying, quoting or boosting, to all for whom
--   it could have appeared.
-- grain: one row per group with a post in the period
-- measure posts_count: posts published in the period.
-- measure known_count: of these, the ones of which we know how many followed when they were published.
-- measure median_confirmed_count: accounts that we saw replying to, quoting or boosting the post in the middle.
-- measure median_possible_count: for how many the post in the middle could have appeared, at most.
-- measure widest_confirmed_count: the most accounts that we saw replying to, quoting or boosting one post.
-- measure widest_possible_count: for how many the widest post could have appeared, at most.
-- measure is_at_least: of some post not all who boosted could be read: it could be more.
-- cannot show: how many people saw a post: neither network says.
select
    group_id,
    count(*) as posts_count,
    count(possible_reach_count) as known_count,
    median(confirmed_reach_count) as median_confirmed_count,
    median(possible_reach_count) as median_possible_count,
    max(confirmed_reach_count) as widest_confirmed_count,
    max(possible_reach_count) as widest_possible_count,
    coalesce(bool_or(is_at_least) filter (possible_reach_count is not null), false) as is_at_least
from shown.post_reach
where local_date >= getvariable('from_date')::date and local_date < getvariable('to_date')::date
group by group_id
