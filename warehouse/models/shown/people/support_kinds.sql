-- title: Support asked for and given
-- definition: What kind of support the period's requests asked for and the period's answers gave, by word lists: emotional (comfort), informational,
--   practical, or unsure where the words do not tell. A person can correct what was asked for. Shares only, never of one person.
-- grain: one row per group, direction and kind
-- measure direction: asked (of requests) or given (of answers).
-- measure share: of 100 requests or answers in which it was looked for. Empty under 5.
-- measure of_count: the requests or answers that the share is taken from.
-- measure judged_count: requests of the kind that people judged, all time. Only for what was asked.
-- measure right_share: of those, the share the word lists had right. Empty under 10: not measured yet.
-- cannot show: what a post did for somebody. The word lists are sure of a kind in some posts only.
with posts as (
    select
        group_id,
        'asked' as direction,
        coalesce(support_asked, 'unsure') as kind
    from shown.request_states
    where
        is_counted
        and local_date >= getvariable('from_date')::date
        and local_date < getvariable('to_date')::date

    union all

    select
        group_id,
        'given' as direction,
        coalesce(support_given, 'unsure') as kind
    from shown.answers
    where
        not is_imported
        and local_date >= getvariable('from_date')::date
        and local_date < getvariable('to_date')::date
),

counted as (
    select
        group_id,
        direction,
        kind,
        count(*) as kind_count,
        sum(count(*)) over (partition by group_id, direction)::bigint as of_count
    from posts
    group by group_id, direction, kind
),

measured as (
    select
        group_id,
        subject as kind,
        sum(judged_count)::bigint as judged_count,
        sum(right_count)::bigint as right_count
    from shown.rule_precision
    where kind = 'support'
    group by group_id, subject
)

select
    counted.group_id,
    counted.direction,
    counted.kind,
    case when counted.of_count >= 5 then 100.0 * counted.kind_count / counted.of_count end as share,
    counted.of_count,
    coalesce(measured.judged_count, 0) as judged_count,
    case when measured.judged_count >= 10 then 100.0 * measured.right_count / measured.judged_count end as right_share
from counted
left join measured
    on counted.direction = 'asked'
    and counted.group_id = measured.group_id
    and counted.kind = measured.kind
