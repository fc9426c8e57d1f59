UPDATE journal
SET state = 'claimed', claimed_by = ?, claimed_until = CAST(unixepoch('subsec') * 1000000 AS INTEGER) + ?
WHERE id IN (SELECT id FROM journal WHERE state = 'pending' AND run_at <= ? ORDER BY run_at, id LIMIT ?)
RETURNING id, provider, channels, url, body, received_at, tries, applied_at, origin
