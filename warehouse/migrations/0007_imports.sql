-- What a group brings from places that have no API: a meeting's tally, a Facebook group's export. Numbers only, never words.
-- Grain: import. A file that was brought; taken back, its rows go with it.
create table stored.imports (
    import_id varchar not null,
    group_id varchar not null,
    file_key uuid not null,                       -- a keyed hash of the file: the same file twice changes nothing
    imported_at timestamp not null,
    lines_count integer not null
);

-- Grain: import × place × what × item (a post, or a day). The newest import of an item counts.
create table stored.imported_counts (
    import_id varchar not null,
    group_id varchar not null,
    place varchar not null,
    what varchar not null,                        -- post: one of the group's own; tally: of a day
    local_date date not null,
    item_key uuid not null,
    likes_count bigint,
    boosts_count bigint,                          -- shares
    replies_count bigint,                         -- comments
    followers_count bigint,                       -- members
    asks_count bigint,
    answered_count bigint
);
