WITH due AS MATERIALIZED (
    SELECT id FROM alerts
    WHERE delivery IN ('pending', 'sending') AND delivery_run_at <= $3
        AND (claimed_until IS NULL OR claimed_until < now())
    ORDER BY delivery_run_at, id
    LIMIT $4
    FOR UPDATE SKIP LOCKED
)
UPDATE alerts AS a
SET delivery = 'sending', claimed_by = $1, claimed_until = now() + $2 * interval '1 microsecond'
FROM due
WHERE a.id = due.id
RETURNING a.id, a.workspace_id, a.channel_id, a.kind, a.severity, a.detail, a.cure, a.state, a.raised_at, a.cleared_at, a.delivery_tries
