UPDATE messages SET state = 'queued', updated_at = ?
WHERE state = 'claimed' AND claimed_until < CAST(unixepoch('subsec') * 1000000 AS INTEGER)
