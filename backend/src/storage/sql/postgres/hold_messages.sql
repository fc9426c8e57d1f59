-- Rows are found by their ids, not by an index on the state: see begin_attempts.sql.
UPDATE messages AS m
SET state = 'queued', run_at = back.run_at, hold_reason = back.hold_reason, updated_at = $2
FROM jsonb_to_recordset($1::jsonb) AS back (id uuid, run_at timestamptz, hold_reason text)
WHERE m.id = back.id AND m.state || '' = 'claimed' AND m.claimed_by = $3
RETURNING m.id
