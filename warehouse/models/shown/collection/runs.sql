-- title: Collecting, run by run
-- definition: Each time the collector went round in the last 7 days: how long it took, what it brought, and how many places did not bring everything.
-- grain: one row per run
with moment as (
    select getvariable('now_at')::timestamp as now_at
),

places as (
    select
        coverage.run_id,
        count(*) as sources_count,
        count(*) filter (not coverage.is_complete) as incomplete_count,
        sum(coverage.pages_count)::bigint as pages_count,
        sum(coverage.items_count)::bigint as items_count,
        sum(coverage.dropped_count)::bigint as dropped_count,
        sum(coverage.quarantined_count)::bigint as quarantined_count
    from stored.coverage
    cross join moment
    where coverage.started_at >= moment.now_at - interval 8 days
    group by coverage.run_id
)

select
    cycles.run_id,
    cycles.started_at,
    cycles.stored_at,
    epoch(cycles.stored_at - cycles.started_at) as seconds,
    cycles.works_count,
    cycles.posts_count,
    cycles.is_changed,
    coalesce(places.sources_count, 0) as sources_count,
    coalesce(places.incomplete_count, 0) as incomplete_count,
    coalesce(places.pages_count, 0) as pages_count,
    coalesce(places.items_count, 0) as items_count,
    coalesce(places.dropped_count, 0) as dropped_count,
    coalesce(places.quarantined_count, 0) as quarantined_count
from stored.cycles
cross join moment
left join places on cycles.run_id = places.run_id
where cycles.started_at >= moment.now_at - interval 7 days
