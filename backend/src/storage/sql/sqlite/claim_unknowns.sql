UPDATE messages SET run_at = ?
WHERE id IN (SELECT id FROM messages WHERE state = 'unknown' AND run_at <= ? ORDER BY run_at LIMIT ?)
RETURNING id
