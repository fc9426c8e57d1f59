UPDATE alerts
SET delivery = 'sending', claimed_by = ?, claimed_until = CAST(unixepoch('subsec') * 1000000 AS INTEGER) + ?
WHERE id IN (
    SELECT id FROM (
        SELECT id, delivery_run_at, row_number() OVER (PARTITION BY workspace_id ORDER BY delivery_run_at, id) AS place
        FROM alerts
        WHERE delivery IN ('pending', 'sending') AND delivery_run_at <= ?
            AND (claimed_until IS NULL OR claimed_until < CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    )
    WHERE place = 1
    ORDER BY delivery_run_at, id LIMIT ?
)
RETURNING id, workspace_id, channel_id, kind, severity, detail, cure, state, raised_at, cleared_at, delivery_tries
