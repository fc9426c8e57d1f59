-- The second look at the state is what lets SQLite use the index of leased messages.
SELECT attempt_id FROM messages
WHERE state = 'sending' AND state IN ('claimed', 'sending') AND claimed_until < CAST(unixepoch('subsec') * 1000000 AS INTEGER) AND attempt_id IS NOT NULL
LIMIT ?
