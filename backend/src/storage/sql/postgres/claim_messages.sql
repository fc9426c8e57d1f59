WITH due AS MATERIALIZED (
    SELECT m.id
    FROM messages AS m
    JOIN channels AS c ON c.id = m.channel_id AND c.state = 'active' AND c.deleted_at IS NULL
    WHERE m.state = 'queued' AND m.limit_group = $3 AND m.run_at <= $4
    ORDER BY m.run_at, m.id
    LIMIT $5
    FOR UPDATE OF m SKIP LOCKED
)
UPDATE messages AS m
SET state = 'claimed', hold_reason = NULL, claimed_by = $1, claimed_until = now() + $2 * interval '1 microsecond'
FROM due
WHERE m.id = due.id
RETURNING m.id, m.workspace_id, m.channel_id, m.recipient, m.content, m.run_at, m.expires_at, m.tries
