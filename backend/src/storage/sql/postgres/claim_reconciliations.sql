WITH due AS MATERIALIZED (
    SELECT channel_id FROM reconciliations
    WHERE run_at <= $3 AND (claimed_until IS NULL OR claimed_until < now())
    ORDER BY run_at
    LIMIT $4
    FOR UPDATE SKIP LOCKED
)
UPDATE reconciliations AS r
SET claimed_by = $1, claimed_until = now() + $2 * interval '1 microsecond'
FROM due
WHERE r.channel_id = due.channel_id
RETURNING r.channel_id, r.workspace_id, r.receipts_until, r.messages_until
