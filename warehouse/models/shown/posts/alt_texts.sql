-- title: Described pictures
-- definition: Pictures and recordings in the group's own posts of the period, and how many of them are described for people who cannot see them.
-- grain: one row per group with a post in the period
-- measure pictures_count: pictures and recordings published.
-- measure described_count: those with a description.
-- measure described_share: described, of 100. Empty where there is none.
-- measure posts_with_pictures_count: posts with at least one.
-- measure undescribed_posts_count: of those posts, how many have at least one without a description.
-- cannot show: whether a description is a good one.
select
    group_id,
    sum(media_count)::bigint as pictures_count,
    sum(least(alt_text_count, media_count))::bigint as described_count,
    100.0 * sum(least(alt_text_count, media_count)) / nullif(sum(media_count), 0) as described_share,
    count(*) filter (media_count > 0) as posts_with_pictures_count,
    count(*) filter (alt_text_count < media_count) as undescribed_posts_count
from prepared.posts
where
    local_date >= getvariable('from_date')::date
    and local_date < getvariable('to_date')::date
group by group_id
