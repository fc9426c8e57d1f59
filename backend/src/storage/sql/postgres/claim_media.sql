WITH due AS MATERIALIZED (
    SELECT id FROM media
    WHERE state = 'pending' AND run_at <= $3 AND (claimed_until IS NULL OR claimed_until < now())
    ORDER BY run_at, id
    LIMIT $4
    FOR UPDATE SKIP LOCKED
)
UPDATE media AS m
SET claimed_by = $1, claimed_until = now() + $2 * interval '1 microsecond'
FROM due
WHERE m.id = due.id
RETURNING m.id, m.workspace_id, m.channel_id, m.message_id, m.kind, m.source, m.tries, m.created_at
