UPDATE webhook_deliveries
SET state = r.state, tries = r.tries, run_at = r.run_at, last_status = r.last_status, last_error = r.last_error,
    delivered_at = r.delivered_at, claimed_by = NULL, claimed_until = NULL
FROM (
    SELECT unhex(value ->> 'id') AS id, value ->> 'state' AS state, value ->> 'tries' AS tries,
        value ->> 'run_at' AS run_at, value ->> 'last_status' AS last_status, value ->> 'last_error' AS last_error,
        value ->> 'delivered_at' AS delivered_at
    FROM jsonb_each(?)
) AS r
WHERE webhook_deliveries.id = r.id AND webhook_deliveries.state = 'sending' AND webhook_deliveries.claimed_by = ?
RETURNING webhook_deliveries.id
