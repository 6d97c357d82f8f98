-- title: Answers to requests
-- definition: A reply below a request in the thread, by somebody other than the asker. It must still stand, and not be by a bot, nor called
--   misleading or hostile, nor be a request itself. It counts once, on the day it was written, however many requests stand above it.
-- grain: one row per group and answering reply
-- measure who: the group (its account or its team), or a peer.
-- cannot show: answers by phone, at meetings or in private.
select
    answers.group_id,
    answers.post_id,
    answers.author_id,
    answers.who,
    answers.local_date,
    answers.local_weekday,
    answers.local_hour,
    answers.is_imported,
    answers.is_writer_known,
    answers.support_given
from prepared.answers
left join shown.judgements as asked
    on answers.group_id = asked.group_id
    and answers.request_id = asked.post_id
left join shown.judgements as replied
    on answers.group_id = replied.group_id
    and answers.post_id = replied.post_id
where
    coalesce(asked.is_request, answers.is_request_rule_counted)
    and coalesce(asked.outcome, '') <> 'no reply needed'
    and not coalesce(answers.who = 'peer' and replied.is_request, answers.is_rule_counted)
    and coalesce(replied.flag, '') not in ('misleading', 'hostile')
group by all
