WITH open AS MATERIALIZED (
    -- An endpoint whose last try failed is asked one thing at a time until something gets through.
    SELECT e.id, iif(e.failing_since IS NULL, ?4, 1) - (
            SELECT count(*) FROM webhook_deliveries AS b
            WHERE b.endpoint_id = e.id AND b.state = 'sending'
                AND b.claimed_until >= CAST(unixepoch('subsec') * 1000000 AS INTEGER)
        ) AS room
    FROM webhook_endpoints AS e
    WHERE e.state = 'active' AND e.deleted_at IS NULL
),
first AS MATERIALIZED (
    SELECT d.id, d.run_at, open.room,
        row_number() OVER (PARTITION BY d.endpoint_id ORDER BY d.run_at, d.id) AS place
    FROM open
    CROSS JOIN webhook_deliveries AS d ON d.id IN (
        SELECT x.id FROM webhook_deliveries AS x
        WHERE x.endpoint_id = open.id AND x.state IN ('pending', 'sending') AND x.run_at <= ?3
            AND (x.claimed_until IS NULL OR x.claimed_until < CAST(unixepoch('subsec') * 1000000 AS INTEGER))
        ORDER BY x.run_at, x.id
        LIMIT ?4
    )
)
UPDATE webhook_deliveries
SET state = 'sending', claimed_by = ?1, claimed_until = CAST(unixepoch('subsec') * 1000000 AS INTEGER) + ?2
WHERE id IN (SELECT id FROM first WHERE place <= room ORDER BY place, run_at, id LIMIT ?5)
RETURNING id, endpoint_id, event_id, tries
