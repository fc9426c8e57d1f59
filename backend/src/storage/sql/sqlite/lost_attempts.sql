SELECT attempt_id FROM messages
WHERE state = 'sending' AND claimed_until < CAST(unixepoch('subsec') * 1000000 AS INTEGER) AND attempt_id IS NOT NULL
LIMIT ?
