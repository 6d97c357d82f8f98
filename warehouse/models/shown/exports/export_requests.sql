-- title: Export: requests
-- definition: Every request and every post that might be one, as the export writes it down: when it was asked and how it stands. No words, no
--   names, nothing that says which requests one person wrote.
-- grain: one row per group and request or candidate
-- measure group_id: the group, as in mutuals.toml.
-- measure request_id: a keyed hash of the post. The same in every file and every export of this installation, and meaningless anywhere else.
-- measure conversation_id: a keyed hash of the post that the conversation began with.
-- measure network: where it was written.
-- measure asked_at: when it was written, in UTC.
-- measure local_date: the day it was written, in the group's time zone.
-- measure local_hour: the hour it was written, 0 to 23, in the group's time zone.
-- measure local_weekday: 1 Monday to 7 Sunday, in the group's time zone.
-- measure language: as a two-letter code. Empty: not known.
-- measure why: why it counts as written to the group: reply, mention, quote, hashtag or thread.
-- measure support_asked: emotional, informational, practical or unsure. Empty: none was read in it.
-- measure is_counted: it is a request, and stands in the figures.
-- measure is_candidate: it might be a request: in the queue, in no figure, until somebody says so.
-- measure is_first_contact: the first post by somebody new.
-- measure is_link_only: by somebody who prefers not to be copied. Their words were never kept.
-- measure is_imported: brought over from another service, so its time may be wrong. It stands in no time figure.
-- measure state: unanswered, waiting again, unknown, answered, closed or left out.
-- measure first_answer_at: when somebody first answered, in UTC. Empty: nobody, as far as we know.
-- measure first_answer_by: group (its own account or its team) or peer. Empty: nobody, as far as we know.
-- measure first_answer_hours: hours from the request to the first answer. Empty: none, or the times cannot be trusted.
-- measure answers_count: replies that count as answers.
-- measure answerers_count: different people who answered.
-- measure is_answered_by_group: the group or its team answered, or somebody noted an answer given elsewhere.
-- measure is_answered_by_peer: somebody answered who is not on the team.
-- measure is_checked_back: 1 to 7 days after the first answer somebody who had answered, or the team, wrote again.
-- measure is_asker_back: whoever asked wrote again after the first answer.
-- measure due_at: when the group's promise ran out, or will, in UTC.
-- measure is_due: the promise has run out, and we know whether it was kept.
-- measure is_due_unknown: the promise has run out, and the whole thread could not be read. In neither figure.
-- measure is_answered_in_promise: due, and the first answer came before the promise ran out.
-- measure outcome: how somebody said that it ended. Empty: nobody said.
-- measure is_deleted: its writer took it down.
-- cannot show: people who only read; answers by phone, at meetings or in private that nobody noted.
select
    group_id,
    post_id as request_id,
    root_id as conversation_id,
    network,
    asked_at,
    local_date,
    local_hour,
    local_weekday,
    language,
    why,
    support_asked,
    is_counted,
    is_candidate,
    is_first_contact,
    is_link_only,
    is_imported,
    state,
    first_answer_at,
    first_answer_by,
    first_answer_hours,
    answers_count,
    answerers_count,
    answered_by_group as is_answered_by_group,
    answered_by_peer as is_answered_by_peer,
    is_checked_back,
    asker_came_back as is_asker_back,
    due_at,
    is_due,
    is_due_unknown,
    is_answered_in_promise,
    outcome,
    deleted_at is not null as is_deleted
from shown.request_states
