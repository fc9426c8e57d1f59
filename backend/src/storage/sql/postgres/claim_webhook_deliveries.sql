WITH open AS MATERIALIZED (
    -- An endpoint whose last try failed is asked one thing at a time until something gets through.
    SELECT e.id, CASE WHEN e.failing_since IS NULL THEN $4 ELSE 1 END - (
            SELECT count(*) FROM webhook_deliveries AS b
            WHERE b.endpoint_id = e.id AND b.state = 'sending' AND b.claimed_until >= now()
        ) AS room
    FROM webhook_endpoints AS e
    WHERE e.state = 'active' AND e.deleted_at IS NULL
),
first AS MATERIALIZED (
    SELECT d.id, d.place
    FROM open
    CROSS JOIN LATERAL (
        SELECT x.id, row_number() OVER (ORDER BY x.run_at, x.id) AS place
        FROM webhook_deliveries AS x
        WHERE x.endpoint_id = open.id AND x.state IN ('pending', 'sending') AND x.run_at <= $3
            AND (x.claimed_until IS NULL OR x.claimed_until < now())
        ORDER BY x.run_at, x.id
        LIMIT greatest(open.room, 0)
    ) AS d
),
due AS MATERIALIZED (
    SELECT d.id FROM webhook_deliveries AS d JOIN first ON first.id = d.id
    -- Asked again, because another node may have taken it since.
    WHERE d.state IN ('pending', 'sending') AND d.run_at <= $3
        AND (d.claimed_until IS NULL OR d.claimed_until < now())
    ORDER BY first.place, d.run_at, d.id
    LIMIT $5
    FOR UPDATE OF d SKIP LOCKED
)
UPDATE webhook_deliveries AS d
SET state = 'sending', claimed_by = $1, claimed_until = now() + $2 * interval '1 microsecond'
FROM due
WHERE d.id = due.id
RETURNING d.id, d.endpoint_id, d.event_id, d.tries
