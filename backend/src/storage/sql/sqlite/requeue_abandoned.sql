-- The second look at the state is what lets SQLite use the index of leased messages.
UPDATE messages SET state = 'queued', updated_at = ?
WHERE state = 'claimed' AND state IN ('claimed', 'sending') AND claimed_until < CAST(unixepoch('subsec') * 1000000 AS INTEGER)
