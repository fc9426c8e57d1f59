UPDATE webhook_deliveries AS d
SET state = r.state, tries = r.tries, run_at = r.run_at, last_status = r.last_status, last_error = r.last_error,
    delivered_at = r.delivered_at, claimed_by = NULL, claimed_until = NULL
FROM jsonb_to_recordset($1::jsonb) AS r (
    id uuid, state text, tries integer, run_at timestamptz, last_status integer, last_error text, delivered_at timestamptz
)
WHERE d.id = r.id AND d.state = 'sending' AND d.claimed_by = $2
RETURNING d.id
