-- title: What people decided
-- definition: Marks that people made, laid over what the rules say: whether a post is a request, how it ended, who looks after it; and
--   which answers and later posts count otherwise because of such a mark. It does not depend on the time, so it is worked out
--   when a decision changes and not at every look.
-- grain: one row per group and post that somebody decided about, or whose figures such a decision changes
-- measure is_recounted: the rules took one of the replies below it for something else than a person did, or a person called it misleading or
--   hostile. So its answers were counted again.
-- measure flagged_count: replies below it that somebody called misleading or hostile. They are no answers.
-- measure is_follow_up: a later post by the same person below their own request, judged by people. Empty: as the rules say.
with marks as (
    select
        decisions.* replace (
            case when decisions.outcome = 'not a request' then false else decisions.is_request end as is_request
        )
    from casebook.decisions
),

-- the same person below their own standing request: settled beforehand by the rules, and here where a person judged that request
judged_follow_ups as (
    select
        comebacks.group_id,
        comebacks.post_id,
        bool_or(
            comebacks.is_request_standing and coalesce(marks.is_request, comebacks.is_request_rule_counted)
        ) as is_follow_up
    from prepared.comebacks
    semi join (
        select
            comebacks.group_id,
            comebacks.post_id
        from prepared.comebacks
        inner join marks on comebacks.group_id = marks.group_id and comebacks.request_id = marks.post_id
        where marks.is_request is not null
    ) as judged using (group_id, post_id)
    left join marks on comebacks.group_id = marks.group_id and comebacks.request_id = marks.post_id
    group by comebacks.group_id, comebacks.post_id
),

-- answers are counted beforehand, going by the rules; where a person judged a reply otherwise they are counted again
recounted as (
    select distinct
        answers.group_id,
        answers.request_id
    from prepared.answers
    inner join marks on answers.group_id = marks.group_id and answers.post_id = marks.post_id
    where marks.flag in ('misleading', 'hostile') or (answers.who = 'peer' and marks.is_request <> answers.is_rule_counted)
),

judged_answers as (
    select
        answers.*,
        -- no longer an answer: kept as an empty row, so that a count of none is a count too
        coalesce(marks.flag in ('misleading', 'hostile'), false) as is_flagged,
        not coalesce(answers.who = 'peer' and marks.is_request, answers.is_rule_counted) and not is_flagged as is_answer
    from prepared.answers
    semi join recounted using (group_id, request_id)
    left join marks on answers.group_id = marks.group_id and answers.post_id = marks.post_id
),

first_answers as (
    select
        *,
        min(answered_at) filter (is_answer) over (partition by group_id, request_id) as first_at,
        min(answered_at) filter (is_answer) over (partition by group_id, request_id, author_id) as first_by_author_at
    from judged_answers
),

recounts as (
    select
        group_id,
        request_id as post_id,
        true as is_recounted,
        count(*) filter (is_answer) as answers_count,
        count(distinct author_id) filter (is_answer) as answerers_count,
        min(answered_at) filter (is_answer and who = 'group') as first_by_group_at,
        min(answered_at) filter (is_answer and who = 'peer') as first_by_peer_at,
        max(answered_at) filter (is_answer) as last_held_at,
        min(answered_at) filter (
            is_answer
            and answered_at between first_at + interval 1 day and first_at + interval 7 days
            and (who = 'group' or answered_at > first_by_author_at)
        ) as checked_back_at,
        count(*) filter (is_flagged) as flagged_count
    from first_answers
    group by group_id, request_id
)

select
    group_id,
    post_id,
    marks.is_request,
    marks.support_asked,
    marks.outcome,
    marks.outcome_at,
    marks.outcome_reason,
    marks.claimed_by,
    marks.claimed_at,
    marks.claimed_until_at,
    marks.snoozed_at,
    marks.snoozed_until_at,
    marks.looked_after_at,
    marks.flag,
    marks.changed_at as decided_at,
    judged_follow_ups.is_follow_up,
    coalesce(recounts.is_recounted, false) as is_recounted,
    recounts.answers_count,
    recounts.answerers_count,
    recounts.first_by_group_at,
    recounts.first_by_peer_at,
    recounts.last_held_at,
    recounts.checked_back_at,
    recounts.flagged_count
from marks
full join judged_follow_ups using (group_id, post_id)
full join recounts using (group_id, post_id)
