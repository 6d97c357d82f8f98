-- title: What we read, and when
-- definition: Each place that we read for a group, with the last time it worked and the last time it did not bring everything, and why.
-- grain: one row per source
-- measure is_late: it has not worked for more than two hours, or never has.
-- measure incomplete_runs_count: readings of the last 7 days that did not bring everything.
-- measure bytes_count: of the network's whole stream (Jetstream): what was read over the line in the last 7 days.
-- measure kept_count: posts of the last 7 days' readings that belong to the group; one that was read twice counts twice.
-- cannot show: what a server does not tell us.
with moment as (
    select getvariable('now_at')::timestamp as now_at
),

runs as (
    select
        coverage.source_id,
        arg_max(
            {
                'finished_at': coverage.finished_at,
                'is_complete': coverage.is_complete,
                'reason': coverage.reason,
                'items_count': coverage.items_count
            },
            coverage.started_at
        ) as latest,
        count(*) as runs_count,
        count(*) filter (not coverage.is_complete) as incomplete_runs_count,
        sum(coverage.items_count)::bigint as items_count,
        sum(coverage.dropped_count)::bigint as dropped_count,
        sum(coverage.quarantined_count)::bigint as quarantined_count,
        sum(coverage.bytes_count)::bigint as bytes_count,
        sum(coverage.kept_count)::bigint as kept_count
    from stored.coverage
    cross join moment
    where coverage.started_at >= moment.now_at - interval 7 days
    group by coverage.source_id
)

select
    sources.source_id,
    sources.group_id,
    sources.network,
    sources.server,
    sources.kind,
    sources.target,
    sources.last_ok_at,
    epoch(moment.now_at - sources.last_ok_at) / 3600 as age_hours,
    coalesce(sources.last_ok_at < moment.now_at - interval 2 hours, true) as is_late,
    sources.next_at,
    sources.failures_count,
    sources.is_backfilled,
    runs.latest.finished_at as last_run_at,
    runs.latest.is_complete as is_last_run_complete,
    runs.latest.reason as last_reason,
    coalesce(runs.runs_count, 0) as runs_count,
    coalesce(runs.incomplete_runs_count, 0) as incomplete_runs_count,
    coalesce(runs.items_count, 0) as items_count,
    coalesce(runs.dropped_count, 0) as dropped_count,
    coalesce(runs.quarantined_count, 0) as quarantined_count,
    runs.bytes_count,
    coalesce(runs.kept_count, 0) as kept_count
from stored.sources
cross join moment
left join runs on sources.source_id = runs.source_id
