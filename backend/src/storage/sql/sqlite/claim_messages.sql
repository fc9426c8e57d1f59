UPDATE messages
SET state = 'claimed', hold_reason = NULL, claimed_by = ?,
    claimed_until = CAST(unixepoch('subsec') * 1000000 AS INTEGER) + ?
WHERE id IN (
    SELECT m.id
    FROM messages AS m
    JOIN channels AS c ON c.id = m.channel_id AND c.state = 'active' AND c.deleted_at IS NULL
    WHERE m.state = 'queued' AND m.limit_group = ? AND m.run_at <= ?
    ORDER BY m.run_at, m.id
    LIMIT ?
)
RETURNING id, workspace_id, channel_id, recipient, content, run_at, expires_at, tries
