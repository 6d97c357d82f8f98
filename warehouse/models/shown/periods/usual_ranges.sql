-- title: Our usual
-- definition: Usual is from the lowest to the highest of the last 12 complete weeks of the past year that can be compared. Only a value outside it is called
--   unusual. With fewer than six such weeks it is too early to say.
-- grain: one row per group, week and measure
-- measure is_unusual: outside the usual range. Never said of a week that is not over, nor when it is too early to say; of answers only when the
--   promise of the week's last requests has run out.
-- measure wanted: whether more of it is good (up), less of it (down), or neither (none).
-- cannot show: why a week was unusual.
with measured as (
    select
        weeks.group_id,
        weeks.week_start_date,
        weeks.is_comparable,
        weeks.is_complete,
        weeks.is_so_far,
        unnest([
            {'measure': 'asks_count', 'wanted': 'none', 'value': weeks.asks_count::double},
            {'measure': 'answered_in_promise_share', 'wanted': 'up', 'value': weeks.answered_in_promise_share::double},
            {'measure': 'by_peer_count', 'wanted': 'up', 'value': weeks.by_peer_count::double},
            {'measure': 'by_group_count', 'wanted': 'none', 'value': weeks.by_group_count::double},
            {'measure': 'median_hours', 'wanted': 'down', 'value': weeks.median_hours},
            {'measure': 'p90_hours', 'wanted': 'down', 'value': weeks.p90_hours},
            {'measure': 'engagement_rate', 'wanted': 'up', 'value': weeks.engagement_rate},
            {'measure': 'unknown_count', 'wanted': 'down', 'value': weeks.unknown_count::double},
            {'measure': 'posts_count', 'wanted': 'none', 'value': weeks.posts_count::double},
            {'measure': 'likes_gained', 'wanted': 'up', 'value': weeks.likes_gained::double},
            {'measure': 'boosts_gained', 'wanted': 'up', 'value': weeks.boosts_gained::double},
            {'measure': 'quotes_gained', 'wanted': 'up', 'value': weeks.quotes_gained::double},
            {'measure': 'replies_gained', 'wanted': 'up', 'value': weeks.replies_gained::double},
            {'measure': 'engagement_gained', 'wanted': 'up', 'value': weeks.engagement_gained::double},
            {'measure': 'followers_gained', 'wanted': 'up', 'value': weeks.followers_gained::double}
        ], recursive := true)
    from shown.weeks
    -- where a period is looked at, the year before its first day is all that is needed
    where
        getvariable('from_date') is null
        or weeks.week_start_date between getvariable('from_date')::date - 371 and getvariable('from_date')::date
),

remembered as (
    select
        *,
        (
            list(value) filter (is_comparable and value is not null) over (
                partition by group_id, measure
                order by week_start_date
                rows between 52 preceding and 1 preceding
            )
        )[-12:] as past_values
    from measured
),

ranged as (
    select
        group_id,
        week_start_date,
        measure,
        wanted,
        value,
        -- what tells of answers may still change until the last promise has run out
        is_complete
        and not (
            is_so_far
            and measure in (
                'answered_in_promise_share', 'by_peer_count', 'by_group_count', 'median_hours', 'p90_hours', 'unknown_count'
            )
        ) as is_settled,
        coalesce(len(past_values), 0) as weeks_count,
        case when len(past_values) >= 6 then list_min(past_values) end as lowest,
        case when len(past_values) >= 6 then list_max(past_values) end as highest
    from remembered
)

select
    group_id,
    week_start_date,
    measure,
    lowest,
    highest,
    weeks_count,
    value,
    coalesce(is_settled and (value < lowest or value > highest), false) as is_unusual,
    weeks_count < 6 as is_too_early,
    wanted
from ranged
