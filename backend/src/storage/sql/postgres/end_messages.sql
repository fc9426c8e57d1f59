-- Rows are found by their ids, not by an index on the state: see begin_attempts.sql.
UPDATE messages AS m
SET state = $4, failure = r.failure, failed_at = CASE WHEN $4 = 'failed' THEN $2 END, updated_at = $2
FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, failure jsonb)
WHERE m.id = r.id AND m.state || '' = 'claimed' AND m.claimed_by = $3
RETURNING m.id
