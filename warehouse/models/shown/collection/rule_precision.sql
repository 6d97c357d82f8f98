-- title: How well the rules do
-- definition: Of the posts that the rules picked and that people judged, how many were requests. Judged are posts that somebody marked as
--   a request or not a request, or closed as answered or as left without an answer, which says that it was one. Nothing learns from
--   this by itself: it tells people which rule to mend.
-- grain: one row per group, language, kind and subject
-- measure kind: counted: picks that count in the figures. queue: picks that only stand in the queue. rule: picks in which this one rule fired.
--   support: requests for which the rules named this kind of support; right unless somebody named another.
-- measure subject: the rule's id, or the kind of support; empty for a whole language.
-- measure right_share: share of the judged that were right. Empty under 10 judged: too few to say.
-- measure late_right_share: the same, of those judged in the last 90 days.
-- measure is_fallen: of at least 10 judged in the last 90 days fewer than half were right.
-- cannot show: requests that no rule picked and nobody saw. People judge what looks wrong sooner than what looks right, so the true share may be higher.
with judged as (
    select
        group_id,
        post_id,
        changed_at,
        support_asked,
        case
            when is_request is not null then is_request
            when outcome = 'not a request' then false
            when outcome in ('answered here', 'answered elsewhere', 'closed without an answer') then true
        end as is_right
    from casebook.decisions
),

picks as (
    select
        addressed_posts.group_id,
        coalesce(addressed_posts.language, '') as language,
        addressed_posts.rule_ids,
        addressed_posts.support_asked as support_named,
        judged.support_asked as support_corrected,
        judged.is_right,
        if(addressed_posts.is_rule_counted, 'counted', 'queue') as threshold,
        judged.changed_at >= getvariable('now_at')::timestamp - interval 90 days as is_late
    from prepared.addressed_posts
    inner join judged
        on addressed_posts.group_id = judged.group_id
        and addressed_posts.post_id = judged.post_id
    where
        judged.is_right is not null
        and (addressed_posts.is_rule_counted or addressed_posts.is_rule_queued)
),

verdicts as (
    select group_id, language, threshold as kind, '' as subject, is_right, is_late
    from picks
    union all
    select group_id, language, 'rule' as kind, unnest(list_distinct(rule_ids)) as subject, is_right, is_late
    from picks
    union all
    select
        group_id,
        language,
        'support' as kind,
        support_named as subject,
        coalesce(support_corrected = support_named, true) as is_right,
        is_late
    from picks
    where is_right and support_named is not null
),

counted as (
    select
        group_id,
        language,
        kind,
        subject,
        count(*) as judged_count,
        count(*) filter (is_right) as right_count,
        count(*) filter (is_late) as late_judged_count,
        count(*) filter (is_late and is_right) as late_right_count
    from verdicts
    group by group_id, language, kind, subject
)

select
    group_id,
    language,
    kind,
    subject,
    judged_count,
    right_count,
    case when judged_count >= 10 then right_count / judged_count end as right_share,
    late_judged_count,
    late_right_count,
    case when late_judged_count >= 10 then late_right_count / late_judged_count end as late_right_share,
    coalesce(late_right_share < 0.5, false) as is_fallen
from counted
