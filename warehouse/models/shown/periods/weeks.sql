-- title: This week
-- definition: How many requests there were, how many were answered within the promise, and what the group's posts gained. A week begins on Monday in
--   the group's own time zone. Requests belong to the week in which they were written.
-- grain: one row per group and week
-- measure asks_count: requests written in this week. Those taken down since are among them.
-- measure due_count: requests of this week whose promise has run out and of which we know whether it was kept.
-- measure answered_in_promise_count: of those due, how many were answered before the promise ran out.
-- measure answered_in_promise_share: answered within the promise, of 100 due. Empty when none is due.
-- measure unknown_count: requests whose promise ran out while we could not read the whole thread. They are in neither figure.
-- measure waiting_count: requests of this week that wait now: unanswered, waiting again or unknown.
-- measure by_group_count: requests of this week answered by the group or its team. Some are answered by peers as well.
-- measure by_peer_count: requests of this week answered by somebody who is not on the team.
-- measure median_hours: half of the requests had their first reply within this many hours. Empty: not reached, or nobody asked.
-- measure is_so_far: the promise of the week's last requests has not run out yet, so its figures may still change.
-- measure has_gap: on at least one day of the week an account of the group was not read.
-- measure is_comparable: a complete week since we began to collect, with readings on at least six of its seven days.
-- measure engagement_gained: likes, boosts, quotes and replies by others that the group's posts gained. It can be negative.
-- measure followers_start: followers on the last day before the week. Empty: not read, or hidden.
-- measure followers_end: followers on the week's last day that was read. Empty: not read, or hidden.
-- measure followers_gained: followers at the end less followers at the start. Empty in the week in which an account was added.
-- cannot show: people who only read; answers by phone, at meetings or in private that nobody noted.
select
    from_date as week_start_date,
    * exclude (span, from_date, to_date)
from shown.spans
where span = 'week'
