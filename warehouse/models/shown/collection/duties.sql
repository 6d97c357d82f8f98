-- title: What tidies up by itself
-- definition: When each daily duty was last done, and how many things it removed or looked at. The sweep looks for every text of other people on its
--   network; its time is that of the text that was looked for longest ago. Late is what was last done more than 36 hours ago.
-- grain: one row per duty
-- measure removed_count: what it did: texts that were removed, decisions that lost words or names, readings that were thinned out, quarters that
--   were written down, or texts that the sweep watches.
-- cannot show: what was done while the clock of this computer was wrong.
with moment as (
    select getvariable('now_at')::timestamp as now_at
),

swept as (
    select
        'sweep' as duty,
        min(posts.verified_at) as done_at,
        count(*) as removed_count
    from stored.post_texts
    inner join stored.posts using (post_id, created_at)
    where posts.author_id not in (select group_accounts.account_id from stored.group_accounts where group_accounts.role = 'group')
),

listed as (
    select
        duties.duty,
        duties.done_at,
        duties.removed_count
    from stored.duties
    union all
    select
        swept.duty,
        swept.done_at,
        swept.removed_count
    from swept
    where swept.done_at is not null
)

select
    listed.duty,
    listed.done_at,
    listed.removed_count,
    listed.done_at < moment.now_at - interval 36 hours as is_late
from listed
cross join moment
