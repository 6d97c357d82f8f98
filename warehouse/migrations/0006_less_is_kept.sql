-- Of a link-only card the verdict stays, not what it was made of; neither of what was taken down. Retention does the rest, nightly.
update stored.verdicts set rule_ids = []::varchar[], language = null
where post_id in (select post_id from stored.posts where is_link_only or deleted_at is not null);
update stored.verdicts set support_asked = null, support_given = null
where post_id in (select post_id from stored.posts where is_link_only);
update stored.posts set language = null, quoted_id = null where is_link_only or deleted_at is not null;
update stored.posts set has_content_warning = false, has_poll = false, media_count = 0, alt_text_count = 0 where is_link_only;
-- When a daily or weekly duty was last done, and how it ended: shown on a page, so that one that stopped is seen.
-- Grain: duty.
create table stored.duties (
    duty varchar not null,
    done_at timestamp not null,
    removed_count bigint                          -- how many it removed, or checked; null: it does not count
);
