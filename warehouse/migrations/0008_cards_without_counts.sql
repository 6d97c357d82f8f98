-- Of a link-only card no counts are kept, but that of replies, without which nobody could say whether it was answered.
delete from stored.observations where post_id in (
    select post_id from stored.posts
    where is_link_only and author_id not in (select account_id from stored.group_accounts where role = 'group')
);
update stored.due set counts_total = replies_count where post_id in (select post_id from stored.posts where is_link_only);
