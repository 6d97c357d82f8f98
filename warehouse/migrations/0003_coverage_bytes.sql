-- Jetstream sends everything that happens on the network: what a drain read, and how little of it was kept.
alter table stored.coverage add column bytes_count bigint;  -- null: not counted
alter table stored.coverage add column kept_count bigint;  -- posts that passed the gate; null: not counted
