-- What trustees read: whole closed quarters, written once and never again.
-- Grain: group × quarter × chart × part × kind. Exact numbers: read only to make frozen.summary of them.
create table frozen.quarters (
    group_id varchar not null,
    quarter varchar not null,                     -- 2026-Q3
    quarter_start_date date not null,
    promise_hours integer not null,
    from_date date not null,                      -- what is counted begins here
    is_partial boolean not null,                  -- collecting began after the quarter did
    chart varchar not null,                       -- asked, speed, helpers, community
    part varchar not null,
    part_order integer not null,
    kind varchar not null,                        -- asked: in_time, late, unknown; community: followers, engagement
    value bigint,                                 -- null: not known
    frozen_at timestamp not null
);

-- Grain: group × quarter × chart × part. Small numbers are already hidden: all that a trustee's reader gets.
create table frozen.summary (
    group_id varchar not null,
    quarter varchar not null,
    quarter_start_date date not null,
    from_date date not null,
    is_partial boolean not null,
    promise_hours integer not null,
    chart varchar not null,
    part varchar not null,
    part_order integer not null,
    label varchar not null,
    value bigint,
    value_text varchar not null,
    n bigint,
    n_text varchar not null,
    percent bigint,
    is_hidden boolean not null
);
