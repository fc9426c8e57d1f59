WITH due AS MATERIALIZED (
    SELECT id FROM messages
    WHERE state = 'queued' AND channel_id = $3 AND class = $4 AND run_at <= $5
      AND hold_reason IS DISTINCT FROM 'failover'
    ORDER BY run_at, id
    LIMIT $6
    FOR UPDATE SKIP LOCKED
)
UPDATE messages AS m
SET state = 'claimed', hold_reason = NULL, claimed_by = $1, claimed_until = now() + $2 * interval '1 microsecond'
FROM due
WHERE m.id = due.id
RETURNING m.id, m.workspace_id, m.channel_id, m.recipient, m.content, m.contact_id, m.reply_to, m.run_at, m.expires_at, m.tries, m.class, m.terms
