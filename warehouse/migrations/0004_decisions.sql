-- What people decide: claims that lapse, since when something is put off, who was asked how they are, and what is wrong with an answer.
alter table stored.decisions add column claimed_until_at timestamp;
alter table stored.decisions add column snoozed_at timestamp;
alter table stored.decisions add column looked_after_at timestamp;
alter table stored.decisions add column flag varchar;  -- of an answer: 'misleading', 'hostile', 'needs a signpost'
