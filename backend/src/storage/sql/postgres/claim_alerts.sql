WITH first AS MATERIALIZED (
    SELECT DISTINCT ON (workspace_id) id
    FROM alerts
    WHERE delivery IN ('pending', 'sending') AND delivery_run_at <= $3
        AND (claimed_until IS NULL OR claimed_until < now())
    ORDER BY workspace_id, delivery_run_at, id
),
due AS MATERIALIZED (
    SELECT a.id FROM alerts AS a JOIN first ON first.id = a.id
    -- Asked again, because another node may have taken it since.
    WHERE a.delivery IN ('pending', 'sending') AND a.delivery_run_at <= $3
        AND (a.claimed_until IS NULL OR a.claimed_until < now())
    ORDER BY a.delivery_run_at, a.id
    LIMIT $4
    FOR UPDATE OF a SKIP LOCKED
)
UPDATE alerts AS a
SET delivery = 'sending', claimed_by = $1, claimed_until = now() + $2 * interval '1 microsecond'
FROM due
WHERE a.id = due.id
RETURNING a.id, a.workspace_id, a.channel_id, a.kind, a.severity, a.detail, a.cure, a.state, a.raised_at, a.cleared_at, a.delivery_tries
