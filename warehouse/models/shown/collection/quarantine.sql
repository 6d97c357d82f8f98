-- title: What could not be read
-- definition: Posts that came so broken that they could not be read, by place and reason. Their words are not kept.
-- grain: one row per source and reason
-- cannot show: what was in them.
select
    quarantine.source_id,
    sources.group_id,
    sources.network,
    sources.server,
    sources.kind,
    quarantine.reason,
    count(*) as items_count,
    min(quarantine.first_seen_at) as first_seen_at,
    max(quarantine.last_seen_at) as last_seen_at
from stored.quarantine
left join stored.sources on quarantine.source_id = sources.source_id
group by
    quarantine.source_id, sources.group_id, sources.network, sources.server, sources.kind, quarantine.reason
