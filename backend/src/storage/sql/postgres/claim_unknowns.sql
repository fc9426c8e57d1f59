WITH due AS MATERIALIZED (
    SELECT id FROM messages
    WHERE state = 'unknown' AND run_at <= $2
    ORDER BY run_at
    LIMIT $3
    FOR UPDATE SKIP LOCKED
)
UPDATE messages AS m SET run_at = $1
FROM due
WHERE m.id = due.id
RETURNING m.id
