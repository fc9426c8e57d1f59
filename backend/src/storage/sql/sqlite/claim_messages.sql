UPDATE messages
SET state = 'claimed', hold_reason = NULL, claimed_by = ?,
    claimed_until = CAST(unixepoch('subsec') * 1000000 AS INTEGER) + ?
WHERE id IN (
    SELECT id FROM messages
    WHERE state = 'queued' AND channel_id = ? AND class = ? AND run_at <= ?
      AND hold_reason IS NOT 'failover'
    ORDER BY run_at, id
    LIMIT ?
)
RETURNING id, workspace_id, channel_id, recipient, content, contact_id, reply_to, run_at, expires_at, tries, class, terms
