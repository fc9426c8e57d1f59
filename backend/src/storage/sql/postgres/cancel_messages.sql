WITH wanted AS MATERIALIZED (
    SELECT m.id
    FROM messages AS m
    WHERE m.state = 'queued' AND m.workspace_id = $1 AND m.created_at <= $2
      AND m.channel_id IN (SELECT c.id FROM channels AS c WHERE c.workspace_id = $1 AND ($3 IS NULL OR c.id = $3))
      AND ($4 IS NULL OR m.class = $4)
      AND ($5 IS NULL OR m.contact_id IN (SELECT value::uuid FROM jsonb_array_elements_text($5::jsonb)))
      AND ($6 IS NULL OR m.client_reference = $6)
      AND ($7 IS NULL OR m.created_at < $7)
      AND ($8 IS NULL OR m.created_at >= $8)
    LIMIT $9
    FOR UPDATE OF m SKIP LOCKED
)
UPDATE messages AS m
SET state = 'cancelled', hold_reason = NULL, updated_at = $2
FROM wanted
WHERE m.id = wanted.id
RETURNING m.id, m.channel_id
