-- The chart that was called helpers counts requests, by who answered them.
update frozen.quarters set chart = 'answered_by' where chart = 'helpers';
update frozen.summary set chart = 'answered_by' where chart = 'helpers';
